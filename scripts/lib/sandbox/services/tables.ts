// Tables as PostgREST serves them: each question in one transaction, as the signed-in role, on the real
// PostgreSQL.

import type {PoolClient} from 'pg'
import {z} from 'zod'
import {parsedJson} from '../../domain/json.ts'
import type {Claims} from '../tokens.ts'

export interface Result {
  readonly status: number
  readonly rows: unknown
  readonly headers?: Readonly<Record<string, string>>
}

const row = z.record(z.string().regex(/^\w+$/), z.unknown())

/** GET, HEAD and POST of one table. */
export async function query(
  client: PoolClient,
  input: {method: string; url: URL; table: string; body: string; prefer: string},
): Promise<Result> {
  const {method, table} = input
  if (method === 'GET' || method === 'HEAD') {
    const {rows, total} = await select(client, table, input.url)
    const range = `${rows.length === 0 ? '*' : `0-${rows.length - 1}`}/${total}`
    return {
      status: 200,
      rows: method === 'HEAD' ? undefined : rows,
      headers: {'content-range': range},
    }
  }
  if (method !== 'POST') return {status: 405, rows: {message: 'Method Not Allowed'}}
  const values = z.union([row, z.array(row)]).parse(parsedJson(input.body))
  // As with PostgREST, RETURNING would also need the right to read the row.
  const wanted = /return=representation/.test(input.prefer)
  const rows = await insert(client, table, Array.isArray(values) ? values : [values], wanted)
  return {status: 201, rows: wanted ? rows : undefined}
}

const roles: Readonly<Record<string, string>> = {
  anon: 'anon',
  authenticated: 'authenticated',
  service_role: 'service_role',
}

/** Opens the transaction in which everything is asked as who signed in. */
export async function begin(client: PoolClient, claims: Claims): Promise<void> {
  await client.query('begin')
  await client.query(`set local role ${roles[claims.role] ?? 'anon'}`)
  await client.query("select set_config('request.jwt.claims', $1, true)", [JSON.stringify(claims)])
}

async function select(client: PoolClient, table: string, url: URL) {
  const conditions: string[] = []
  const values: string[] = []
  for (const [column, value] of url.searchParams) {
    const operand = /^eq\.(.*)$/s.exec(value)?.[1]
    if (!/^\w+$/.test(column) || operand === undefined) continue
    values.push(operand)
    conditions.push(`"${column}"::text = $${values.length}`)
  }
  const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`
  const columns = (url.searchParams.get('select') ?? '*')
    .split(',')
    .map((column) => (/^\w+$/.test(column) ? `"${column}"` : '*'))
    .join(', ')
  const limit = Math.min(Number(url.searchParams.get('limit') ?? 1000) || 0, 1000)
  const {rows: counted} = await client.query<{total: string}>(
    `select count(*) as total from public."${table}" ${where}`,
    values,
  )
  const {rows} = await client.query(
    `select ${columns} from public."${table}" ${where} limit ${limit}`,
    values,
  )
  return {rows, total: Number(counted[0]?.total)}
}

async function insert(
  client: PoolClient,
  table: string,
  rows: readonly z.output<typeof row>[],
  returning: boolean,
) {
  const made: unknown[] = []
  for (const values of rows) {
    const columns = Object.keys(values)
    const list = columns.map((column) => `"${column}"`).join(', ')
    const slots = columns.map((_, index) => `$${index + 1}`).join(', ')
    const words = columns.length === 0 ? 'default values' : `(${list}) values (${slots})`
    const result = await client.query(
      `insert into public."${table}" ${words} ${returning ? 'returning *' : ''}`,
      columns.map((column) => parameter(values[column])),
    )
    made.push(...result.rows)
  }
  return made
}

const parameter = (value: unknown) =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : value

/** The statuses that PostgREST gives for PostgreSQL's codes. */
export function postgrestError(error: unknown, claims: Claims): Result {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const message = error instanceof Error ? error.message : 'error'
  const status =
    code === '42501'
      ? claims.role === 'anon'
        ? 401
        : 403
      : code === '42P01'
        ? 404
        : code.startsWith('23')
          ? 409
          : code === '' || code.startsWith('22') || code.startsWith('42')
            ? 400
            : 500
  return {status, rows: {code, message, details: null, hint: null}}
}
