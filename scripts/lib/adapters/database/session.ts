// Connections of the PostgreSQL driver: discrete fields only, nothing from PG* variables. A look is one
// read-only transaction that is rolled back and sets nothing but for itself: behind a pooler the server's
// connection goes on to somebody else, with all that was left on it.

import type {Client, QueryResultRow} from 'pg'
import {type Problem, problem} from '../../domain/problem.ts'
import type {Connection} from './connection.ts'

export interface DatabaseSession {
  readonly client: Client
  /** Rows of a query, as plain objects. */
  readonly rows: <T extends QueryResultRow>(
    sql: string,
    values?: readonly unknown[],
  ) => Promise<T[]>
  readonly close: () => Promise<void>
}

/** A database that is only looked at: there is no way to ask it something outside a transaction. */
export interface Reader {
  /** What `work` asks, all of one moment. `read write` is for proving that the role may not write. */
  readonly look: <T>(
    work: (session: DatabaseSession) => Promise<T>,
    access?: 'read only' | 'read write',
  ) => Promise<T>
  readonly close: () => Promise<void>
}

// The same bytes of text for the same value, whatever the server's configuration says.
const settled = {
  TimeZone: 'UTC',
  DateStyle: 'ISO, YMD',
  IntervalStyle: 'postgres',
  bytea_output: 'hex',
  extra_float_digits: '1',
  lc_monetary: 'C',
  // Without it a role that row security filters would see empty tables: with it, it gets an error.
  row_security: 'off',
}

const settleLook = Object.entries(settled)
  .map(([name, value]) => `set local ${name} = '${value}'`)
  .join('; ')

/** Throws a `Problem` (3) where the server does not answer or refuses the role. */
export async function openReader(input: {connection: Connection; name: string}): Promise<Reader> {
  const session = await connect(input)
  let last: Promise<unknown> = Promise.resolve()
  return {
    // One connection holds one transaction: a second question waits for the first.
    look: (work, access = 'read only') => {
      const answer = last.then(() => inLook(session, access, work))
      last = answer.catch(() => {})
      return answer
    },
    close: session.close,
  }
}

async function inLook<T>(
  session: DatabaseSession,
  access: string,
  work: (session: DatabaseSession) => Promise<T>,
): Promise<T> {
  await session.client.query(`begin isolation level repeatable read ${access}; ${settleLook}`)
  try {
    return await work(session)
  } finally {
    await session.client.query('rollback').catch(() => {})
  }
}

/** A connection that may write, for the reset. What the session sets on it goes when it is closed. */
export async function openDatabaseSession(input: {
  connection: Connection
  name: string
}): Promise<DatabaseSession> {
  const session = await connect(input)
  return {
    ...session,
    close: async () => {
      await session.client.query('discard all').catch(() => {})
      await session.close()
    },
  }
}

async function connect({
  connection,
  name,
}: {
  connection: Connection
  name: string
}): Promise<DatabaseSession> {
  const {default: pg} = await import('pg')
  dropPgVariables()
  const client = new pg.Client({
    ...connection,
    application_name: 'postgate',
    connectionTimeoutMillis: 15_000,
    keepAlive: true,
  })
  // A connection that breaks between two queries is told by the next query.
  client.on('error', () => {})
  try {
    await client.connect()
  } catch (error) {
    await client.end().catch(() => {})
    throw unreachable(name, error)
  }
  return {
    client,
    rows: async <T extends QueryResultRow>(sql: string, values: readonly unknown[] = []) => {
      const result = await client.query<T>(sql, [...values])
      return result.rows
    },
    close: () => client.end(),
  }
}

/**
 * What `work` answers, or null where it fails with one of these SQLSTATEs: the transaction around it goes on.
 */
export async function attempt<T>(
  {client}: DatabaseSession,
  states: readonly string[],
  work: () => Promise<T>,
): Promise<T | null> {
  await client.query('savepoint attempt')
  try {
    const answer = await work()
    await client.query('release savepoint attempt')
    return answer
  } catch (error) {
    if (!states.includes(stateOf(error))) throw error
    await client.query('rollback to savepoint attempt; release savepoint attempt')
    return null
  }
}

/** The driver falls back on PG* variables wherever a field is empty. */
function dropPgVariables(): void {
  for (const name of Object.keys(process.env)) {
    if (/^PG[A-Z]+$/.test(name)) delete process.env[name]
  }
}

function unreachable(name: string, error: unknown): Problem {
  return problem({
    what: {
      fr: `La base de données ${name} ne répond pas.`,
      en: `The database ${name} does not answer.`,
    },
    why: driverReason(error),
    next: {
      fr: 'vérifier le réseau et le fichier d’environnement, puis relancer la même commande',
      en: 'check the network and the env file, then run the same command again',
    },
    exit: 3,
  })
}

/** The code and the kind of a driver's error: its text could quote values or the address. */
export function driverReason(error: unknown): string {
  if (error instanceof AggregateError) return driverReason(error.errors[0])
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const known: Readonly<Record<string, string>> = {
    '28P01': 'password authentication failed',
    '28000': 'role not allowed',
    '3D000': 'database does not exist',
    ECONNREFUSED: 'connection refused',
    ENOTFOUND: 'host not found',
    ETIMEDOUT: 'timeout',
    EHOSTUNREACH: 'no route to the host',
    ENETUNREACH: 'no route to the network',
    ECONNRESET: 'connection lost',
  }
  if (known[code] !== undefined) return `${known[code]} (${code})`
  if (code === '' && error instanceof Error) {
    // The driver's own words, which carry no code.
    if (/timeout/i.test(error.message)) return 'timeout'
    if (/terminated/i.test(error.message)) return 'connection lost'
    if (/does not support SSL/i.test(error.message)) return 'the server does not support SSL'
  }
  return code || (error instanceof Error ? error.name : 'unknown')
}

/** A name as an SQL identifier. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** A value as an SQL string constant. */
export const literal = (value: string): string =>
  value.includes('\\')
    ? ` E'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
    : `'${value.replaceAll("'", "''")}'`

/** The SQLSTATE of a driver's error; empty where it has none. */
export const stateOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : ''
