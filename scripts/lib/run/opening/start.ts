// Starts a run, resumes it, or takes it over from another machine: who holds the lease goes on.

import {manifestFor, rememberManifest} from '../../artifact/store.ts'
import {machineZone} from '../../base/clock.ts'
import type {RunKind} from '../../domain/event.ts'
import {factRecorded} from '../../domain/facts.ts'
import {fold} from '../../domain/fold.ts'
import {lastRunner} from '../../domain/last-runner.ts'
import type {RunState} from '../../domain/run.ts'
import {inLang, type Text} from '../../domain/text.ts'
import {isRemoteAway} from '../../store/git/remote-problem.ts'
import {parseJournal} from '../../store/journal.ts'
import {lateLease} from '../../store/lease/late.ts'
import {type Carried, claimOf, type Lease, type Leases, leasesOf} from '../../store/lease/lease.ts'
import {leaseHeld} from '../../store/lease/problem.ts'
import type {LeaseClaim} from '../../store/lease/record.ts'
import type {Session} from '../session.ts'
import {furthestJournal} from './furthest-journal.ts'
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
import {endedElsewhere, otherLease, otherScenario, policyChanged} from './start-refused.ts'

export interface Started {
  readonly run: LiveRun
  readonly lease: Lease
  readonly resumed: boolean
}

interface Starting {
  readonly kind: RunKind
  readonly operator: RunOperator
  readonly reason?: string
  /** Of a run that another machine began and sent nothing of. */
  readonly name?: string
}

/** Resumes this clone's run, or starts one. Throws a `Problem` (3) where another holds the lease. */
export async function startRun(
  session: Session,
  {kind, operator, reason, name}: Starting,
): Promise<Started> {
  const known = openRunHere(session)
  if (known !== null && !known.effects && outdated(session, known)) discardRun(session)
  const current = openRunHere(session)
  if (current !== null) return resume(session, current, operator)
  const run = name ?? runId(session)
  const lease = await acquire(session, {run, kind, undoing: kind === 'rollback'})
  // The lease is ours and its run is not here: a take-over that was cut off, or a journal that is gone.
  if (lease.journal !== '') {
    const state = fold(parseJournal(lease.journal, 'lease'))
    mayGoOn(session, state)
    const why = inLang(cutOff, session.terminal.lang)
    return goOnHere(session, {...lease, from: lastRunner(state), operator, why})
  }
  const live = openLiveRun(session)
  live.append(
    await firstEvent(session, {run, kind, operator, ...(reason !== undefined && {reason})}),
  )
  rememberZone(session, live)
  return {run: live, lease: lease.lease, resumed: false}
}

/** Where the team is, once: also where a process died before it was noted. */
function rememberZone({project}: Session, live: LiveRun): void {
  if (live.state().facts.has('timezone')) return
  live.append(factRecorded('timezone', {zone: project.timezone ?? machineZone()}))
}

const cutOff: Text = {
  fr: 'le poste tient le bail, sans le journal de l’exécution',
  en: 'this machine holds the lease, without the run’s journal',
}

/** Goes on here with the run that another machine holds. Throws a `Problem` (3) where it is another's
 * scenario, or goes by another policy: then it is left where it is. */
export async function takeOver(
  session: Session,
  why: string,
  {kind, operator, reason = why}: Starting,
): Promise<Started> {
  const leases = leasesIn(session)
  const found = await leases.read()
  if (found !== null && found.holder.scenario !== session.scenario) throw otherLease(found.holder)
  const state = found?.journal ? fold(parseJournal(found.journal, 'lease')) : null
  if (state !== null) mayGoOn(session, state)
  const {from, ...taken} = await leases.takeOver({
    // As a lease that is acquired: whoever is refused looks for who sits there.
    ...{machine: session.world.machine, operator: session.world.operator},
    why: session.mask.mask(why),
  })
  if (taken.journal === '') {
    await taken.lease.releaseEmpty()
    // What it was, unless another thing is asked for here. By the same name: whoever held it learns from
    // its record that it is over.
    const same = kind === 'scenario' ? from.kind : kind
    return startRun(session, {
      ...{kind: same, operator, name: from.run},
      ...(same === 'rollback' && {reason}),
    })
  }
  // Ours already: it was taken over here, and that was cut off.
  const holder = found?.ours && state !== null ? lastRunner(state) : from
  return goOnHere(session, {...taken, from: holder, operator, why})
}

interface TakenOver extends Carried {
  readonly lease: Lease
  readonly from: {readonly operator: string; readonly machine: string}
  readonly operator: RunOperator
  readonly why: string
}

async function goOnHere(session: Session, taken: TakenOver): Promise<Started> {
  const {lease, manifest, operator, why} = taken
  const from = `${taken.from.operator}@${taken.from.machine}`
  const {cache, machine} = session.world
  if (manifest !== null) await rememberManifest(cache, manifest)
  restoreLive(session, await furthestJournal(session, taken.journal))
  const live = openLiveRun(session)
  live.append({type: 'run-taken-over', machine, ...operator, from, why})
  rememberZone(session, live)
  await lease.sync(live.journal.text())
  return {run: live, lease, resumed: true}
}

const leasesIn = ({world: {repository, clock, cache}}: Session): Leases =>
  leasesOf({repository, clock, manifest: (journal) => manifestFor(cache, journal)})

async function resume(session: Session, state: RunState, operator: RunOperator): Promise<Started> {
  const {machine} = session.world
  mayGoOn(session, state)
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
  rememberZone(session, live)
  return {run: live, lease, resumed: true}
}

/** Throws a `Problem` (3) where this command is not the run's own, or would go on by another policy. */
function mayGoOn(session: Session, state: RunState): void {
  if (state.scenario !== session.scenario) throw otherScenario(state)
  if (outdated(session, state) && state.rollback === null && state.decided === null)
    throw policyChanged(state)
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
): Promise<{lease: Lease} & Carried> {
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
    return {lease, ...nothingCarried}
  }
}

async function acquireNow(
  session: Session,
  leases: Leases,
  claim: LeaseClaim,
): Promise<{lease: Lease} & Carried> {
  const {clock} = session.world
  const {run} = claim
  const got = await leases.acquire(claim)
  if (got.outcome === 'held') throw leaseHeld(got.holder, clock.now())
  const {outcome, lease, journal, manifest} = got
  const isOther = outcome === 'resumed' && lease.holder.run !== run
  if (isOther && journal === '') {
    await lease.releaseEmpty()
    return acquireNow(session, leases, claim)
  }
  return isOther ? {lease, journal, manifest} : {lease, ...nothingCarried}
}

const nothingCarried: Carried = {journal: '', manifest: null}

function outdated({gate, runbook, checkpoint, args}: Session, {started}: RunState): boolean {
  if (args.abort !== undefined || args.rollback !== undefined) return false
  return (
    gate.sha256 !== started.gate.sha256 ||
    runbook.sha256 !== started.runbook.sha256 ||
    checkpoint.commit !== started.checkpoint.commit ||
    checkpoint.tag !== started.checkpoint.tag
  )
}
