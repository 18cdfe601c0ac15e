// Whether a connection reaches the server itself or a pooler, and of which mode. In transaction mode what
// a session sets, locks or prepares lands on whichever server connection comes next, and stays there:
// pg_dump and the reset need a session of their own.

import {type Problem, problem} from '../../domain/problem.ts'
import type {Text} from '../../domain/text.ts'
import {fail, type Judgement, pass} from '../../domain/verdict.ts'
import type {Connection} from './connection.ts'
import {openReader, type Reader} from './session.ts'

export interface Route {
  readonly pool: 'none' | 'session' | 'transaction'
  /** The port that the server itself listens on. */
  readonly serverPort: string
}

/** Asks the server who it is, on two connections where a pooler stands between. Throws a `Problem` (3) where it does not answer. */
export async function routeOf(connection: Connection, name: string): Promise<Route> {
  const first = await openReader({connection, name})
  try {
    const {pid, port, own} = await backendOf(first)
    // The server itself says at the start which process serves the connection; a pooler makes a number up.
    if (own) return {pool: 'none', serverPort: port}
    const shared = isVendors(connection) || (await sharesBackends(connection, name, first, pid))
    return {pool: shared ? 'transaction' : 'session', serverPort: port}
  } finally {
    await first.close()
  }
}

/** Null where a session of one's own is to be had; else the refusal, with the port to use. */
export async function judgePool(
  {connection}: {connection: Connection},
  name: string,
): Promise<Judgement> {
  const route = await routeOf(connection, name)
  if (route.pool === 'transaction')
    return fail(inTransactionMode(connection), {next: portToUse(connection, route, name)})
  return pass(
    route.pool === 'none'
      ? {fr: 'connexion directe à la base', en: 'direct connection to the database'}
      : {fr: 'pooler en mode session', en: 'pooler in session mode'},
  )
}

/** Throws a `Problem` (3) before anything is dropped. */
export async function refuseTransactionPool(connection: Connection, name: string): Promise<void> {
  const route = await routeOf(connection, name)
  if (route.pool === 'transaction') throw refusal(connection, route, name)
}

function refusal(connection: Connection, route: Route, name: string): Problem {
  return problem({
    what: {
      fr: `La connexion à ${name} ne convient pas à un reset ni à pg_dump : rien n’a été supprimé.`,
      en: `The connection to ${name} suits neither a reset nor pg_dump: nothing was dropped.`,
    },
    why: inTransactionMode(connection),
    next: portToUse(connection, route, name),
    exit: 3,
  })
}

const inTransactionMode = ({port}: Connection): Text => ({
  fr: `un pooler en mode transaction répond sur le port ${port}`,
  en: `a pooler in transaction mode answers on port ${port}`,
})

function portToUse(connection: Connection, {serverPort}: Route, name: string): Text {
  const port = connection.host.endsWith('.pooler.supabase.com') ? '5432' : serverPort
  return {
    fr: `mettre le port ${port} (session ou base directe) dans l’URL de ${name}, sans pgbouncer=true, puis relancer la même commande`,
    en: `put port ${port} (session mode, or the database itself) into the URL of ${name}, without pgbouncer=true, then run the same command again`,
  }
}

const isVendors = ({host, port}: Connection) =>
  host.endsWith('.pooler.supabase.com') && port === 6543

const rounds = 3
const patienceMs = 4_000

/**
 * In session mode each connection keeps its process. In transaction mode the second connection is served by
 * the first one's, or the first one's changes: twice on one and once on the other tells, however they are handed out.
 */
async function sharesBackends(
  connection: Connection,
  name: string,
  first: Reader,
  known: number,
): Promise<boolean> {
  // A pool in session mode with no room left refuses the second, or makes it wait.
  const second = await openReader({connection, name}).catch(() => null)
  if (second === null) return false
  try {
    const seen = {first: new Set([known]), second: new Set<number>()}
    for (let round = 0; round < rounds; round++) {
      for (const turn of ['first', 'second', 'second', 'first'] as const) {
        const asked = backendOf(turn === 'first' ? first : second)
        const backend = await inTime(asked)
        // Where the first still has its own, only the second is left to wait: no sharing.
        if (backend === null) return turn === 'first' || (await inTime(backendOf(first))) === null
        seen[turn].add(backend.pid)
      }
      const overlap = [...seen.second].some((pid) => seen.first.has(pid))
      if (overlap || seen.first.size > 1 || seen.second.size > 1) return true
    }
    return false
  } finally {
    await inTime(second.close())
  }
}

const backendOf = (reader: Reader) =>
  reader.look(async ({client, rows}) => {
    const [row] = await rows<{pid: number; port: string}>(
      `select pg_backend_pid() as pid, current_setting('port') as port`,
    )
    const pid = row?.pid ?? 0
    return {pid, port: row?.port ?? '', own: Reflect.get(client, 'processID') === pid}
  })

/** Null where it takes too long. */
async function inTime<T>(work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), patienceMs)
  })
  work.catch(() => {})
  try {
    return await Promise.race([work, limit])
  } finally {
    clearTimeout(timer)
  }
}
