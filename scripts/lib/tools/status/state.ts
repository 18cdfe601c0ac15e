// Where a project stands, as facts: the open run, the last ones, what is live, owed and frozen.

import {documentNames} from '../../domain/document-names.ts'
import type {RunResult} from '../../domain/event.ts'
import {fold} from '../../domain/fold.ts'
import type {JsonOutput} from '../../domain/json-outputs.ts'
import {Problem} from '../../domain/problem.ts'
import {recorded} from '../../domain/recorded.ts'
import type {Incident, RunState} from '../../domain/run.ts'
import {inLang, type Text} from '../../domain/text.ts'
import {owed} from '../../domain/views/owed.ts'
import {missingFields} from '../../domain/views/post-mortem.ts'
import {percentOf} from '../../domain/views/watch.ts'
import {type WatchCurve, watchCurve} from '../../domain/watch-curve.ts'
import {openRunHere} from '../../run/opening/live-file.ts'
import type {Workspace} from '../../run/session.ts'
import {isRemoteAway} from '../../store/git/remote-problem.ts'
import {parseJournal} from '../../store/journal.ts'
import {type LeaseFound, leasesOf} from '../../store/lease/lease.ts'
import {lockHolder} from '../../store/lease/local-lock.ts'
import {incidentsSince} from '../../store/records/incidents.ts'
import {
  activeFreeze,
  type RecordedRun,
  type RunRecords,
  readRecords,
} from '../../store/records/records.ts'
import {liveNow} from './live.ts'
import {openRun} from './run.ts'

export type LastRun = ProjectStatus['last'][number]

export type ProjectStatus = JsonOutput<'status'>

export async function readProjectStatus(workspace: Workspace): Promise<ProjectStatus> {
  const {world, project} = workspace
  const here = openRunHere(workspace)
  const [{lease, away}, records] = await Promise.all([
    leaseOf(workspace),
    readRecords(world.repository, {cache: world.cache}),
  ])
  const found = shownRun(isOver(here, records) ? null : here, lease)
  const ends = await lastStates(records)
  return {
    project: project.name,
    sandbox: world.mark !== '',
    at: world.clock.now().toISOString(),
    remote: world.repository.remote === null ? 'none' : away ? 'away' : 'answers',
    run:
      found === null
        ? null
        : await openRun(workspace, found.state, found.where, await busy(workspace)),
    lease: lease === null ? null : {...holderOf(lease), ours: lease.ours},
    last: ends.map(({run}) => lastRun(run)),
    live: await liveNow({
      ...{records, open: found?.state ?? null},
      read: async (run) => ends.find((end) => end.run.run === run.run)?.state ?? run.load(),
    }),
    watch: await watched(workspace, found?.state ?? null, ends),
    owed: (await Promise.all(await owing(workspace, records, ends))).flat(),
    freeze: await frozen(records),
    incidents: await declaredLately(workspace, found?.state ?? null),
  }
}

async function leaseOf({world}: Workspace): Promise<{lease: LeaseFound | null; away: boolean}> {
  const {repository, clock} = world
  try {
    return {lease: await leasesOf({repository, clock}).read(), away: false}
  } catch (error) {
    if (isRemoteAway(error)) return {lease: null, away: true}
    throw error
  }
}

const holderOf = ({holder: {run, scenario, operator, machine, since}}: LeaseFound) => ({
  ...{run, scenario, operator, machine, since},
})

/** This clone's run, unless another machine has taken it over: then what that one sent last. */
function shownRun(
  here: RunState | null,
  lease: LeaseFound | null,
): {state: RunState; where: 'here' | 'elsewhere'} | null {
  const elsewhere = lease !== null && !lease.ours && lease.journal !== '' ? stateOf(lease) : null
  if (elsewhere !== null) return {state: elsewhere, where: 'elsewhere'}
  if (here !== null) return {state: here, where: 'here'}
  const own = lease !== null && lease.journal !== '' ? stateOf(lease) : null
  return own === null ? null : {state: own, where: 'elsewhere'}
}

/** A run that another machine took over and ended is over, whatever this clone still has of it. */
const isOver = (here: RunState | null, {runs}: RunRecords) =>
  runs.some(({run}) => run === here?.run)

// A journal of a newer bundle cannot be folded here; the holder is still told.
function stateOf({journal}: LeaseFound): RunState | null {
  try {
    return fold(parseJournal(journal, 'lease'))
  } catch (error) {
    if (error instanceof Problem) return null
    throw error
  }
}

const busy = ({world}: Workspace) => lockHolder(world.repository.gitDirectory)

interface End {
  readonly run: RecordedRun
  readonly state: RunState
}

/** The last run of each scenario, its journal read: three at most, however many there are. */
async function lastStates({runs}: RunRecords): Promise<End[]> {
  const scenarios = ['staging', 'production', 'freeze'] as const
  const last = scenarios.flatMap((scenario) => {
    const run = runs.findLast((each) => each.scenario === scenario)
    return run === undefined ? [] : [run]
  })
  return Promise.all(last.map(async (run) => ({run, state: await run.load()})))
}

