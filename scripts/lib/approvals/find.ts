// Looks for an approval of this run among those that the remote holds.

import {parseDuration} from '../domain/duration.ts'
import type {Checkpoint, Environment, Scenario} from '../domain/event.ts'
import {readFact} from '../domain/facts.ts'
import type {Project} from '../domain/project.ts'
import {recorded} from '../domain/recorded.ts'
import type {RunState} from '../domain/run.ts'
import type {Authorities} from '../policy/authorities.ts'
import type {EnvFile} from '../policy/env-file.ts'
import type {Gate} from '../policy/gate-file.ts'
import type {Policy} from '../policy/policy.ts'
import type {Runbook} from '../policy/runbook.ts'
import type {RunRecords} from '../store/records/records.ts'
import {stagingIncidents, stagingValidation} from '../store/records/staging-validation.ts'
import type {World} from '../store/world.ts'
import {privateKeyHere} from './keys-here.ts'
import {type RecognisedOperator, recogniseOperators} from './operator.ts'
import {type Roster, readRoster} from './roster.ts'
import type {Subject} from './statement.ts'
import {readApprovals, type SignedApproval} from './store.ts'
import {targetOf} from './target.ts'
import {type Accepted, type Expectation, type Refused, verifyApproval} from './verify.ts'

/** What an approval is looked for with: the run, or what a run would be. */
export interface ApprovalScope {
  readonly world: World
  readonly scenario: Scenario
  readonly environment: Environment | null
  readonly project: Project
  readonly gate: Gate
  readonly checkpoint: Checkpoint
  readonly env: (environment: Environment) => Promise<EnvFile>
  readonly records: () => Promise<RunRecords>
  readonly authorities: () => Promise<Authorities>
  readonly policy: Policy
  readonly runbook: Runbook
  readonly run?: () => RunState
}

export interface ApprovalsFound {
  readonly accepted: (Accepted & {readonly approval: SignedApproval}) | null
  /** Approvals of this tag that do not hold, the newest first. */
  readonly refused: readonly (Refused & {
    readonly approval: SignedApproval
  })[]
  readonly roster: Roster
  readonly subject: Subject
  /** B: who operates the run; null where nobody of decision.md was recognised. Other scenarios: undefined. */
  readonly operator?: RecognisedOperator | null
}

/** Judges every approval of this tag; the newest valid one is taken. Throws `RemoteAway` (3). */
export async function findApproval(scope: ApprovalScope): Promise<ApprovalsFound> {
  const {world, checkpoint} = scope
  const approvals = (await readApprovals(world.repository)).filter(
    ({statement}) => statement === null || statement.tag === checkpoint.tag,
  )
  const expected = await expectation(scope)
  const refused: ApprovalsFound['refused'][number][] = []
  const newest = approvals.sort((a, b) => issued(b).localeCompare(issued(a)))
  for (const approval of newest) {
    const verdict = await verifyApproval(approval, expected)
    if (verdict.type === 'accepted')
      return {...found(expected), accepted: {...verdict, approval}, refused}
    refused.push({...verdict, approval})
  }
  return {...found(expected), accepted: null, refused}
}

const found = ({roster, subject, operator}: Expected) => ({
  ...{roster, subject},
  ...(operator !== undefined && {operator}),
})
const issued = ({statement}: SignedApproval) => statement?.issuedAt ?? ''

export interface Expected extends Expectation {
  readonly operator?: RecognisedOperator | null
}

