// A real PostgreSQL of our own: made once in a folder, started as a direct child, and gone with the
// command that started it. Listens on 127.0.0.1 only, with a password.

import {type ChildProcess, spawn} from 'node:child_process'
import {randomBytes} from 'node:crypto'
import {closeSync, existsSync, openSync} from 'node:fs'
import {chown, mkdir, readFile, rename, rm, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {problem} from '../domain/problem.ts'
import {giveBack, holdFreePort, holdPort} from './free-port.ts'
import {type Binaries, findBinaries, type Kind} from './postgres-binaries.ts'
import {endLeftover, isAlive, processMark} from './postgres-leftover.ts'
import {type ServerUser, serverUser} from './postgres-user.ts'

export interface PostgresServer {
  readonly port: number
  /** `postgresql://postgres:<password>@127.0.0.1:<port>/postgres` */
  readonly superuserUrl: string
  /** null where the server was joined. */
  readonly binaries: Binaries | null
  /** False where another living command of the same folder owns the server: `stop` then leaves it alone. */
  readonly owned: boolean
  readonly stop: () => Promise<void>
}

export interface StartOptions {
  /** Holds `data/`, `port`, `password` and `log`; reused when it exists. */
  readonly folder: string
  /** Else the one of the last start where it is still free, else any free one. */
  readonly port?: number
  readonly binaries?: Kind
}

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
  const user = await serverUser(folder)
  const version = await versionOf(data)
  const binaries = await findBinaries(folder, {kind: options.binaries, version, user})
  const place = {folder, binaries, user}
  if (!existsSync(data)) await initialise(place)
  const port = await choosePort(folder, options.port)
  const child = launch(place, port)
  const superuserUrl = await urlOf(folder, port)
  await untilReady({child, url: superuserUrl, place})
  const kill = () => child.kill('SIGINT')
  process.once('exit', kill)
  await writeFile(
    join(folder, 'owner'),
    JSON.stringify({pid: process.pid, birth: processMark(process.pid), port}),
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
  if (!match || !isAlive(pid) || processMark(pid) !== match[2]) return null
  const superuserUrl = await urlOf(folder, port)
  if (!(await answers(superuserUrl))) return null
  return {port, superuserUrl, binaries: null, owned: false, stop: async () => {}}
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

interface Place {
  readonly folder: string
  readonly binaries: Binaries
  readonly user: ServerUser
}

/** Made aside and renamed: a killed initdb leaves no half of a data folder. */
async function initialise(place: Place): Promise<void> {
  const {folder, binaries, user} = place
  const aside = join(folder, `data.new-${process.pid}`)
  const password = join(folder, 'password')
  await rm(aside, {recursive: true, force: true})
  await writeFile(password, `${randomBytes(18).toString('hex')}\n`, {mode: 0o600})
  if (user.owner !== null) await chown(password, user.owner.uid, user.owner.gid)
  const words = ['-D', aside, '-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${password}`]
  words.push('--encoding=UTF8', '--locale=C', '--no-sync')
  const child = run(place, [join(binaries.folder, 'initdb'), ...words])
  const code = await new Promise((done) => {
    child.once('error', () => done(null))
    child.once('exit', done)
  })
  if (code !== 0) throw await broken(place)
  await rename(aside, join(folder, 'data'))
}

function launch(place: Place, port: number): ChildProcess {
  const {folder, binaries} = place
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
  const child = run(place, [
    join(binaries.folder, 'postgres'),
    '-D',
    join(folder, 'data'),
    ...words,
  ])
  child.unref()
  return child
}

function run({folder, binaries, user}: Place, words: readonly string[]): ChildProcess {
  const log = openSync(join(folder, 'log'), 'a', 0o600)
  const env: NodeJS.ProcessEnv = {PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC'}
  if (binaries.libraries !== '') env.LD_LIBRARY_PATH = binaries.libraries
  const [program = '', ...rest] = [...user.prefix, ...words]
  const options = {cwd: folder, env, ...user.identity}
  const child = spawn(program, rest, {...options, stdio: ['ignore', log, log]})
  closeSync(log)
  return child
}

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

async function untilReady(input: {child: ChildProcess; url: string; place: Place}) {
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
      throw await broken(input.place)
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

async function broken({folder}: Place) {
  const log = await readFile(join(folder, 'log'), 'utf8').catch(() => '')
  const own =
    'rm -rf .sandbox; apt-get install -y postgresql; export PATH="$(ls -d /usr/lib/postgresql/*/bin | tail -n 1):$PATH"'
  return problem({
    what: {
      fr: 'Le PostgreSQL du bac à sable ne démarre pas.',
      en: 'The PostgreSQL of the sandbox does not start.',
    },
    why: log.trim().split('\n').slice(-3).join(' / ') || 'no output',
    next: {
      fr: `prenez celui de votre distribution (${own}), puis relancez la même commande`,
      en: `take your distribution's (${own}), then run the same command again`,
    },
    exit: 2,
  })
}