const lastRun = (each: RecordedRun): LastRun => {
  const {run, scenario, kind, result, tag, commit, startedAt, endedAt} = each
  return {run, scenario, kind, result, tag, commit, startedAt, endedAt}
}

/** The curve of the open run, or of the last one of PRODUCTION, or of STAGING. */
async function watched(
  {policy}: Workspace,
  open: RunState | null,
  ends: readonly End[],
): Promise<WatchCurve | null> {
  const ended = (['production', 'staging'] as const).flatMap((scenario) =>
    ends.filter(({run}) => run.scenario === scenario).map(({state}) => state),
  )
  const state = [...(open === null ? [] : [open]), ...ended].find(({samples}) => samples.length > 0)
  if (state === undefined) return null
  const runbook = await policy.runbook(state.scenario).catch((error: unknown) => {
    if (error instanceof Problem) return null
    throw error
  })
  const trigger = runbook?.items.find(({name}) => name === 'error-rate')
  return watchCurve(state, percentOf(trigger?.parameters.above))
}

const rolledBack: readonly (RunResult | null)[] = ['rolled-back', 'rollback-failed']
const lookBackMax = 5

/** The last runs, and earlier PROD rollbacks since the last success: their post-mortems are owed too. */
async function owing(workspace: Workspace, {runs}: RunRecords, ends: readonly End[]) {
  const production = runs.filter(({scenario}) => scenario === 'production')
  const success = production.findLastIndex(({result}) => result === 'succeeded')
  const earlier = production
    .slice(success + 1)
    .filter(
      (run) => rolledBack.includes(run.result) && !ends.some((end) => end.run.run === run.run),
    )
    .slice(-lookBackMax)
  const more = await Promise.all(earlier.map(async (run) => ({run, state: await run.load()})))
  return [
    ...ends.map(async ({run, state}) => owedBy(workspace, run.run, state)),
    ...more.map(async ({run, state}) =>
      (await owedBy(workspace, run.run, state)).filter(({kind}) => kind === 'post-mortem'),
    ),
  ]
}

async function owedBy(workspace: Workspace, run: string, state: RunState) {
  const path = recorded(state, 'document-names')?.postMortem ?? null
  const left = path === null ? null : await leftToFill(workspace, path)
  const debts = owed(state, path)
  const merged =
    debts.some(({kind}) => kind === 'merge') &&
    (await onMain(workspace, `${documentNames(state).folder}/journal.jsonl`)) !== null
  return debts
    .filter(({kind}) => !(merged && kind === 'merge'))
    .filter(({kind}) => !(left?.length === 0 && (kind === 'post-mortem' || kind === 'data')))
    .map((each) => ({
      ...each,
      what: each.kind === 'post-mortem' ? naming(each.what, left) : each.what,
    }))
    .map((each) => ({...each, run}))
}

/** The debt with the fields that nobody has filled in; `left` null: the document is not on main. */
function naming(what: Text, left: readonly string[] | null): Text {
  const fields = left?.join(', ')
  return {
    fr: `${inLang(what, 'fr')} ; ${fields === undefined ? 'il n’est pas sur la branche principale' : `il manque : ${fields}`}`,
    en: `${inLang(what, 'en')}; ${fields === undefined ? 'it is not on the main branch' : `missing: ${fields}`}`,
  }
}

async function leftToFill(workspace: Workspace, path: string): Promise<string[] | null> {
  const text = await onMain(workspace, path)
  if (text === null) return null
  const template = (await workspace.policy.templates()).get('post-mortem-rollback.md')
  return missingFields(text, template?.source ?? '')
}

/** A document as on the documents' branch, the remote's where it answers; null where it is not there. */
async function onMain({world: {repository}}: Workspace, path: string): Promise<string | null> {
  const main = await repository.remoteMain().catch((error: unknown) => {
    if (isRemoteAway(error)) return null
    throw error
  })
  const commit = main?.sha ?? (await repository.resolveCommit(repository.branch))
  if (commit === null) return null
  if (main !== null) await repository.fetchObjects([commit])
  return repository.showFile(commit, path)
}

const quietMs = 48 * 3_600_000

async function declaredLately({world}: Workspace, open: RunState | null): Promise<Incident[]> {
  const {repository, clock} = world
  const since = open?.started.at ?? new Date(clock.now().getTime() - quietMs).toISOString()
  return incidentsSince(repository, clock, since)
}

async function frozen(records: RunRecords): Promise<ProjectStatus['freeze']> {
  const run = activeFreeze(records)
  if (run === null) return null
  const details = recorded(await run.load(), 'freeze')
  return {
    run: run.run,
    since: run.endedAt ?? run.startedAt,
    tag: run.tag,
    reason: details?.reason ?? null,
    responsible: details?.responsible ?? null,
    review: details?.review ?? null,
  }
}
