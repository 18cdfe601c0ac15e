// Starts or resumes a run: local lock, lease, journal. The live journal lies under the git directory,
// where no clean, stash or checkout reaches it.

import {randomBytes} from 'node:crypto'
import {existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import type {EventBody} from '../domain/event.ts'
import {fold} from '../domain/fold.ts'
import {problem} from '../domain/problem.ts'
import {recorded} from '../domain/recorded.ts'
import type {RunState} from '../domain/run.ts'
import {manifestFor, rememberManifest} from './artifact-store.ts'
import {mortal} from './crash-point.ts'
import {isRemoteAway} from './git/remote.ts'
import {type Journal, openJournal, parseJournal, sha256} from './journal.ts'
import {claimOf, type Lease, type LeaseClaim, type Leases, leaseHeld, leasesOf} from './lease.ts'
import {lateLease} from './lease-late.ts'
import {type LiveRun, liveRun} from './live-run.ts'
import {lockLocally} from './local-lock.ts'
import {placesOf} from './places.ts'
import type {Session, Workplace} from './session.ts'

export type RunKind = Extract<EventBody, {type: 'run-started'}>['kind']

export interface Started {
  readonly run: LiveRun
  readonly lease: Lease
  readonly resumed: boolean
}

const liveFile = ({world}: Pick<Workplace, 'world'>) =>
  join(world.repository.gitDirectory, 'postgate', 'live.jsonl')

/** The state of the run that is open in this clone; null where there is none. */
export function openRunHere(workplace: Pick<Workplace, 'world'>): RunState | null {
  const path = liveFile(workplace)
  if (!existsSync(path)) return null
  const events = parseJournal(readFileSync(path, 'utf8'), path)
  return events.length === 0 ? null : fold(events)
}

/** One command of a project at a time on this machine. Throws a `Problem` (3) that names the other. */
export async function lockProject({world}: Workplace): Promise<{release: () => Promise<void>}> {
  const lock = await lockLocally(
    world.repository.gitDirectory,
    process.argv.slice(2).join(' '),
    world.clock.now(),
  )
  if ('release' in lock) return lock
  const {pid, since} = lock.heldBy
  throw problem({
    what: {
      fr: 'Une autre commande s’exécute dans ce projet.',
      en: 'Another command is running in this project.',
    },
    why: {fr: `processus ${pid}, depuis ${since}`, en: `process ${pid}, since ${since}`},
    next: {
      fr: 'attendre sa fin, ou voir où elle en est avec --status',
      en: 'wait for its end, or see how far it is with --status',
    },
    exit: 3,
  })
}

/** Resumes this clone's run, or starts one. Throws a `Problem` (3) where another holds the lease. */
export async function startRun(
  session: Session,
  {kind, reason}: {kind: RunKind; reason?: string},
): Promise<Started> {
  const known = openRunHere(session)
  if (known !== null && !known.effects && outdated(session, known)) discardRun(session)
  const current = openRunHere(session)
  if (current !== null) return resume(session, current)
  const run = runId(session)
  const lease = await acquire(session, {run, kind, undoing: kind === 'rollback'})
  if (lease.journal !== '') {
    restore(session, lease.journal)
    return resume(session, fold(parseJournal(lease.journal, 'lease')))
  }
  const live = open(session)
  live.append(await firstEvent(session, {run, kind, ...(reason !== undefined && {reason})}))
  return {run: live, lease: lease.lease, resumed: false}
}

/** Goes on here with the run that another machine holds. */
export async function takeOver(session: Session, why: string): Promise<Started> {
  const {machine, operator} = session.world
  const {lease, journal, manifest, from} = await leasesIn(session).takeOver({
    machine,
    operator,
    why: session.mask.mask(why),
  })
  if (manifest !== null) await rememberManifest(session.world.cache, manifest)
  if (journal === '') {
    await lease.releaseEmpty()
    return startRun(session, {kind: 'scenario'})
  }
  restore(session, journal)
  const live = open(session)
  live.append({
    type: 'run-taken-over',
    machine,
    operator,
    from: `${from.operator}@${from.machine}`,
    why,
  })
  await lease.sync(live.journal.text())
  return {run: live, lease, resumed: true}
}

const leasesIn = ({world: {repository, clock, cache}}: Session): Leases =>
  leasesOf({repository, clock, manifest: (journal) => manifestFor(cache, journal)})

/** A freeze that still waits for someone (its team was not told) refuses with its reason all the same. */
function otherScenario(state: RunState) {
  const frozen = recorded(state, 'freeze')
  const next = `npx zx scripts/${state.scenario}.ts`
  if (frozen === undefined) {
    return problem({
      what: {
        fr: `Une exécution du scénario ${state.scenario} est ouverte ici.`,
        en: `A run of scenario ${state.scenario} is open here.`,
      },
      why: `${state.run}, ${state.started.at}`,
      next: `${next} --status`,
      exit: 3,
    })
  }
  return problem({
    what: {
      fr: `La release est gelée : ${frozen.reason}`,
      en: `The release is frozen: ${frozen.reason}`,
    },
    why: {
      fr: `décidé par ${frozen.responsible} ; ${state.run} attend encore une réponse`,
      en: `decided by ${frozen.responsible}; ${state.run} still waits for an answer`,
    },
    next: {
      fr: `${next} pour finir le freeze, puis ${next} --exit pour en sortir`,
      en: `${next} to finish the freeze, then ${next} --exit to leave it`,
    },
    exit: 3,
  })
}

async function resume(session: Session, state: RunState): Promise<Started> {
  const {machine, operator} = session.world
  if (state.scenario !== session.scenario) throw otherScenario(state)
  if (outdated(session, state) && state.rollback === null && state.decided === null) {
    throw problem({
      what: {
        fr: 'La politique a changé pendant l’exécution.',
        en: 'The policy changed during the run.',
      },
      why: {
        fr: `le runbook, la gate ou le tag ne sont plus ceux de ${state.run}`,
        en: `runbook, gate or tag are no longer those of ${state.run}`,
      },
      next: {
        fr: 'les rétablir et relancer, ou terminer avec --abort RAISON',
        en: 'restore them and run again, or end it with --abort WHY',
      },
      exit: 3,
    })
  }
  await notEndedElsewhere(session, state)
  const {rollback, abort} = session.args
  const undoing =
    state.rollback !== null ||
    (rollback !== undefined && rollback !== 'drill') ||
    (abort !== undefined && state.deploymentAttempted)
  const {lease} = await acquire(session, {run: state.run, kind: state.kind, undoing})
  const live = open(session)
  live.append({
    type: 'run-resumed',
    machine,
    operator,
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
  if (record === null || readFileSync(liveFile(session), 'utf8').startsWith(record)) return
  archiveRun(session, `${run}.lost`)
  throw problem({
    what: {
      fr: `${run} a été repris et terminé sur un autre poste.`,
      en: `${run} was taken over and ended on another machine.`,
    },
    why: {
      fr: `sa trace est dans refs/postgate/runs/${run} ; ce poste n’a rien changé de plus`,
      en: `its record is in refs/postgate/runs/${run}; this machine changed nothing more`,
    },
    next: {
      fr: 'git pull, puis npx zx scripts/status.ts ; la même commande ouvre une nouvelle exécution',
      en: 'git pull, then npx zx scripts/status.ts; the same command opens a new run',
    },
    exit: 3,
  })
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

function open(session: Session): LiveRun {
  const {world, mask, terminal} = session
  const {recorded} = placesOf(world)
  const journal: Journal = openJournal(liveFile(session), world.clock.now, (text) =>
    recorded(mask.mask(text)),
  )
  return liveRun(mortal(journal, world.sandbox), terminal)
}

function restore(session: Session, journal: string): void {
  const path = liveFile(session)
  mkdirSync(dirname(path), {recursive: true, mode: 0o700})
  writeFileSync(`${path}.new`, journal, {mode: 0o600, flush: true})
  renameSync(`${path}.new`, path)
}

/** Forgets a run that changed nothing. */
export function discardRun(workplace: Pick<Workplace, 'world'>): void {
  rmSync(liveFile(workplace), {force: true})
}

/** Puts the journal of an ended run aside. */
export function archiveRun(workplace: Pick<Workplace, 'world'>, run: string): void {
  const path = liveFile(workplace)
  const folder = join(dirname(path), 'runs')
  mkdirSync(folder, {recursive: true, mode: 0o700})
  if (existsSync(path)) renameSync(path, join(folder, `${run}.jsonl`))
}

/** `20260123-090012-staging-3f9a`: sorts by time, unique across machines. */
function runId({world, scenario}: Session): string {
  const now = world.clock.now().toISOString()
  const stamp = `${now.slice(0, 10).replaceAll('-', '')}-${now.slice(11, 19).replaceAll(':', '')}`
  return `${stamp}-${scenario}-${randomBytes(2).toString('hex')}`
}

async function firstEvent(
  session: Session,
  {run, kind, reason}: {run: string; kind: RunKind; reason?: string},
): Promise<EventBody> {
  const {world, policy, gate, runbook, checkpoint, project, scenario} = session
  const templates = await policy.templates()
  const main = await world.repository.remoteMain().catch(() => null)
  return {
    type: 'run-started',
    run,
    scenario,
    kind,
    checkpoint,
    gate: {path: gate.path, sha256: gate.sha256},
    runbook: {path: runbook.path, sha256: runbook.sha256},
    templates: [...templates.values()].map(({path, source}) => ({path, sha256: sha256(source)})),
    project: project.name,
    bundle: await bundleVersion(world.bundle),
    operator: world.operator,
    machine: world.machine,
    platform: `${process.platform} ${process.arch}, node ${process.versions.node}`,
    sandbox: world.sandbox,
    main: main?.sha ?? (await world.repository.headCommit()) ?? '',
    ...(reason !== undefined && {reason}),
  }
}

export async function bundleVersion(folder: string): Promise<string> {
  const {z} = await import('zod')
  return z
    .object({version: z.string()})
    .parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).version
}
