// The sandbox's two databases, made as Supabase would make them: roles, auth, storage, the migrations
// of the project run by their owner, a marker that says which environment each is, and rows.

import {createHash, randomBytes, randomUUID, timingSafeEqual} from 'node:crypto'
import {readdir, readFile} from 'node:fs/promises'
import {join} from 'node:path'
import type {Client} from 'pg'
import type {Environment} from '../domain/event.ts'
import {type SandboxState, smokeUser} from './state.ts'

const sqlFolder = join(import.meta.dirname, 'database')

/** Makes roles and databases of a new server; `migrations` is the project's folder of them. */
export async function makeDatabases(input: {
  superuserUrl: string
  migrations: string
  state: Pick<SandboxState, 'environments' | 'gatewayPassword'>
}): Promise<void> {
  const {superuserUrl, state} = input
  await withClient(superuserUrl, async (client) => {
    await client.query(roles(state))
    await client.query('create database production owner supabase_owner')
  })
  const production = databaseUrl(superuserUrl, 'production')
  await withClient(production, async (client) => {
    await client.query(await readFile(join(sqlFolder, 'platform.sql'), 'utf8'))
    await migrate(client, input.migrations)
  })
  // Born as a copy: the same shape to the last grant, as after a perfect reset.
  await withClient(superuserUrl, (client) =>
    client.query('create database staging template production owner supabase_owner'),
  )
  await Promise.all([fill(input, 'production', 160), fill(input, 'staging', 24)])
}

export function databaseUrl(superuserUrl: string, database: string): string {
  const url = new URL(superuserUrl)
  url.pathname = `/${database}`
  return url.href
}

export async function withClient<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const {default: pg} = await import('pg')
  const client = new pg.Client({connectionString: url})
  client.on('error', () => {})
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}

/** `scrypt` would take longer than the whole set-up; these passwords protect nothing. */
export function hashPassword(password: string, salt = randomBytes(8).toString('hex')): string {
  return `sha256$${salt}$${createHash('sha256').update(salt).update(password).digest('hex')}`
}

export function passwordMatches(password: string, hash: string): boolean {
  const salt = hash.split('$')[1] ?? ''
  const wanted = Buffer.from(hash)
  const given = Buffer.from(hashPassword(password, salt))
  return wanted.length === given.length && timingSafeEqual(wanted, given)
}

function roles({
  environments,
  gatewayPassword,
}: Pick<SandboxState, 'environments' | 'gatewayPassword'>) {
  const logins = Object.values(environments).map(
    ({ref, dbPassword, readerPassword}) => `
      -- The pooler's name for the owner of one project: it acts as the owner.
      create role "postgres.${ref}" login password '${dbPassword}' in role supabase_owner;
      alter role "postgres.${ref}" set role = 'supabase_owner';
      create role "lecture.${ref}" login bypassrls password '${readerPassword}' in role pg_read_all_data;
      alter role "lecture.${ref}" set default_transaction_read_only = on;`,
  )
  return `
    create role anon nologin;
    create role authenticated nologin;
    create role service_role nologin bypassrls;
    create role supabase_storage_admin nologin;
    create role supabase_admin superuser nologin;
    create role supabase_owner nologin createrole bypassrls in role supabase_storage_admin;
    create role authenticator login noinherit password '${gatewayPassword}'
      in role anon, authenticated, service_role;
    ${logins.join('\n')}`
}

async function migrate(client: Client, folder: string): Promise<void> {
  await client.query('set role supabase_owner')
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort()) {
    await client.query(await readFile(join(folder, name), 'utf8'))
    await client.query(
      'insert into supabase_migrations.schema_migrations (version, name) values ($1, $2)',
      [name.split('_')[0], name.replace(/^\d+_|\.sql$/g, '')],
    )
  }
  await client.query('reset role')
}

async function fill(
  {superuserUrl, state}: {superuserUrl: string; state: Pick<SandboxState, 'environments'>},
  name: Environment,
  amount: number,
): Promise<void> {
  const rows = await readFile(join(sqlFolder, 'rows.sql'), 'utf8')
  const {ref, smokePassword} = state.environments[name]
  await withClient(databaseUrl(superuserUrl, name), async (client) => {
    await client.query('insert into postgate.environment (name, ref) values ($1, $2)', [name, ref])
    for (const email of [smokeUser[name], 'amina.diallo@sandbox.example']) {
      await client.query(
        'insert into auth.users (id, email, encrypted_password) values ($1, $2, $3)',
        [
          randomUUID(),
          email,
          hashPassword(email === smokeUser[name] ? smokePassword : randomUUID()),
        ],
      )
    }
    await client.query(`set sandbox.amount = '${amount}'; ${rows}`)
  })
}
