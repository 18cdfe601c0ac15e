// Who can sign: the people of decision.md with their keys of allowed_signers, both as they are on the
// remote's main, so that changing them passes through a review.

import {parse} from '../documents/parse.ts'
import {cellText, columnOf, tables} from '../documents/table.ts'
import type {Text} from '../domain/text.ts'
import {committedPolicy} from '../policy/authorities.ts'
import type {Policy} from '../policy/policy.ts'
import type {World} from '../store/world.ts'
import {fingerprint, moment} from './ssh.ts'

export interface SignerLine {
  readonly principals: readonly string[]
  readonly options: string
  readonly type: string
  /** The public key, base64. */
  readonly key: string
  readonly fingerprint: string
  readonly line: number
}

export interface RosterPerson {
  readonly name: string
  readonly address: string
  readonly role: string
}

export interface Roster {
  readonly people: readonly RosterPerson[]
  readonly signers: readonly SignerLine[]
  /** Revoked keys as committed (`revoked_signers` beside the allowed ones), or null. */
  readonly revoked: Uint8Array | null
  /** A line that stands for more than one address: then nothing proves who signed. */
  readonly wildcard: SignerLine | null
  readonly decision: {readonly path: string; readonly source: string}
  readonly allowed: {readonly path: string; readonly source: string}
}

export type Place = {readonly world: World; readonly policy: Policy}

/** Reads the roster. Throws `RemoteAway` (3) where the remote's main cannot be asked. */
export async function readRoster(place: Place): Promise<Roster> {
  const decision = await committedPolicy(place, 'runbooks/decision.md')
  const folder = decision.path.includes('/') ? decision.path.replace(/\/[^/]*$/, '') : '.'
  const main = await mainCommit(place.world)
  const committed = async (name: string) =>
    main === null ? null : place.world.repository.showBytes(main, `${folder}/${name}`)
  const source = (await committed('allowed_signers'))?.toString('utf8') ?? ''
  const signers = parseSigners(source)
  return {
    people: await peopleOf(decision),
    signers,
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

/** Lines of OpenSSH's allowed_signers; comments and lines that are none are left out. */
export function parseSigners(source: string): SignerLine[] {
  const found: SignerLine[] = []
  for (const [index, raw] of source.split(/\r?\n/).entries()) {
    const match =
      /^(?<principals>"[^"]+"|[^\s#"]\S*)\s+(?:(?<options>(?:[\w-]+(?:="[^"]*")?,?)+)\s+)?(?<type>(?:sk-)?(?:ssh|ecdsa)-[\w@.-]+)\s+(?<key>[A-Za-z0-9+/]+=*)/.exec(
        raw.trim(),
      )
    const {principals = '', options = '', type, key} = match?.groups ?? {}
    if (type === undefined || key === undefined) continue
    found.push({
      principals: principals.replaceAll('"', '').split(','),
      options,
      type,
      key,
      fingerprint: fingerprint(key),
      line: index + 1,
    })
  }
  return found
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
      name: cellText(table, row, 'Personne', 'Person').trim(),
      address: cellText(table, row, 'Adresse', 'Address').trim(),
      role: cellText(table, row, 'Rôle', 'Role').trim(),
    }))
    .filter(({name, address, role}) => name !== '' && address !== '' && role !== '')
}

export const same = (a: string, b: string): boolean =>
  a.trim().localeCompare(b.trim(), 'fr', {sensitivity: 'base'}) === 0

/** A person's name without the mark of the sandbox. */
export const bare = (name: string): string => name.replace(/\s*\(SANDBOX\)\s*$/, '')

/** The keys that stand for this address alone, in this namespace, at this time. */
export function keysOf(roster: Roster, address: string, at: Date): SignerLine[] {
  return roster.signers.filter(
    (line) =>
      line.principals.some((name) => same(name, address)) && usable(line.options, at) === null,
  )
}

/** Why a line of allowed_signers does not count now, or null. */
export function usable(options: string, at: Date): Text | null {
  if (/(^|,)cert-authority(,|$)/i.test(options)) {
    return {fr: 'c’est une autorité de certificats', en: 'it is a certificate authority'}
  }
  const spaces = /namespaces="([^"]*)"/i.exec(options)?.[1]
  if (spaces !== undefined && !spaces.split(',').includes('postgate')) {
    return {fr: 'la clé n’est pas pour « postgate »', en: 'the key is not for “postgate”'}
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

/** Everybody and every role that one key can speak for: more than one, and it proves nothing. */
export function rolesOfKey(roster: Roster, key: string): {addresses: string[]; roles: string[]} {
  const addresses = distinct(
    roster.signers.filter((line) => line.key === key).flatMap(({principals}) => principals),
  )
  const roles = distinct(
    roster.people
      .filter(({address}) => addresses.some((each) => same(each, address)))
      .map(({role}) => role),
  )
  return {addresses, roles}
}

function distinct(words: readonly string[]): string[] {
  return words.filter((word, index) => words.findIndex((each) => same(each, word)) === index)
}
