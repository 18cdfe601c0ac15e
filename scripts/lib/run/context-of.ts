// Builds the context of a phase: its guarded shell, its adapters with the phase's own rights, and a
// view of the run. Adapters are made when they are first asked for, and closed with the context.

import {peopleOf} from '../approvals/roster.ts'
import {lazy} from '../base/lazy.ts'
import type {Fence} from '../documents/fences.ts'
import type {Mode} from '../documents/headings.ts'
import type {Environment, EventBody} from '../domain/event.ts'
import type {Occasion} from '../domain/occasion.ts'
import {problem} from '../domain/problem.ts'
import {recorded} from '../domain/recorded.ts'
import type {RunState} from '../domain/run.ts'
import type {Text} from '../domain/text.ts'
import {authorise} from '../guard/authorised/authorised.ts'
import {childEnvironment, openPrivateHome, type PrivateHome} from '../guard/environment.ts'
import {forbiddenActs} from '../guard/forbidden/forbidden.ts'
import {createShell, type Shell, type Spawned} from '../guard/shell.ts'
import type {AdapterTools} from '../kit/adapter-tools.ts'
import type {Adapters, Context, KnownPeople} from '../kit/context.ts'
import type {Database} from '../kit/ports/database.ts'
import {authorityRows, readAuthorities} from '../policy/authorities.ts'
import {guarded} from '../policy/runbook.ts'
import type {Head} from '../store/journal.ts'
import {placesOf} from '../store/places.ts'
import {type RunRecords, readRecords} from '../store/records/records.ts'
import {lookAtTriggers} from './judging/trigger-look.ts'
import type {Session} from './session.ts'

export interface ContextOptions {
  readonly session: Session
  readonly state: () => RunState
  readonly mode: Mode
  /** The fenced commands that this phase may run. */
  readonly fences: readonly Fence[]
  readonly attempt: number
  /** Milliseconds that each command may take. */
  readonly timeLimitMs?: number
  readonly dryRun: boolean
  readonly record: (
    event: Extract<EventBody, {type: 'fact-recorded' | 'samples-taken' | 'incident-recorded'}>,
  ) => Promise<void>
  readonly onSpawn?: (spawned: Spawned) => void
  readonly signal: AbortSignal
  readonly journalHead?: () => Head
  readonly announce?: (occasion: Occasion) => Promise<void>
  readonly due?: () => Promise<Text | null>
  /** Variables that the guard adds to every child (its git hooks). */
  readonly guardEnvironment?: Readonly<Record<string, string>>
}

export interface OpenContext {
  readonly context: Context
  readonly close: () => Promise<void>
}

export async function openContext(options: ContextOptions): Promise<OpenContext> {
  const {session, state, mode, attempt, dryRun, record, signal} = options
  const home = await privateHome(options)
  const $ = await shellOf(options, home?.folder)
  const {adapters, close} = adaptersOf(options, $)
  const settings = () => {
    const found =
      session.environment === null ? undefined : session.project.environments[session.environment]
    if (found !== undefined) return found
    throw problem({
      what: {
        fr: 'Aucun environnement n’est décrit pour ce scénario.',
        en: 'No environment is described for this scenario.',
      },
      next: {
        fr: 'compléter environments dans postgate.yaml',
        en: 'complete environments in postgate.yaml',
      },
      exit: 2,
    })
  }
  const context: Context = {
    world: session.world,
    scenario: session.scenario,
    environment: session.environment,
    project: session.project,
    settings,
    gate: session.gate,
    checkpoint: session.checkpoint,
    env: session.env,
    run: state,
    records: () => recordsOf(session),
    adapters,
    $,
    mode,
    attempt,
    dryRun,
    worktree: () => {
      const known = recorded(state(), 'worktree')
      if (known !== undefined) return placesOf(session.world).found(known.path)
      return dryRun ? '<worktree>' : missingWorktree()
    },
    fact: (name) => recorded(state(), name),
    record,
    progress: (what: Text, fraction?: number) => session.terminal.progress(what, fraction),
    signal,
    answer: (item) => {
      const given = state().items.get(item)
      return given?.by == null || typeof given.observed !== 'string'
        ? undefined
        : {by: given.by, observed: given.observed}
    },
    authorities: () => readAuthorities(session),
    people: () => peopleIn(session),
    policy: session.policy,
    runbook: session.runbook,
    journalHead: options.journalHead ?? (() => ({hash: '', count: 0})),
    announce: options.announce ?? (async () => {}),
    due: options.due ?? (async () => null),
    triggers: () => lookAtTriggers(session.runbook.abort, session.catalogue, context),
  }
  return {
    context,
    close: async () => {
      await close()
      await home?.remove()
    },
  }
}

function missingWorktree(): never {
  throw problem({
    what: {
      fr: 'Le checkpoint n’est pas encore extrait.',
      en: 'The checkpoint is not checked out yet.',
    },
    next: {fr: 'reprendre à la phase 1', en: 'go on at phase 1'},
    exit: 3,
  })
}

const records = new WeakMap<Session, Promise<RunRecords>>()

/** The project's finished runs, read once per command. */
export function recordsOf(session: Session): Promise<RunRecords> {
  const known = records.get(session)
  if (known !== undefined) return known
  const reading = readRecords(session.world.repository, {
    cache: session.world.cache,
    write: !session.readOnly,
  })
  records.set(session, reading)
  return reading
}

