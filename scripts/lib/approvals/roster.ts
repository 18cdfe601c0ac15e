// Who can sign: the people of decision.md with their keys of allowed_signers, both as they are on the
// remote's main, so that changing them passes through a review.

import {parse} from '../documents/parse.ts'
import {cellText, columnOf, tables} from '../documents/table.ts'
import type {Text} from '../domain/text.ts'
import {committedPolicy} from '../policy/authorities.ts'
import type {Policy} from '../policy/policy.ts'
import type {World} from '../store/world.ts'
import {brokenRevocations, parseSigners, type SignerLine} from './signers.ts'
import {moment, namespace} from './ssh.ts'

export interface RosterPerson {
  readonly name: string
  readonly address: string
  readonly role: string
  /** The name on the forge, from a column `Compte`; empty where it has none. */
  readonly account: string
}

export interface Roster {
  readonly people: readonly RosterPerson[]
  readonly signers: readonly SignerLine[]
  /** Lines of allowed_signers that are no key. */
  readonly broken: readonly number[]
  /** Revoked keys as committed (`revoked_signers` beside the allowed ones), or null. */
  readonly revoked: Uint8Array | null
  /** A line that stands for more than one address: then nothing proves who signed. */
  readonly wildcard: SignerLine | null
  readonly decision: {readonly path: string; readonly source: string}
  readonly allowed: {readonly path: string; readonly source: string}
}

export type RosterSource = {readonly world: World; readonly policy: Policy}

/** Reads the roster. Throws `RemoteAway` (3) where the remote's main cannot be asked. */
export async function readRoster(place: RosterSource): Promise<Roster> {
  const decision = await committedPolicy(place, 'runbooks/decision.md')
  const folder = decision.path.includes('/') ? decision.path.replace(/\/[^/]*$/, '') : '.'
  const main = await mainCommit(place.world)
  const committed = async (name: string) =>
    main === null ? null : place.world.repository.showBytes(main, `${folder}/${name}`)
  const source = (await committed('allowed_signers'))?.toString('utf8') ?? ''
  const {signers, broken} = parseSigners(source)
  return {
    people: await peopleOf(decision),
    signers,
    broken,
    revoked: await committed('revoked_signers'),
    wildcard: signers.find(({principals}) => principals.some((name) => /[*?!]/.test(name))) ?? null,
    decision,
    allowed: {path: `${folder}/allowed_signers`, source},
  }
}

async function mainCommit({repository}: World): Promise<string | null> {
  const main = await repository.remoteMain()
  return main === null ? null : repository.fetchCommit(main.sha)
}

/** The rows of the table `Personne | Adresse | Rôle`; none where there is no such table. */
export async function peopleOf({
  source,
  path,
}: {
  readonly source: string
  readonly path: string
}): Promise<RosterPerson[]> {
  const document = await parse(source, path)
  const table = tables(document).find(
    (each) =>
      columnOf(each, 'Personne', 'Person') >= 0 && columnOf(each, 'Adresse', 'Address') >= 0,
  )
  if (table === undefined) return []
  return table.rows
    .map((row) => ({
      name: withoutRemark(cellText(table, row, 'Personne', 'Person').trim()),
      address: cellText(table, row, 'Adresse', 'Address').trim(),
      role: cellText(table, row, 'Rôle', 'Role').trim(),
      account: cellText(table, row, 'Compte', 'Account').trim().replace(/^@/, ''),
    }))
    .filter(({name, address, role}) => name !== '' && address !== '' && role !== '')
}

/** Roles and names, as people write them: case and accents aside. Addresses are never compared so. */
export const sameWord = (a: string, b: string): boolean =>
  a.trim().localeCompare(b.trim(), 'fr', {sensitivity: 'base'}) === 0

/** A name without what stands in parentheses behind it: a remark, such as "(intérim)", and no part of it. */
export const withoutRemark = (name: string): string => name.replace(/\s*\([^()]*\)\s*$/, '')

/** The keys that stand for this address alone, in this namespace, at this time. */
export function keysOf(roster: Roster, address: string, at: Date): SignerLine[] {
  return roster.signers.filter(
    (line) => line.principals.includes(address) && keyRefusal(line.options, at) === null,
  )
}

/** Why a line of allowed_signers does not count now, or null. */
export function keyRefusal(options: string, at: Date): Text | null {
  if (/(^|,)cert-authority(,|$)/i.test(options)) {
    return {fr: 'c’est une autorité de certificats', en: 'it is a certificate authority'}
  }
  const spaces = /namespaces="([^"]*)"/i.exec(options)?.[1]
  if (spaces !== undefined && !allows(spaces.split(','), namespace)) {
    return {
      fr: `la clé vaut pour l’espace « ${spaces} », pas pour « ${namespace} »`,
      en: `the key is for the namespace “${spaces}”, not for “${namespace}”`,
    }
  }
  const now = moment(at)
  const bound = (name: string) =>
    new RegExp(`${name}="(\\d{8,14})Z?"`, 'i').exec(options)?.[1]?.padEnd(14, '0')
  const after = bound('valid-after')
  const before = bound('valid-before')
  if (after !== undefined && now < after)
    return {fr: 'la clé n’est pas encore valable', en: 'the key is not valid yet'}
  if (before !== undefined && now >= before)
    return {fr: 'la clé n’est plus valable', en: 'the key is no longer valid'}
  return null
}

/** Lines of allowed_signers and revoked_signers that are no key, as `path:line`. */
export const brokenLines = ({allowed, broken, revoked}: Roster): readonly string[] => [
  ...broken.map((line) => `${allowed.path}:${line}`),
  ...brokenRevocations(revoked).map((line) => `${revocationsOf(allowed.path)}:${line}`),
]

/** The list of revoked keys lies beside the allowed ones. */
export const revocationsOf = (allowed: string): string =>
  allowed.replace(/allowed_signers$/, 'revoked_signers')

/** OpenSSH's pattern list: `*` and `?`, and `!` for what is left out. */
function allows(patterns: readonly string[], word: string): boolean {
  const matches = (pattern: string) =>
    new RegExp(
      `^${pattern
        .replace(/[.+^${}()|[\]\\]/g, '\\$&')
        .replaceAll('*', '.*')
        .replaceAll('?', '.')}$`,
    ).test(word)
  const left = patterns.filter((each) => each.startsWith('!')).map((each) => each.slice(1))
  return !left.some(matches) && patterns.some((each) => !each.startsWith('!') && matches(each))
}

/** Everybody and every role that one key can speak for: more than one, and it proves nothing. */
export function rolesOfKey(
  roster: Roster,
  key: string,
): {addresses: string[]; roles: string[]; names: string[]} {
  const lines = roster.signers.filter((line) => line.key === key)
  const addresses = [...new Set(lines.flatMap(({principals}) => principals))]
  const people = roster.people.filter(({address}) => addresses.includes(address))
  return {
    addresses,
    roles: distinct(people.map(({role}) => role)),
    names: distinct(people.map(({name}) => name)),
  }
}

function distinct(words: readonly string[]): string[] {
  return words.filter((word, index) => words.findIndex((each) => sameWord(each, word)) === index)
}
