// A real PostgreSQL of our own: made once in a folder, started as a direct child, and gone with the
// command that started it. Listens on 127.0.0.1 only, with a password.

import {type ChildProcess, spawn} from 'node:child_process'
import {randomBytes} from 'node:crypto'
import {existsSync, openSync} from 'node:fs'
import {chown, mkdir, readFile, rename, rm, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {problem} from '../domain/problem.ts'
import {giveBack, holdFreePort, holdPort} from './free-port.ts'
import {type Binaries, findBinaries} from './postgres-binaries.ts'
import {birthOf, endLeftover, isAlive} from './postgres-leftover.ts'

export interface PostgresServer {
  readonly port: number
  /** `postgresql://postgres:<password>@127.0.0.1:<port>/postgres` */
  readonly superuserUrl: string
  readonly binaries: Binaries
  /** False where another living command of the same folder owns the server: `stop` then leaves it alone. */
  readonly owned: boolean
  readonly stop: () => Promise<void>
}

export interface StartOptions {
  /** Holds `data/`, `port`, `password` and `log`; reused when it exists. */
  readonly folder: string
  /** Else the one of the last start where it is still free, else any free one. */
  readonly port?: number
  readonly binaries?: 'path' | 'embedded'
}

const nobody = 65534

/**
 * Starts (and at the first time makes) the server of `folder`; a leftover of a killed command is ended first.
 * Throws a `Problem` (2) where there are no binaries, or where the server does not come up.
 */
export async function startPostgres(options: StartOptions): Promise<PostgresServer> {
  const {folder} = options
  const data = join(folder, 'data')
  await mkdir(folder, {recursive: true})
  const owner = await livingOwner(folder)
  if (owner !== null) return owner
  await endLeftover(data)
  const binaries = await findBinaries(folder, options.binaries, await versionOf(data))
  if (!existsSync(data)) await initialise(folder, binaries)
  const port = await choosePort(folder, options.port)
  const child = launch(folder, binaries, port)
  const superuserUrl = await urlOf(folder, port)
  await untilReady({child, url: superuserUrl, folder})
  const kill = () => child.kill('SIGINT')
  process.once('exit', kill)
  await writeFile(
    join(folder, 'owner'),
    JSON.stringify({pid: process.pid, birth: birthOf(process.pid), port}),
  )
  const stop = async () => {
    process.off('exit', kill)
    await end(child)
    await rm(join(folder, 'owner'), {force: true})
  }
  return {port, superuserUrl, binaries, owned: true, stop}
}

/** A second command of the same folder joins the server that the first one still runs. */
async function livingOwner(folder: string): Promise<PostgresServer | null> {
  const source = await readFile(join(folder, 'owner'), 'utf8').catch(() => '')
  const match = /"pid":(\d+),"birth":"([^"]*)","port":(\d+)/.exec(source)
  const pid = Number(match?.[1])
  const port = Number(match?.[3])
  if (!match || !isAlive(pid) || birthOf(pid) !== match[2]) return null
  const superuserUrl = await urlOf(folder, port)
  if (!(await answers(superuserUrl))) return null
  const binaries = await findBinaries(folder, undefined, await versionOf(join(folder, 'data')))
  return {port, superuserUrl, binaries, owned: false, stop: async () => {}}
}

const versionOf = (data: string): Promise<string | undefined> =>
  readFile(join(data, 'PG_VERSION'), 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  )

const urlOf = async (folder: string, port: number): Promise<string> => {
  const password = (await readFile(join(folder, 'password'), 'utf8')).trim()
  return `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`
}

