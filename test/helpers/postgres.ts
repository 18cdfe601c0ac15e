// A real PostgreSQL for a test file, with a PROD and as many STAGINGs as it needs: Supabase's roles and
// schemas, the fixture's migrations, rows, and a marker in each.

import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import pg from 'pg'
import {parseConnection} from '../../scripts/lib/adapters/database/connection.ts'
import {
  type DatabaseSession,
  openDatabaseSession,
  openReader,
} from '../../scripts/lib/adapters/database/session.ts'
import type {Shape} from '../../scripts/lib/adapters/database/shape.ts'
import {parseShape} from '../../scripts/lib/adapters/database/shape-file.ts'
import {startPostgres} from '../../scripts/lib/sandbox/postgres.ts'

export const stagingRef = 'abcdefghijklmnopqrst'
export const productionRef = 'zyxwvutsrqponmlkjihg'
export const fixtures = join(import.meta.dirname, '../fixtures/database')

export interface TestServer {
  readonly port: number
  /** The connection string of a role of `ref` (`postgres.<ref>`), as a gateway names it. */
  readonly url: (database: string, ref?: string, user?: string) => string
  /** A STAGING full of rows, a copy of PROD's shape. */
  readonly staging: (name: string) => Promise<void>
  /** Runs statements as the superuser, and answers the last rows. */
  readonly query: (database: string, sql: string) => Promise<Record<string, unknown>[]>
  /** A connection that may write. */
  readonly session: (database: string) => Promise<DatabaseSession>
  /** One look at a database. */
  readonly look: <T>(database: string, work: (session: DatabaseSession) => Promise<T>) => Promise<T>
  /** PROD's shape, as a snapshot takes it. */
  readonly shape: () => Promise<Shape>
  readonly stop: () => Promise<void>
}

/** `binaries`: the installed PostgreSQL (`path`, `installed`) or the one that npm brings (`embedded`); else whichever there is. */
export async function testServer(
  options: {readonly binaries?: 'path' | 'embedded' | 'installed'} = {},
): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'postgate-db-'))
  const server = await startPostgres({folder, ...options})
  const superuser = (database: string) => {
    const url = new URL(server.superuserUrl)
    url.pathname = `/${database}`
    return url.href
  }
  const query = async (database: string, sql: string) => {
    const client = new pg.Client({connectionString: superuser(database)})
    await client.connect()
    try {
      const result: unknown = await client.query(sql)
      return lastRows(result)
    } finally {
      await client.end()
    }
  }
  const url = (database: string, ref = stagingRef, user = 'postgres') =>
    `postgresql://${user}.${ref}:secret@127.0.0.1:${server.port}/${database}`
  const target = (database: string) => ({
    connection: parseConnection(url(database), 'STAGING_DB_URL'),
    name: database,
  })
  const look = async <T>(database: string, work: (session: DatabaseSession) => Promise<T>) => {
    const reader = await openReader(target(database))
    try {
      return await reader.look(work)
    } finally {
      await reader.close()
    }
  }
  await query('postgres', roles)
  await query('postgres', 'create database production owner postgate_owner')
  await makeProduction((sql) => query('production', sql))
  return {
    port: server.port,
    url,
    query,
    session: (database) => openDatabaseSession(target(database)),
    look,
    staging: async (name) => {
      await query('postgres', `create database ${name} template production owner postgate_owner`)
      await query(name, asOwner(readFileSync(join(fixtures, 'rows.sql'), 'utf8')))
      await query(name, `update postgate.environment set name = 'staging', ref = '${stagingRef}'`)
    },
    // Kept beside the SQL that makes PROD: not every machine has a pg_dump that knows its server.
    shape: async () => parseShape(readFileSync(join(fixtures, 'shape.sql'), 'utf8'), 'shape.sql'),
    stop: async () => {
      await server.stop()
      rmSync(folder, {recursive: true, force: true})
    },
  }
}

const login = (user: string, ref: string, more: string) =>
  `create role "${user}.${ref}" login password 'secret' ${more};`

const roles = `
  create role anon; create role authenticated; create role service_role;
  create role postgate_owner bypassrls createrole;
  ${[stagingRef, productionRef]
    .map(
      (ref) => `
      ${login('postgres', ref, 'in role postgate_owner')}
      alter role "postgres.${ref}" set role = 'postgate_owner';
      ${login('reader', ref, 'bypassrls in role pg_read_all_data')}
      ${login('blind', ref, 'in role pg_read_all_data')}`,
    )
    .join('\n')}`

const asOwner = (sql: string) => `set role postgate_owner; set search_path = public; ${sql}`

async function makeProduction(query: (sql: string) => Promise<unknown>): Promise<void> {
  await query(readFileSync(join(fixtures, 'platform.sql'), 'utf8'))
  await query(
    'create schema if not exists extensions; grant create on database production to postgate_owner',
  )
  const folder = join(fixtures, 'migrations')
  for (const name of readdirSync(folder).sort()) {
    const source = readFileSync(join(folder, name), 'utf8')
      .replace(/^\\.*$/gm, '')
      .replace(' concurrently', '')
    await query(asOwner(source))
    const [version] = name.split('_')
    await query(
      `insert into supabase_migrations.schema_migrations (version, name) values ('${version}', 'x')`,
    )
  }
  // What somebody granted by hand in PROD: no migration knows of it.
  await query(
    asOwner(
      'grant select on public.open_orders to anon; grant usage on type public.state to service_role',
    ),
  )
  await query(`insert into postgate.environment values ('production', '${productionRef}')`)
}

/** The driver answers one result, or one for each statement. */
function lastRows(result: unknown): Record<string, unknown>[] {
  const last: unknown = Array.isArray(result) ? result.at(-1) : result
  const rows = typeof last === 'object' && last !== null && 'rows' in last ? last.rows : []
  return Array.isArray(rows) ? rows : []
}
