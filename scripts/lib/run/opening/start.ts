// Starts a run, resumes it, or takes it over from another machine: who holds the lease goes on.

import {manifestFor, rememberManifest} from '../../artifact/store.ts'
import {machineZone} from '../../base/clock.ts'
import type {RunKind} from '../../domain/event.ts'
import {factRecorded} from '../../domain/facts.ts'
import {fold} from '../../domain/fold.ts'
import type {RunState} from '../../domain/run.ts'
import {isRemoteAway} from '../../store/git/remote-problem.ts'
import {parseJournal} from '../../store/journal.ts'
import {lateLease} from '../../store/lease/late.ts'
import {claimOf, type Lease, type Leases, leasesOf} from '../../store/lease/lease.ts'
import {leaseHeld} from '../../store/lease/problem.ts'
import type {LeaseClaim} from '../../store/lease/record.ts'
import type {Session} from '../session.ts'
import {
  archiveRun,
  discardRun,
  liveText,
  openLiveRun,
  openRunHere,
  restoreLive,
} from './live-file.ts'
import type {LiveRun} from './live-run.ts'
import {firstEvent, type RunOperator, runId} from './run-opened.ts'
import {endedElsewhere, otherScenario, policyChanged} from './start-refused.ts'

export interface Started {
  readonly run: LiveRun
  readonly lease: Lease
  readonly resumed: boolean
}

/** Resumes this clone's run, or starts one. Throws a `Problem` (3) where another holds the lease. */
export async function startRun(
  session: Session,
  {kind, operator, reason}: {kind: RunKind; operator: RunOperator; reason?: string},
): Promise<Started> {
  const known = openRunHere(session)
  if (known !== null && !known.effects && outdated(session, known)) discardRun(session)
  const current = openRunHere(session)
  if (current !== null) return resume(session, current, operator)
  const run = runId(session)
  const lease = await acquire(session, {run, kind, undoing: kind === 'rollback'})
  if (lease.journal !== '') {
    restoreLive(session, lease.journal)
    return resume(session, fold(parseJournal(lease.journal, 'lease')), operator)
  }
  const live = openLiveRun(session)
  live.append(
    await firstEvent(session, {run, kind, operator, ...(reason !== undefined && {reason})}),
  )
  const zone = session.project.timezone ?? machineZone()
  live.append(factRecorded('timezone', {zone}))
  return {run: live, lease: lease.lease, resumed: false}
}

/** Goes on here with the run that another machine holds. */
export async function takeOver(
  session: Session,
  why: string,
  operator: RunOperator,
): Promise<Started> {
  const {machine} = session.world
  const {lease, journal, manifest, from} = await leasesIn(session).takeOver({
    machine,
    operator: operator.operator,
    why: session.mask.mask(why),
  })
  if (manifest !== null) await rememberManifest(session.world.cache, manifest)
  if (journal === '') {
    await lease.releaseEmpty()
    return startRun(session, {kind: 'scenario', operator})
  }
  restoreLive(session, journal)
  const live = openLiveRun(session)
  live.append({
    type: 'run-taken-over',
    machine,
    ...operator,
    from: `${from.operator}@${from.machine}`,
    why,
  })
  await lease.sync(live.journal.text())
  return {run: live, lease, resumed: true}
}

const leasesIn = ({world: {repository, clock, cache}}: Session): Leases =>
  leasesOf({repository, clock, manifest: (journal) => manifestFor(cache, journal)})

async function resume(session: Session, state: RunState, operator: RunOperator): Promise<Started> {
  const {machine} = session.world
  if (state.scenario !== session.scenario) throw otherScenario(state)
  if (outdated(session, state) && state.rollback === null && state.decided === null) {
    throw policyChanged(state)
  }
  await notEndedElsewhere(session, state)
  const {rollback, abort} = session.args
  const undoing =
    state.rollback !== null ||
    (rollback !== undefined && rollback !== 'drill') ||
    (abort !== undefined && state.deploymentAttempted)
  const {lease} = await acquire(session, {run: state.run, kind: state.kind, undoing})
  const live = openLiveRun(session)
  live.append({
    type: 'run-resumed',
    machine,
    ...operator,
    note: {fr: 'reprise par la même commande', en: 'resumed by the same command'},
  })
  return {run: live, lease, resumed: true}
}

/**
 * A run that another machine took over and ended is over here too: what this clone has of it is put
 * aside. A record that is the beginning of our own journal is ours.
 */
async function notEndedElsewhere(session: Session, {run}: RunState): Promise<void> {
  const record = await leasesIn(session)
    .recorded(run)
    .catch((error: unknown) => {
      if (isRemoteAway(error)) return null
      throw error
    })
  if (record === null || liveText(session).startsWith(record)) return
  archiveRun(session, `${run}.lost`)
  throw endedElsewhere(run)
}

/** Where the remote is away, undoing goes on with this clone's own lease, or takes one later. */
async function acquire(
  session: Session,
  wanted: {run: string; kind: RunKind; undoing: boolean},
): Promise<{lease: Lease; journal: string}> {
  const {clock} = session.world
  const leases = leasesIn(session)
  const claim = claimOf(wanted.run, session.scenario, wanted.kind, session.world)
  try {
    return await acquireNow(session, leases, claim)
  } catch (error) {
    if (!wanted.undoing || !isRemoteAway(error)) throw error
    const own = await leases.own()
    const lease =
      own?.holder.run === wanted.run ? own : lateLease(leases, claim, {clock, why: error})
    return {lease, journal: ''}
  }
}

async function acquireNow(
  session: Session,
  leases: Leases,
  claim: LeaseClaim,
): Promise<{lease: Lease; journal: string}> {
  const {clock} = session.world
  const {run} = claim
  const got = await leases.acquire(claim)
  if (got.outcome === 'held') throw leaseHeld(got.holder, clock.now())
  if (got.outcome === 'resumed' && got.lease.holder.run !== run && got.journal === '') {
    await got.lease.releaseEmpty()
    return acquireNow(session, leases, claim)
  }
  return {
    lease: got.lease,
    journal: got.outcome === 'resumed' && got.lease.holder.run !== run ? got.journal : '',
  }
}

function outdated({gate, runbook, checkpoint, args}: Session, {started}: RunState): boolean {
  if (args.abort !== undefined || args.rollback !== undefined) return false
  return (
    gate.sha256 !== started.gate.sha256 ||
    runbook.sha256 !== started.runbook.sha256 ||
    checkpoint.commit !== started.checkpoint.commit ||
    checkpoint.tag !== started.checkpoint.tag
  )
}
