// Makes an approval: the statement, its signature, and the proof that a run would accept it, before
// anything is published.

import {randomBytes} from 'node:crypto'
import {problem} from '../domain/problem.ts'
import type {RunState} from '../domain/run.ts'
import type {Text} from '../domain/text.ts'
import {shellWord} from '../words/commands.ts'
import {type ApprovalScope, expectation, journalledOperators, saidOperators} from './find.ts'
import {keysOf, type Roster, type RosterPerson, sameWord} from './roster.ts'
import {sign} from './ssh.ts'
import {type ApprovalStatement, type Subject, serialise, type Target} from './statement.ts'
import {publishApproval} from './store.ts'
import {verifyApproval} from './verify.ts'

export interface Approver {
  readonly role: string
  /** Narrows the role down where several people have it: a name or an address. */
  readonly name?: string | undefined
  /** Path of the private key, or of a public one whose key is in the agent. */
  readonly key: string
  readonly validForMs: number
  /** Where this machine has no env file: what the approver read elsewhere. */
  readonly target?: Partial<NonNullable<Target>>
}

/** The statement that `approver` would sign. Throws a `Problem` (3) where nobody of that role and name is known. */
export async function prepareStatement(
  scope: ApprovalScope,
  approver: Approver,
): Promise<{statement: ApprovalStatement; person: RosterPerson; fingerprints: readonly string[]}> {
  const expected = await expectation(scope)
  const {subject, now} = expected
  const person = personFor(expected.roster, approver, subject.scenario)
  const statement: ApprovalStatement = {
    v: 1,
    scenario: subject.scenario,
    project: subject.project,
    tag: subject.checkpoint.tag,
    tagObject: subject.checkpoint.tagObject,
    commit: subject.checkpoint.commit,
    gate: subject.gate,
    runbook: subject.runbook,
    target: targetFor(subject, approver),
    role: person.role,
    name: person.name,
    principal: person.address,
    issuedAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + approver.validForMs).toISOString(),
    nonce: randomBytes(16).toString('hex'),
  }
  const keys = keysOf(expected.roster, person.address, now)
  return {statement, person, fingerprints: keys.map(({fingerprint}) => fingerprint)}
}

/** The run that waits for the approval, where it is open already. */
export interface WaitingRun {
  readonly state: RunState
  /** It runs in this very clone: its machine may not hold the approver's key. */
  readonly here: boolean
}

/** Signs, verifies as a run would, publishes. Answers the ref. Throws a `Problem` (3) with the run's own reason. */
export async function approve(
  scope: ApprovalScope,
  statement: ApprovalStatement,
  key: string,
  waiting: WaitingRun | null = null,
): Promise<{ref: string; signature: string}> {
  const {world} = scope
  const text = serialise(statement)
  const signature = await sign(text, key, world.environment)
  const expected = await expectation(scope)
  // A person who cannot see the env file signs what they read elsewhere; the run compares it with its own.
  const {target} = expected.subject
  const subject =
    target === null || statement.target === null
      ? expected.subject
      : {
          ...expected.subject,
          target: {
            url: target.url,
            ref: target.ref ?? statement.target.ref,
            key: target.key ?? statement.target.key,
          },
        }
  // Whoever signs is at home here, by address and key; who operates is said by the run, or beforehand.
  const operators =
    statement.scenario === 'production'
      ? [
          ...(waiting === null ? [] : journalledOperators(waiting.state)),
          ...(await saidOperators(scope)),
        ]
      : []
  const verdict = await verifyApproval(
    {nonce: statement.nonce, text, signature, statement},
    {
      ...expected,
      subject,
      operators: operators.filter((each) => each !== ''),
      privateKeyHere: waiting?.here ? expected.privateKeyHere : async () => null,
    },
  )
  if (verdict.type === 'refused') {
    throw problem({
      what: {fr: 'Cette approbation serait refusée.', en: 'This approval would be refused.'},
      why: verdict.reason,
      next: {fr: 'rien n’a été publié', en: 'nothing was published'},
      exit: 3,
    })
  }
  return {ref: await publishApproval(world.repository, {statement, signature}), signature}
}

function personFor(
  {people, decision}: Roster,
  {role, name}: Approver,
  scenario: Subject['scenario'],
): RosterPerson {
  const ofRole = people.filter((person) => sameWord(person.role, role))
  const found = ofRole.filter(
    (person) => name === undefined || sameWord(person.name, name) || person.address === name,
  )
  const [person] = found
  if (person !== undefined && found.length === 1) return person
  const known = people.map((each) => `${each.role} : ${each.name}`).join(', ')
  throw problem({
    what:
      person === undefined
        ? {
            fr: `Personne ne correspond à ${role}${name === undefined ? '' : `, ${name}`}.`,
            en: `Nobody is ${role}${name === undefined ? '' : `, ${name}`}.`,
          }
        : {fr: `Plusieurs personnes sont ${role}.`, en: `Several people are ${role}.`},
    ...(known === ''
      ? {
          why: {fr: `${decision.path} ne connaît personne`, en: `${decision.path} knows nobody`},
          next: {
            fr: 'inscrire les personnes, et leurs clés dans runbooks/allowed_signers, puis committer et pousser',
            en: 'enter the people, and their keys in runbooks/allowed_signers, then commit and push',
          },
        }
      : {
          why: {fr: `${decision.path} connaît : ${known}`, en: `${decision.path} knows: ${known}`},
          next: whoSigns(ofRole.length > 0 ? ofRole : people, scenario),
        }),
    exit: 3,
  })
}

/** A line for each of them, by an address, which one person has: people share names. */
function whoSigns(people: readonly RosterPerson[], scenario: Subject['scenario']): Text {
  const lines = people
    .slice(0, 4)
    .map(
      ({role, name, address}) =>
        `npx zx scripts/approve.ts ${scenario} --role ${shellWord(role)} --name ${shellWord(address || name)}`,
    )
  return {
    fr: `dire qui signe : ${lines.join(' ; ou ')}`,
    en: `say who signs: ${lines.join('; or ')}`,
  }
}

function targetFor({target}: Subject, {target: given = {}}: Approver): Target {
  if (target === null) return null
  const seen = {
    url: target.url,
    ref: target.ref ?? given.ref ?? null,
    key: target.key ?? given.key ?? null,
  }
  return seen
}
