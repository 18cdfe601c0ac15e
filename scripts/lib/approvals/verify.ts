// Judges one approval against this release, the roster on the remote's main and the run's own clock.
// Each refusal has its own reason, so that the approver knows what to do again.

import type {Scenario} from '../domain/event.ts'
import type {Text} from '../domain/text.ts'
import {utcMinute} from '../domain/times.ts'
import {
  keyRefusal,
  type Roster,
  type RosterPerson,
  revocationsOf,
  rolesOfKey,
  sameWord,
  withoutRemark,
} from './roster.ts'
import {brokenRevocations, type SignerLine} from './signers.ts'
import {namespace, signatureParts, verify} from './ssh.ts'
import type {ApprovalStatement, Subject} from './statement.ts'
import type {SignedApproval} from './store.ts'

export type RefusalCode =
  | 'unreadable'
  | 'other-scenario'
  | 'wrong-commit'
  | 'gate-changed'
  | 'runbook-changed'
  | 'other-target'
  | 'not-yet-valid'
  | 'expired'
  | 'too-long'
  | 'before-staging'
  | 'reused-nonce'
  | 'wrong-role'
  | 'wildcard'
  | 'unknown-key'
  | 'two-roles'
  | 'edited'
  | 'other-namespace'
  | 'revoked-key'
  | 'revocations-unreadable'
  | 'operator'
  | 'key-here'

export interface Accepted {
  readonly type: 'accepted'
  readonly statement: ApprovalStatement
  readonly person: RosterPerson
  readonly fingerprint: string
}

export interface Refused {
  readonly type: 'refused'
  readonly code: RefusalCode
  readonly reason: Text
}

export type ApprovalVerdict = Accepted | Refused

export interface Expectation {
  readonly subject: Subject
  readonly roles: readonly string[]
  readonly roster: Roster
  readonly now: Date
  /** Nonces that earlier runs have used up. */
  readonly usedNonces: readonly string[]
  /** B: when STAGING's validation of this checkpoint ended; null where it never did. Other scenarios: undefined. */
  readonly stagingValidatedAt?: string | null
  /** B: names and addresses of who operates the run; empty where that does not matter. */
  readonly operators: readonly string[]
  /** Milliseconds that an approval may hold, from the runbook. */
  readonly holdsMostMs: number
  /** B: where this machine holds the private half of a key; null where it does not, or that does not matter. */
  readonly privateKeyHere: (key: string) => Promise<string | null>
  readonly environment: Readonly<Record<string, string | undefined>>
}

const refused = (code: RefusalCode, fr: string, en: string): Refused => ({
  type: 'refused',
  code,
  reason: {fr, en},
})

/** Verifies one approval, offline but for what was read before. */
export async function verifyApproval(
  approval: SignedApproval,
  expected: Expectation,
): Promise<ApprovalVerdict> {
  const {statement} = approval
  if (statement === null) {
    return refused('unreadable', 'la déclaration est illisible', 'the statement is unreadable')
  }
  const early =
    aboutThis(statement, expected.subject) ??
    inTime(statement, expected) ??
    fresh(approval, statement, expected)
  if (early !== null) return early
  const person = personOf(statement, expected)
  if ('code' in person) return person
  const key = keyOf(approval, person, expected)
  if ('code' in key) return key
  const here = await expected.privateKeyHere(key.key)
  if (here !== null) {
    return refused(
      'key-here',
      `la clé privée de ${person.address} est sur ce poste (${here}) : la signature ne prouve pas une autre personne`,
      `the private key of ${person.address} is on this machine (${here}): the signature shows no other person`,
    )
  }
  return signedBy(approval, {statement, person, key}, expected)
}

