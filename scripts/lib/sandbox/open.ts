// Opens the sandbox for one command: made where there is none, brought up to the bundle, its servers
// started, its break applied; and everything given back at the end.

import {existsSync} from 'node:fs'
import {realpath} from 'node:fs/promises'
import {delimiter, join} from 'node:path'
import {sameWord} from '../approvals/roster.ts'
import {flagsOf} from '../base/place-flags.ts'
import {markOf} from '../domain/mark.ts'
import {problem} from '../domain/problem.ts'
import type {OpenSandbox, Sandbox, SandboxOptions} from '../kit/ports/sandbox.ts'
import {lockLocally} from '../store/lease/local-lock.ts'
import {processWords} from '../words/observed.ts'
import type {BreakContext} from './break-effects.ts'
import {openClock, type SandboxClock} from './clock.ts'
import {withCrashPoint} from './crash-point.ts'
import {installTools, removeLeftovers} from './create.ts'
import {jsonOf, replaceFile} from './file.ts'
import {dropStaleLocks, git} from './git.ts'
import {pathsOf, type SandboxPaths, sandboxRoot} from './paths.ts'
import {people} from './people.ts'
import {copyPolicy, pendingPolicy} from './policy.ts'
import {holdPorts, portsSchema} from './ports.ts'
import {settlePorts} from './ports-move.ts'
import {startPostgres} from './postgres.ts'
import {type Faults, noFaults} from './services/faults.ts'
import {startServices} from './services/services.ts'
import {readState, type SandboxState} from './state.ts'

type Closer = () => Promise<unknown>

/**
 * Opens `<bundle>/.sandbox` (see `sandboxRoot`). Throws a `Problem`: 2 for an unknown break or a sandbox of another version,
 * 3 where another command is using it.
 */
export const openSandbox: OpenSandbox = async (options) => {
  if (options.break !== undefined) await checkBreakName(options.break)
  const bundle = await realpath(options.bundle)
  const paths = pathsOf(sandboxRoot(bundle))
  const closers: Closer[] = []
  const close = async () => {
    for (let closer = closers.pop(); closer !== undefined; closer = closers.pop()) await closer()
  }
  try {
    if (options.services || !existsSync(paths.state)) {
      const release = await takeLock(paths.root, options)
      closers.push(release)
      await removeLeftovers(paths.root)
      await makeOnce({bundle, root: paths.root, options})
      if (!options.services) await close()
    }
    const state = await readState(paths.state)
    const clock = await openClock(paths.clock, {persist: !options.readOnly})
    clock.advance(options.advanceMs)
    if (options.services) await start({bundle, paths, state, clock, options, closers})
    const keyOf = (role: string) => {
      const person = people.find((each) => sameWord(each.role, role))
      return person && join(paths.keys, person.id)
    }
    return {
      world: {
        project: await realpath(paths.project),
        clock,
        environment: await environmentOf(paths, options),
        cache: paths.cache,
        // Its documents are shown to others: they need not know on which machine somebody tried it.
        machine: 'sandbox',
        mark: markOf({sandbox: true}),
        flags: flagsOf({sandbox: true}),
        selfContained: true,
        journal: withCrashPoint,
      },
      standIns: {
        answersFile: answersPath(paths, options),
        keyOf,
        beforeRun: async (scope) => (await import('./approval.ts')).approveBefore(scope, keyOf),
      },
      policy: async () =>
        options.readOnly ? (await pendingPolicy({bundle, paths})).files : new Map(),
      close,
    } satisfies Sandbox
  } catch (error) {
    await close().catch(() => {})
    throw error
  }
}

async function makeOnce(wanted: {
  bundle: string
  root: string
  options: SandboxOptions
}): Promise<void> {
  const {bundle, root, options} = wanted
  if (existsSync(pathsOf(root).state)) return
  const {createSandbox, isMade} = await import('./create.ts')
  if (await isMade(root)) return
  if (options.interactive) process.stderr.write('SANDBOX · + .sandbox/ …\n')
  await createSandbox(bundle, root)
}

interface Start {
  readonly bundle: string
  readonly paths: SandboxPaths
  readonly state: SandboxState
  readonly clock: SandboxClock
  readonly options: SandboxOptions
  readonly closers: Closer[]
}