/** Made aside and renamed: a killed initdb leaves no half of a data folder. */
async function initialise(folder: string, binaries: Binaries): Promise<void> {
  const aside = join(folder, `data.new-${process.pid}`)
  const password = join(folder, 'password')
  await rm(aside, {recursive: true, force: true})
  await writeFile(password, `${randomBytes(18).toString('hex')}\n`, {mode: 0o600})
  if (isRoot) {
    await chown(folder, nobody, nobody)
    await chown(password, nobody, nobody)
  }
  const words = ['-D', aside, '-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${password}`]
  words.push('--encoding=UTF8', '--locale=C', '--no-sync')
  const child = run(folder, binaries, [join(binaries.folder, 'initdb'), ...words])
  const code = await new Promise((done) => {
    child.once('error', () => done(null))
    child.once('exit', done)
  })
  if (code !== 0) throw await broken(folder)
  await rename(aside, join(folder, 'data'))
}

function launch(folder: string, binaries: Binaries, port: number): ChildProcess {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '30',
    shared_buffers: '16MB',
    // The folder is a toy: it has to survive a killed process, not a power failure.
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
  }
  const words = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const child = run(folder, binaries, [
    join(binaries.folder, 'postgres'),
    '-D',
    join(folder, 'data'),
    ...words,
  ])
  child.unref()
  return child
}

const isRoot = process.getuid?.() === 0

/** As an unprivileged user where we are root (PostgreSQL refuses root), and dying with us where Linux can. */
function run(folder: string, binaries: Binaries, words: readonly string[]): ChildProcess {
  const log = openSync(join(folder, 'log'), 'a', 0o600)
  const env: NodeJS.ProcessEnv = {PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC'}
  if (binaries.libraries !== '') env.LD_LIBRARY_PATH = binaries.libraries
  const options = {cwd: folder, env, stdio: ['ignore', log, log] as const}
  const [program = '', ...rest] = [...(binaries.setpriv ? setpriv : []), ...words]
  return isRoot && !binaries.setpriv
    ? spawn(program, rest, {...options, stdio: ['ignore', log, log], uid: nobody, gid: nobody})
    : spawn(program, rest, {...options, stdio: ['ignore', log, log]})
}

const setpriv = [
  'setpriv',
  ...(isRoot
    ? [
        `--reuid=${nobody}`,
        `--regid=${nobody}`,
        '--clear-groups',
        // The data folder may lie under a folder that only root can enter.
        '--inh-caps=+dac_override',
        '--ambient-caps=+dac_override',
      ]
    : []),
  '--pdeathsig=INT',
]

/** Free at the moment; the server itself binds it. */
async function choosePort(folder: string, wanted: number | undefined): Promise<number> {
  const last = Number(await readFile(join(folder, 'port'), 'utf8').catch(() => '0'))
  const kept = wanted ?? last
  const held = kept > 0 ? await holdPort(kept) : null
  const {port, server} = held === null ? await holdFreePort() : {port: kept, server: held}
  await giveBack(server)
  await writeFile(join(folder, 'port'), `${port}\n`)
  return port
}

async function untilReady(input: {child: ChildProcess; url: string; folder: string}) {
  let ended = false
  input.child.once('exit', () => {
    ended = true
  })
  input.child.once('error', () => {
    ended = true
  })
  const deadline = performance.now() + 30_000
  while (!(await answers(input.url))) {
    if (ended || performance.now() > deadline) {
      input.child.kill('SIGKILL')
      throw await broken(input.folder)
    }
    await sleep(15)
  }
}

/** Ready is what a client sees, not what a log says. */
async function answers(url: string): Promise<boolean> {
  const {default: pg} = await import('pg')
  const client = new pg.Client({connectionString: url, connectionTimeoutMillis: 2_000})
  client.on('error', () => {})
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = new Promise((done) => child.once('exit', done))
  child.ref()
  child.kill('SIGINT')
  const hard = setTimeout(() => child.kill('SIGQUIT'), 8_000)
  await exit
  clearTimeout(hard)
}

async function broken(folder: string) {
  const log = await readFile(join(folder, 'log'), 'utf8').catch(() => '')
  return problem({
    what: {
      fr: 'Le PostgreSQL du bac à sable ne démarre pas.',
      en: 'The PostgreSQL of the sandbox does not start.',
    },
    why: log.trim().split('\n').slice(-3).join(' / ') || 'no output',
    next: {
      fr: 'installez « postgresql », ou supprimez le dossier .sandbox et relancez la commande',
      en: 'install "postgresql", or remove the folder .sandbox and run the command again',
    },
    exit: 2,
  })
}