function aboutThis(statement: ApprovalStatement, subject: Subject): Refused | null {
  const {checkpoint} = subject
  if (statement.scenario !== subject.scenario) {
    return refused(
      'other-scenario',
      `donnée pour le scénario ${letter(statement.scenario)}, pas ${letter(subject.scenario)}`,
      `given for scenario ${letter(statement.scenario)}, not ${letter(subject.scenario)}`,
    )
  }
  if (
    statement.project !== subject.project ||
    statement.tag !== checkpoint.tag ||
    statement.commit !== checkpoint.commit ||
    statement.tagObject !== checkpoint.tagObject
  ) {
    const named = `${statement.tag} (${statement.commit.slice(0, 9)})`
    return refused(
      'wrong-commit',
      `donnée pour ${named}, pas ${checkpoint.tag} (${checkpoint.commit.slice(0, 9)})`,
      `given for ${named}, not ${checkpoint.tag} (${checkpoint.commit.slice(0, 9)})`,
    )
  }
  for (const [what, signed, here] of [
    ['Release Gate', statement.gate.path, subject.gate.path],
    ['runbook', statement.runbook.path, subject.runbook.path],
  ] as const) {
    if (signed === here) continue
    return refused(
      what === 'runbook' ? 'runbook-changed' : 'gate-changed',
      `donnée pour le ${what} ${signed}, pas ${here}`,
      `given for the ${what} ${signed}, not ${here}`,
    )
  }
  if (statement.gate.sha256 !== subject.gate.sha256) {
    return refused(
      'gate-changed',
      'le Release Gate a changé depuis la signature',
      'the Release Gate has changed since it was signed',
    )
  }
  if (statement.runbook.sha256 !== subject.runbook.sha256) {
    return refused(
      'runbook-changed',
      'le runbook a changé depuis la signature',
      'the runbook has changed since it was signed',
    )
  }
  const [signed, here] = [statement.target, subject.target]
  if (signed?.url !== here?.url || signed?.ref !== here?.ref || signed?.key !== here?.key) {
    return refused(
      'other-target',
      'l’adresse, la référence du projet ou la clé publique n’est pas celle qui a été relue et signée',
      'address, project ref or public key is not the one that was read and signed',
    )
  }
  return null
}

const letter = (scenario: Scenario) => ({staging: 'A', production: 'B', freeze: 'C'})[scenario]

function inTime(
  {issuedAt, expiresAt}: ApprovalStatement,
  {now, stagingValidatedAt, holdsMostMs}: Expectation,
): Refused | null {
  if (Date.parse(issuedAt) > now.getTime()) {
    return refused(
      'not-yet-valid',
      `datée du ${utcMinute(issuedAt)}, après maintenant`,
      `dated ${utcMinute(issuedAt)}, which is still to come`,
    )
  }
  if (Date.parse(expiresAt) <= now.getTime()) {
    return refused(
      'expired',
      `expirée le ${utcMinute(expiresAt)}`,
      `expired on ${utcMinute(expiresAt)}`,
    )
  }
  if (Date.parse(expiresAt) - Date.parse(issuedAt) > holdsMostMs) {
    const hours = Math.round(holdsMostMs / 3_600_000)
    return refused(
      'too-long',
      `valable jusqu’au ${utcMinute(expiresAt)} : le runbook limite une approbation à ${hours} h`,
      `valid until ${utcMinute(expiresAt)}: the runbook limits an approval to ${hours} h`,
    )
  }
  if (stagingValidatedAt === undefined) return null
  if (stagingValidatedAt === null || Date.parse(issuedAt) < Date.parse(stagingValidatedAt)) {
    return refused(
      'before-staging',
      `signée le ${utcMinute(issuedAt)}, avant la fin de la validation de STAGING`,
      `signed on ${utcMinute(issuedAt)}, before STAGING’s validation ended`,
    )
  }
  return null
}

function fresh(
  approval: SignedApproval,
  {nonce}: ApprovalStatement,
  {usedNonces}: Expectation,
): Refused | null {
  if (approval.nonce === nonce && !usedNonces.includes(nonce)) return null
  return refused(
    'reused-nonce',
    'déjà utilisée : une approbation vaut pour une exécution',
    'already used: an approval is good for one run',
  )
}