const known = new WeakMap<Session, Promise<KnownPeople>>()

/** Read once per command. Who may decide is read from the remote; here names are only spelled. */
function peopleIn(session: Session): Promise<KnownPeople> {
  const before = known.get(session)
  if (before !== undefined) return before
  const reading = readPeople(session)
  known.set(session, reading)
  return reading
}

async function readPeople({policy}: Session): Promise<KnownPeople> {
  const decision = await policy.file('runbooks/decision.md')
  const people = await peopleOf(decision)
  const rows = await authorityRows(decision.source, decision.path)
  const roles = [...rows.flatMap(([, named]) => named), ...people.map(({role}) => role)]
  return {people, roles: [...new Set(roles)]}
}

/** READ-ONLY children find no home in which a host's CLI could be signed in. */
async function privateHome({mode, session}: ContextOptions): Promise<PrivateHome | null> {
  if (mode !== 'READ-ONLY') return null
  return openPrivateHome(session.readOnly ? null : session.world.cache)
}

async function shellOf(
  {session, mode, fences, onSpawn, signal, guardEnvironment, timeLimitMs}: ContextOptions,
  home: string | undefined,
): Promise<Shell> {
  const {world, runbook} = session
  const listed = fences.map((fence) => guarded(fence, runbook.path))
  return createShell({
    cwd: world.project,
    env: childEnvironment({
      base: world.environment,
      mode,
      allow: [],
      extra: {...guardEnvironment},
      ...(home !== undefined && {privateHome: home}),
    }),
    mask: session.mask,
    authorise: (text) => authorise(text, listed),
    forbidden: (text) => forbiddenActs(text, {mode}),
    onSpawn: (spawned) => {
      // Whatever a child does, it may do it to the remote.
      world.repository.looks.forget()
      onSpawn?.(spawned)
    },
    ...(timeLimitMs !== undefined && {timeoutMs: timeLimitMs}),
    signal,
  })
}

function adaptersOf(
  {session, mode, signal}: ContextOptions,
  $: Shell,
): {adapters: Adapters; close: () => Promise<void>} {
  const {catalogue, project, environment, world} = session
  let database: Promise<Database> | undefined
  const tools = async (): Promise<AdapterTools> => ({
    world,
    project,
    environment,
    mode,
    env: environment === null ? null : await session.env(environment),
    otherEnv: environment === null ? null : await otherEnv(session, environment),
    $,
    scratchDatabase: catalogue.scratchDatabase,
    signal,
  })
  const settings = () => {
    const found = environment === null ? undefined : project.environments[environment]
    if (found === undefined) throw noSuch('environments', String(environment), [])
    return found
  }
  const adapters: Adapters = {
    hosting: lazy(async () => {
      const {hosting} = settings()
      return (await pick(catalogue.hosting, hosting.adapter, 'hosting'))(await tools(), settings())
    }),
    builder: lazy(async () =>
      (await pick(catalogue.builder, project.builder.adapter, 'builder'))(await tools()),
    ),
    database: () => {
      database ??= (async () =>
        (await pick(catalogue.database, project.database?.adapter ?? 'supabase', 'database'))(
          await tools(),
        ))()
      return database
    },
    ci: lazy(async () =>
      project.ci === undefined
        ? null
        : (await pick(catalogue.ci, project.ci.adapter, 'ci'))(await tools()),
    ),
    prober: lazy(async () =>
      (await pick(catalogue.metrics, 'prober', 'metrics'))(await tools(), settings()),
    ),
    metrics: lazy(async () => {
      const {metrics} = settings()
      return metrics === undefined
        ? null
        : (await pick(catalogue.metrics, metrics.adapter, 'metrics'))(await tools(), settings())
    }),
    signal: async (name) => {
      const given = settings().signals[name]
      return given === undefined
        ? null
        : (await pick(catalogue.signals, given.adapter, 'signals'))(await tools(), given)
    },
    notifiers: lazy(async () =>
      Promise.all(
        project.notify.map(async (each) =>
          (await pick(catalogue.notify, each.adapter, 'notify'))(await tools(), each),
        ),
      ),
    ),
  }
  return {
    adapters,
    close: async () => {
      const opened = await database?.catch(() => undefined)
      await opened?.close()
    },
  }
}

async function otherEnv(session: Session, environment: Environment) {
  const other = environment === 'staging' ? 'production' : 'staging'
  if (session.project.environments[other] === undefined) return null
  const file = await session.env(other)
  return file.exists ? file : null
}

async function pick<T>(
  known: Readonly<Record<string, () => Promise<T>>>,
  name: string,
  kind: string,
): Promise<T> {
  const load = Object.hasOwn(known, name) ? known[name] : undefined
  if (load === undefined) throw noSuch(kind, name, Object.keys(known))
  return load()
}

function noSuch(kind: string, name: string, known: readonly string[]) {
  return problem({
    what: {
      fr: `postgate.yaml : ${kind} « ${name} » n’existe pas.`,
      en: `postgate.yaml: there is no ${kind} “${name}”.`,
    },
    ...(known.length > 0 && {
      why: {fr: `connus : ${known.join(', ')}`, en: `known: ${known.join(', ')}`},
    }),
    exit: 2,
  })
}
