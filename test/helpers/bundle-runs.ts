// Whole commands of the bundle, run as a person runs them, in a copy of the working tree: the sandbox
// that they make is the copy's own. One prepared sandbox is copied wherever a fresh one is wanted.

import {execFileSync, spawn} from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {pathsOf, type SandboxPaths} from '../../scripts/lib/sandbox/paths.ts'
import {madeOnce} from './made-once.ts'

const root = join(import.meta.dirname, '../..')

export interface Ran {
  /** null where a signal ended it. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** Called with everything printed so far, and a way to send a signal to the command. */
  readonly onOutput?: (text: string, send: (signal: NodeJS.Signals) => void) => void
  readonly timeoutMs?: number
}

export interface Bundle {
  readonly path: string
  readonly paths: SandboxPaths
  /** `run(['scripts/staging.ts', '--sandbox'])`: the script under zx, as `npx zx` starts it. */
  readonly run: (args: readonly string[], options?: RunOptions) => Promise<Ran>
  readonly git: (...words: string[]) => string
  /** A file of the sandbox's project; empty where it is not there. */
  readonly read: (path: string) => string
  readonly docs: () => string[]
  /** Another bundle whose sandbox is a copy of this one's, as it is now. */
  readonly copy: () => Bundle
  readonly remove: () => void
}

/** A copy of the working tree, without a sandbox. */
export function bundleCopy(): Bundle {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'postgate-bundle-')))
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {cwd: root})
  for (const name of listed.toString('utf8').split('\0')) {
    if (name === '' || name.startsWith('test/') || !existsSync(join(root, name))) continue
    mkdirSync(dirname(join(path, name)), {recursive: true})
    cpSync(join(root, name), join(path, name))
  }
  symlinkSync(join(root, 'node_modules'), join(path, 'node_modules'))
  return bundleAt(path)
}

/** A copy of the working tree with a sandbox that was just born; under `npm test` all files copy one. */
export async function bundleWithSandbox(): Promise<Bundle> {
  const shared = process.env.POSTGATE_TEST_SHARED
  if (shared === undefined) return newborn()
  const path = await madeOnce(join(shared, 'born'), async () => (await newborn()).path)
  return bundleAt(path).copy()
}

async function newborn(): Promise<Bundle> {
  const bundle = bundleCopy()
  const made = await bundle.run(['scripts/staging.ts', '--sandbox', '--status'])
  if (!existsSync(bundle.paths.state)) throw new Error(`no sandbox: ${made.stdout}${made.stderr}`)
  return bundle
}

function bundleAt(path: string): Bundle {
  const paths = pathsOf(join(path, '.sandbox'))
  const git = (...words: string[]) =>
    execFileSync('git', ['-C', paths.project, ...words], {encoding: 'utf8', stdio: 'pipe'}).trim()
  return {
    path,
    paths,
    run: (args, options = {}) => command(path, args, options),
    git,
    read: (name) =>
      existsSync(join(paths.project, name)) ? readFileSync(join(paths.project, name), 'utf8') : '',
    docs: () => readdirSync(join(paths.project, 'docs')).sort(),
    copy: () => {
      const other = bundleAt(realpathSync(mkdtempSync(join(tmpdir(), 'postgate-bundle-'))))
      // Owners and modes are the database's.
      execFileSync('cp', ['-a', `${path}/.`, other.path])
      // Its own remote, which the next command would find by itself; a test may push before that.
      other.git('config', 'remote.origin.url', other.paths.remote)
      // Its own ports, or two copies would want the same ones at the same moment.
      for (const file of [other.paths.ports, join(other.paths.postgres, 'port')])
        rmSync(file, {force: true})
      return other
    },
    remove: () => rmSync(path, {recursive: true, force: true, maxRetries: 5}),
  }
}

const zx = join(root, 'node_modules/zx/build/cli.js')
// By its address: a command may run in a folder from which no package is found.
const loader = import.meta.resolve('typescript-when-needed')

function command(
  bundle: string,
  args: readonly string[],
  {env = {}, cwd = bundle, onOutput, timeoutMs = 800_000}: RunOptions,
): Promise<Ran> {
  const {NODE_OPTIONS: _, ...inherited} = process.env
  const [script = '', ...rest] = args
  const words = [
    '--unhandled-rejections=strict',
    `--import=${loader}`,
    zx,
    join(bundle, script),
    ...rest,
  ]
  const child = spawn(process.execPath, words, {
    cwd,
    env: {...inherited, NO_COLOR: '1', POSTGATE_SANDBOX_HASTE: '1', ...env},
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = {stdout: '', stderr: ''}
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8')
    child[stream].on('data', (text: string) => {
      said[stream] += text
      onOutput?.(said.stdout + said.stderr, (signal) => void child.kill(signal))
    })
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      clearTimeout(timer)
      // What a killed command started may hold its output open: the end is not waited for long.
      const end = () => {
        child.stdout.destroy()
        child.stderr.destroy()
        resolve({code, signal, ...said})
      }
      const patience = setTimeout(end, signal === null ? 3_000 : 100)
      child.on('close', () => {
        clearTimeout(patience)
        end()
      })
    })
  })
}