function personOf(
  statement: ApprovalStatement,
  {roles, roster, operators}: Expectation,
): RosterPerson | Refused {
  if (!roles.some((role) => sameWord(role, statement.role))) {
    return refused(
      'wrong-role',
      `« ${statement.role} » ne décide pas de ce scénario ; il faut : ${roles.join(', ')}`,
      `“${statement.role}” does not decide this scenario; wanted: ${roles.join(', ')}`,
    )
  }
  const person = roster.people.find(
    ({address, role}) => address === statement.principal && sameWord(role, statement.role),
  )
  if (person === undefined) {
    return refused(
      'wrong-role',
      `${statement.principal} n’est pas ${statement.role} dans ${roster.decision.path}`,
      `${statement.principal} is not ${statement.role} in ${roster.decision.path}`,
    )
  }
  if (person.name !== withoutRemark(statement.name)) {
    return refused(
      'wrong-role',
      `signée au nom de ${statement.name} ; ${statement.principal} est ${person.name} dans ${roster.decision.path}`,
      `signed as ${statement.name}; ${statement.principal} is ${person.name} in ${roster.decision.path}`,
    )
  }
  if (
    // Here a doubt refuses: an address that differs in case alone is the same person's.
    operators.some(
      (operator) =>
        sameWord(operator, person.name) || operator.toLowerCase() === person.address.toLowerCase(),
    )
  ) {
    return refused(
      'operator',
      `${person.name} est l’opérateur : quelqu’un d’autre doit signer`,
      `${person.name} is the operator: somebody else has to sign`,
    )
  }
  return person
}

function keyOf(
  {signature}: SignedApproval,
  person: RosterPerson,
  {roster, now}: Expectation,
): SignerLine | Refused {
  const {wildcard} = roster
  if (wildcard !== null) {
    const at = `${roster.allowed.path}:${wildcard.line}`
    return refused(
      'wildcard',
      `${at} : l’adresse « ${wildcard.principals.join(',')} » vaut pour n’importe qui`,
      `${at}: the address “${wildcard.principals.join(',')}” stands for anybody`,
    )
  }
  const parts = signatureParts(signature)
  if (parts !== null && parts.namespace !== namespace) {
    return refused(
      'other-namespace',
      `signée dans l’espace « ${parts.namespace} », pas « ${namespace} »`,
      `signed in the namespace “${parts.namespace}”, not “${namespace}”`,
    )
  }
  const lines = roster.signers.filter(
    (each) => each.key === parts?.key && each.principals.includes(person.address),
  )
  // Of several lines for one key and address the one that counts now, as OpenSSH has it.
  const line = lines.find(({options}) => keyRefusal(options, now) === null) ?? lines.at(-1)
  if (parts === null || line === undefined) {
    return refused(
      'unknown-key',
      `la clé n’est pas celle de ${person.address} dans ${roster.allowed.path}`,
      `the key is not that of ${person.address} in ${roster.allowed.path}`,
    )
  }
  const unusable = keyRefusal(line.options, now)
  if (unusable !== null) {
    const words = typeof unusable === 'string' ? {fr: unusable, en: unusable} : unusable
    const at = `${roster.allowed.path}:${line.line}`
    return refused('unknown-key', `${at} : ${words.fr}`, `${at}: ${words.en}`)
  }
  const {addresses, roles, names} = rolesOfKey(roster, line.key)
  if (addresses.length > 1 || roles.length > 1 || names.length > 1) {
    const all = [...addresses, ...roles, ...(names.length > 1 ? names : [])].join(', ')
    return refused(
      'two-roles',
      `une même clé pour ${all} : elle ne dit plus qui signe`,
      `one key for ${all}: it no longer says who signs`,
    )
  }
  return line
}

async function signedBy(
  {text, signature}: SignedApproval,
  {statement, person, key}: {statement: ApprovalStatement; person: RosterPerson; key: SignerLine},
  {roster, now, environment}: Expectation,
): Promise<ApprovalVerdict> {
  const [broken] = brokenRevocations(roster.revoked)
  if (broken !== undefined) {
    const at = `${revocationsOf(roster.allowed.path)}:${broken}`
    return refused(
      'revocations-unreadable',
      `${at} n’est pas une clé publique : on ne sait pas laquelle est révoquée`,
      `${at} is no public key: nobody can say which one is revoked`,
    )
  }
  const verdict = await verify({
    text,
    signature,
    principal: person.address,
    signer: [person.address, key.options, key.type, key.key]
      .filter((word) => word !== '')
      .join(' '),
    revoked: roster.revoked,
    at: now,
    environment,
  })
  switch (verdict) {
    case 'good':
      return {type: 'accepted', statement, person, fingerprint: key.fingerprint}
    case 'revoked':
      return refused(
        'revoked-key',
        `la clé ${key.fingerprint} est révoquée`,
        `the key ${key.fingerprint} is revoked`,
      )
    case 'bad':
      return refused(
        'edited',
        'le texte n’est pas celui qui a été signé',
        'the text is not the one that was signed',
      )
  }
}
