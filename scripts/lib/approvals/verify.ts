// Judges one approval against this release, the roster on the remote's main and the run's own clock.
// Each refusal has its own reason, so that the approver knows what to do again.

import type {Scenario} from '../domain/event.ts'
import type {Text} from '../domain/text.ts'
import {utcMinute} from '../domain/times.ts'
import {
  bare,
  type Roster,
  type RosterPerson,
  rolesOfKey,
  type SignerLine,
  same,
  usable,
} from './roster.ts'
import {signingKey, verify} from './ssh.ts'
import type {Statement, Subject} from './statement.ts'
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
  | 'before-staging'
  | 'reused-nonce'
  | 'wrong-role'
  | 'wildcard'
  | 'unknown-key'
  | 'two-roles'
  | 'edited'
  | 'revoked-key'
  | 'operator'

export interface Accepted {
  readonly type: 'accepted'
  readonly statement: Statement
  readonly person: RosterPerson
  readonly fingerprint: string
}

export interface Refused {
  readonly type: 'refused'
  readonly code: RefusalCode
  readonly reason: Text
}

export type Verdict = Accepted | Refused

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
): Promise<Verdict> {
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
  return signedBy(approval, {statement, person, key}, expected)
}

function aboutThis(statement: Statement, subject: Subject): Refused | null {
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
  {issuedAt, expiresAt}: Statement,
  {now, stagingValidatedAt}: Expectation,
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
  {nonce}: Statement,
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
  statement: Statement,
  {roles, roster, operators}: Expectation,
): RosterPerson | Refused {
  if (!roles.some((role) => same(role, statement.role))) {
    return refused(
      'wrong-role',
      `« ${statement.role} » ne décide pas de ce scénario ; il faut : ${roles.join(', ')}`,
      `“${statement.role}” does not decide this scenario; wanted: ${roles.join(', ')}`,
    )
  }
  const person = roster.people.find(
    ({address, role}) => same(address, statement.principal) && same(role, statement.role),
  )
  if (person === undefined) {
    return refused(
      'wrong-role',
      `${statement.principal} n’est pas ${statement.role} dans ${roster.decision.path}`,
      `${statement.principal} is not ${statement.role} in ${roster.decision.path}`,
    )
  }
  if (
    operators.some(
      (operator) => same(operator, bare(person.name)) || same(operator, person.address),
    )
  ) {
    return refused(
      'operator',
      `${bare(person.name)} est l’opérateur : quelqu’un d’autre doit signer`,
      `${bare(person.name)} is the operator: somebody else has to sign`,
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
  const key = signingKey(signature)
  const line = roster.signers.find(
    (each) => each.key === key && each.principals.some((name) => same(name, person.address)),
  )
  if (key === null || line === undefined) {
    return refused(
      'unknown-key',
      `la clé n’est pas celle de ${person.address} dans ${roster.allowed.path}`,
      `the key is not that of ${person.address} in ${roster.allowed.path}`,
    )
  }
  const unusable = usable(line.options, now)
  if (unusable !== null) {
    const words = typeof unusable === 'string' ? {fr: unusable, en: unusable} : unusable
    const at = `${roster.allowed.path}:${line.line}`
    return refused('unknown-key', `${at} : ${words.fr}`, `${at}: ${words.en}`)
  }
  const {addresses, roles} = rolesOfKey(roster, key)
  if (addresses.length > 1 || roles.length > 1) {
    return refused(
      'two-roles',
      `une même clé pour ${[...addresses, ...roles].join(', ')} : elle ne dit plus qui signe`,
      `one key for ${[...addresses, ...roles].join(', ')}: it no longer says who signs`,
    )
  }
  return line
}

async function signedBy(
  {text, signature}: SignedApproval,
  {statement, person, key}: {statement: Statement; person: RosterPerson; key: SignerLine},
  {roster, now, environment}: Expectation,
): Promise<Verdict> {
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