/** Servers first, since a break may need them; each pushes what ends it. */
async function start({bundle, paths, state, clock, options, closers}: Start): Promise<void> {
  const postgres = await startPostgres({folder: paths.postgres})
  closers.push(postgres.stop)
  const now = () => clock.now()
  if (!options.readOnly) {
    for (const folder of [join(paths.project, '.git'), paths.remote]) await dropStaleLocks(folder)
    await followFolder(paths)
    await installTools(paths)
  }
  const {ports: held, servers, release} = await holdPorts(paths.ports)
  closers.push(release)
  await settlePorts({paths, held, postgres: postgres.port, readOnly: options.readOnly, now})
  const context: BreakContext = {
    paths,
    state,
    superuserUrl: postgres.superuserUrl,
    scenario: options.scenario,
    now,
  }
  const faults = await faultsOf(context, options.break, {clock, closers})
  if (!options.readOnly) await copyPolicy({bundle, paths, now: now()})
  const {answersFile} = await import('./answers.ts')
  replaceFile(answersPath(paths, options), answersFile(await gateTag(paths, state), now()))
  const {superuserUrl} = postgres
  const services = await startServices({paths, servers, state, superuserUrl, now, faults})
  closers.push(services.close)
}

/** The machinery of breaks is loaded only where there is one to make or to undo. */
async function faultsOf(
  context: BreakContext,
  name: string | undefined,
  {clock, closers}: Pick<Start, 'clock' | 'closers'>,
): Promise<Faults> {
  if (name === undefined && !existsSync(context.paths.broken)) return noFaults
  const {breakOf} = await import('./break.ts')
  const {faults, undo} = await breakOf(context, name, clock)
  closers.push(undo)
  return faults
}

async function checkBreakName(name: string): Promise<void> {
  const breaks = await import('./breaks.ts')
  breaks.breakNamed(name)
}

async function takeLock(root: string, options: SandboxOptions): Promise<Closer> {
  const lock = await lockLocally(root, options.scenario)
  if ('release' in lock) return lock.release
  throw problem({
    what: {
      fr: 'Le bac à sable (SANDBOX) est déjà utilisé par une autre commande.',
      en: 'The SANDBOX is already being used by another command.',
    },
    why: processWords(lock.heldBy),
    next: {
      fr: 'attendre sa fin, ou y mettre fin, puis relancer',
      en: 'wait for its end, or end it, then run again',
    },
    exit: 3,
  })
}

/** Answers are of today; a plan keeps its own in the one folder that it may write to. */
const answersPath = (paths: SandboxPaths, {readOnly, services}: SandboxOptions): string =>
  readOnly && services ? join(paths.postgres, 'answers.yaml') : paths.answers

/** A moved folder: the clone follows its remote. */
async function followFolder({project, remote}: SandboxPaths): Promise<void> {
  const known = await git(project, ['config', 'remote.origin.url']).catch(() => '')
  if (known !== remote) await git(project, ['config', 'remote.origin.url', remote])
}

/** The newest gate may be one that a person opened since. */
async function gateTag({project}: SandboxPaths, state: SandboxState): Promise<string> {
  const {readGate} = await import('../policy/gate-file.ts')
  return readGate(project).then(
    (gate) => gate.tag,
    () => state.tag,
  )
}

/** The process's own, with the sandbox's tools first and nobody's real tokens. */
async function environmentOf(
  paths: SandboxPaths,
  {readOnly}: SandboxOptions,
): Promise<Readonly<Record<string, string | undefined>>> {
  const ports = await jsonOf(paths.ports, portsSchema)
  const inherited = Object.entries(process.env).filter(([key]) => !foreign.test(key))
  return {
    ...Object.fromEntries(inherited),
    PATH: [paths.bin, process.env.PATH ?? ''].join(delimiter),
    XDG_CACHE_HOME: paths.cache,
    GITHUB_TOKEN: 'sandbox-github-token',
    SUPABASE_ACCESS_TOKEN: 'sandbox-supabase-token',
    ...(ports === null ? {} : {SUPABASE_API_URL: `http://127.0.0.1:${ports.api}`}),
    POSTGATE_SANDBOX: '1',
    ...(readOnly ? {GIT_OPTIONAL_LOCKS: '0'} : {}),
  }
}

const foreign =
  /^(GH_TOKEN|GITHUB_|SUPABASE_|NETLIFY_|VERCEL_|FIREBASE_|GOOGLE_APPLICATION_|PG[A-Z]+$|GIT_(DIR|WORK_TREE|INDEX_FILE)$)/
