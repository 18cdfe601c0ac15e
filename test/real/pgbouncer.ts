// A real PgBouncer on loopback in front of a real PostgreSQL, in transaction mode as Supabase's port 6543 is,
// and an application that keeps writing through it.

import {spawn} from 'node:child_process'
import {chmodSync, chownSync, existsSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import pg from 'pg'
import {temporaryFolder} from '../helpers/folder.ts'
import {freePort} from '../helpers/free-port.ts'

export interface PgBouncer {
  readonly port: number
  readonly close: () => Promise<void>
}

/** Starts it; `users` are logins of the server by password. Throws where it is not installed. */
export async function startPgBouncer(input: {
  readonly serverPort: number
  readonly users: Readonly<Record<string, string>>
  readonly poolSize: number
  readonly mode?: 'transaction' | 'session'
}): Promise<PgBouncer> {
  const port = await freePort()
  const users = Object.entries(input.users).map(([name, password]) => `"${name}" "${password}"`)
  const folder = temporaryFolder({'users.txt': `${users.join('\n')}\n`, 'pgbouncer.ini': ''})
  const ini = `[databases]
* = host=127.0.0.1 port=${input.serverPort}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${join(folder.path, 'users.txt')}
pool_mode = ${input.mode ?? 'transaction'}
default_pool_size = ${input.poolSize}
max_client_conn = 200
server_login_retry = 1
`
  folder.write({'pgbouncer.ini': ini})
  // It refuses to run as root.
  const asNobody = process.getuid?.() === 0 ? ['-u', 'nobody'] : []
  chmodSync(folder.path, 0o755)
  if (asNobody.length > 0)
    for (const name of ['users.txt', 'pgbouncer.ini'])
      chownSync(join(folder.path, name), 65534, 65534)
  const program = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer'].find(existsSync)
  if (program === undefined)
    throw new Error('PgBouncer is not installed: apt-get install pgbouncer')
  const child = spawn(program, ['-q', ...asNobody, join(folder.path, 'pgbouncer.ini')], {
    stdio: 'ignore',
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  for (let tries = 0; !(await listens(port)); tries++) {
    if (child.exitCode !== null || tries > 200) throw new Error('PgBouncer does not start')
    await sleep(20)
  }
  return {
    port,
    close: async () => {
      child.kill('SIGQUIT')
      await ended
      folder.remove()
    },
  }
}

export interface Application {
  /** How many rows it has written by now. */
  readonly written: () => number
  /** SQLSTATEs and words of what it could not write. */
  readonly refused: () => readonly string[]
  /** Waits until it has written this many more. */
  readonly writes: (more: number) => Promise<void>
  readonly close: () => Promise<void>
}

/** Some connections that each write a row every few milliseconds, and connect anew where theirs is lost. */
export function startApplication(
  url: string,
  connections: number,
  {makesTable = false}: {readonly makesTable?: boolean} = {},
): Application {
  let open = true
  let written = 0
  const refused: string[] = []
  const table = makesTable
    ? // Two that make it at once: one of them would meet the other's (23505).
      'select pg_advisory_xact_lock(7); create schema if not exists app; create table if not exists app.beats (at timestamptz not null)'
    : ''
  const work = Array.from({length: connections}, async () => {
    while (open) {
      const client = new pg.Client({connectionString: url, connectionTimeoutMillis: 2_000})
      client.on('error', () => {})
      try {
        await client.connect()
        await client.query(table)
        while (open) {
          await client.query(`insert into app.beats (at) values ('12.01.2026 03:04'::timestamptz)`)
          written++
          await sleep(5)
        }
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : ''
        refused.push(`${code} ${String(error)}`)
        await sleep(50)
      } finally {
        await client.end().catch(() => {})
      }
    }
  })
  return {
    written: () => written,
    refused: () => refused,
    writes: async (more) => {
      const wanted = written + more
      for (let tries = 0; written < wanted && tries < 500; tries++) await sleep(10)
      if (written < wanted) throw new Error(`the application wrote ${written}, not ${wanted}`)
    },
    close: async () => {
      open = false
      await Promise.all(work)
    },
  }
}

/** What sessions of an application find set, over more connections than the pool has. */
export async function settingsFound(url: string, connections: number): Promise<readonly string[]> {
  const names = [
    ...['default_transaction_read_only', 'transaction_read_only', 'row_security', 'TimeZone'],
    ...['DateStyle', 'IntervalStyle', 'bytea_output', 'extra_float_digits', 'lc_monetary'],
    ...['search_path', 'statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'],
    ...['client_min_messages', 'check_function_bodies', 'role'],
  ]
  const said = names.map((name) => `'${name}=' || current_setting('${name}')`).join(', ')
  const clients = Array.from({length: connections}, () => new pg.Client({connectionString: url}))
  try {
    await Promise.all(clients.map((client) => client.connect()))
    // All at once, so that each has a server connection of its own.
    const answers = await Promise.all(
      clients.map((client) =>
        client.query(`select concat_ws(' ', ${said}) as set from pg_sleep(0.05)`),
      ),
    )
    return [...new Set(answers.flatMap(({rows}) => rows.map((row) => String(row.set))))]
  } finally {
    await Promise.all(clients.map((client) => client.end()))
  }
}

async function listens(port: number): Promise<boolean> {
  const client = new pg.Client({host: '127.0.0.1', port, user: 'x', database: 'x', password: 'x'})
  client.on('error', () => {})
  try {
    await client.connect()
    return true
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED')
  } finally {
    await client.end().catch(() => {})
  }
}