/** What an approval has to match, as things stand now. */
export async function expectation(scope: ApprovalScope): Promise<Expected> {
  const {world, scenario, authorities} = scope
  const isProduction = scenario === 'production'
  const records = await scope.records()
  const roster = await readRoster(scope)
  const recognised = isProduction ? await recogniseOperators({world, roster}) : []
  return {
    subject: await subjectOf(scope),
    roles: (await authorities())[scenario],
    roster,
    now: world.clock.now(),
    usedNonces: await usedNonces(scope),
    ...(isProduction && {
      stagingValidatedAt:
        stagingValidation(records, scope.checkpoint, await stagingIncidents(world, records))?.at ??
        null,
      operator: operatorOf(scope, roster) ?? recognised[0] ?? null,
    }),
    operators: isProduction ? await operatorsOf(scope, recognised) : [],
    holdsMostMs: holdsMost(scope.runbook),
    privateKeyHere: async (key) => (isProduction ? privateKeyHere(world, key) : null),
    environment: world.environment,
  }
}

/** A week, unless the item that asks for the approval says `holds-most`. */
function holdsMost({prerequisites}: Runbook): number {
  const item = prerequisites.find(({name}) => name === 'authorised')
  return parseDuration(item?.parameters['holds-most'] ?? '') ?? 7 * 24 * 3_600_000
}

export async function subjectOf({
  scenario,
  environment,
  project,
  gate,
  runbook,
  checkpoint,
  env,
}: Omit<ApprovalScope, 'records' | 'authorities' | 'world' | 'policy'>): Promise<Subject> {
  return {
    scenario,
    project: project.name,
    checkpoint,
    gate: {path: gate.path, sha256: gate.sha256},
    runbook: {path: runbook.path, sha256: runbook.sha256},
    target: targetOf(project, environment, environment === null ? null : await env(environment)),
  }
}

// Only a run of this very checkpoint can have used an approval that fits it.
async function usedNonces({records, checkpoint, run}: ApprovalScope): Promise<string[]> {
  const own = runOf(run)
  const earlier = (await records()).runs.filter(
    (each) => each.commit === checkpoint.commit && each.run !== own?.run,
  )
  const approvals = await Promise.all(
    earlier.map(async (each) => recorded(await each.load(), 'approval')),
  )
  return approvals.flatMap((approval) => approval?.nonce ?? [])
}

/** Everybody who has run this run: by name, by address where git knows it, and as who they were recognised. */
async function operatorsOf(
  {world, run}: ApprovalScope,
  recognised: readonly RecognisedOperator[],
): Promise<string[]> {
  const {name, email} = await world.repository.identity()
  const state = runOf(run)
  const journalled = state === undefined ? [] : journalledOperators(state)
  return [...new Set([world.operator, name, email, ...namesOf(recognised), ...journalled])].filter(
    (each) => each !== '',
  )
}

const namesOf = (recognised: readonly RecognisedOperator[]) =>
  recognised.flatMap(({person}) => [person.name, person.address])

/** Names, addresses and accounts of everybody who has operated a run, as its journal has them. */
export function journalledOperators({events}: RunState): string[] {
  return events.flatMap((event) => {
    if ('operator' in event) return [event.operator, event.account ?? '']
    if (event.type !== 'fact-recorded' || event.name !== 'operator') return []
    const known = readFact('operator', event.value)
    return known === undefined ? [] : [known.name, known.address]
  })
}

/** Who is known to operate before a run is there: said on this machine, or asked for on a forge. */
export async function saidOperators(asking: ApprovalScope): Promise<string[]> {
  const {world} = asking
  const recognised = await recogniseOperators({world, roster: await readRoster(asking)})
  return namesOf(recognised.filter(({how}) => how === 'chosen' || how === 'forge'))
}

/** Who was recognised, or chosen, when this run was opened. */
function operatorOf({run}: ApprovalScope, roster: Roster): RecognisedOperator | null {
  const state = runOf(run)
  const known = state === undefined ? undefined : recorded(state, 'operator')
  const person = roster.people.find(({address}) => address === known?.address)
  return known === undefined || person === undefined ? null : {person, how: known.how}
}

// Before a run has begun there is none to ask.
function runOf(run: (() => RunState) | undefined) {
  try {
    return run?.()
  } catch {
    return undefined
  }
}
