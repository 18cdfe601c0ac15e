// A database of one kind, twice: PROD's shape is taken, STAGING is reset by the command itself, with migrations
// or by the shape alone, and then asked what came of it. Made and reset by one role that may do all.

import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import pg from 'pg'
import * as assert from 'uvu/assert'
import {readCatalogue} from '../../scripts/lib/adapters/database/catalogue.ts'
import {compareCatalogues} from '../../scripts/lib/adapters/database/catalogue-compare.ts'
import {parseConnection} from '../../scripts/lib/adapters/database/connection.ts'
import {judgeReferences, judgeShape} from '../../scripts/lib/adapters/database/judgements.ts'
import {openReader} from '../../scripts/lib/adapters/database/session.ts'
import type {Shape} from '../../scripts/lib/adapters/database/shape.ts'
import {shapeText} from '../../scripts/lib/adapters/database/shape-file.ts'
import {readTables} from '../../scripts/lib/adapters/database/tables.ts'
import {Problem} from '../../scripts/lib/domain/problem.ts'
import {fingerprintOfRef} from '../../scripts/lib/domain/secret.ts'
import {inLang} from '../../scripts/lib/domain/text.ts'
import {type PostgresServer, startPostgres} from '../../scripts/lib/sandbox/postgres.ts'
import {resetStaging} from '../../scripts/lib/tools/reset/command.ts'
import {dumpedShape} from './pg-dump.ts'

export interface Kind {
  readonly name: string
  /** The oldest server that has it. */
  readonly from?: number | undefined
  /** What no migration makes, in PROD and on STAGING. */
  readonly before?: string | undefined
  readonly sql?: string | undefined
  readonly migrations?: readonly string[] | undefined
  /** Run after the schema, on both. */
  readonly rows?: string | undefined
  /** On PROD alone. */
  readonly prodAfter?: string | undefined
  readonly references?: readonly string[] | undefined
  readonly mayChange?: readonly string[] | undefined
  /** Further lines below `database:`. */
  readonly settings?: string | undefined
  readonly probes?: readonly string[] | undefined
  /** The probes ask for the next number, and whether it is behind all others. */
  readonly ids?: boolean | undefined
  /** What may differ from PROD where migrations were run. */
  readonly unlike?: RegExp | undefined
}

export interface Came {
  /** Null where the reset went through. */
  readonly refused: string | null
  /** Against PROD, on the same server. */
  readonly differences: readonly string[]
  readonly conforms: string
  readonly references: string
  /** The last rows that each probe answers, or its error; of PROD and of STAGING after the reset. */
  readonly probes: readonly {readonly production: string; readonly staging: string}[]
  readonly told: string
}

export interface KindServer {
  readonly version: number
  readonly make: (name: string, sql: readonly string[]) => Promise<void>
  readonly ask: (name: string, sql: string) => Promise<string>
  readonly url: (name: string) => string
  readonly stop: () => Promise<void>
}

/** The PostgreSQL that is installed, or the one that npm brings; `locks` is its max_locks_per_transaction. */
export async function kindServer(
  binaries: 'installed' | 'embedded',
  options: {readonly locks?: number} = {},
): Promise<KindServer> {
  const folder = mkdtempSync(join(tmpdir(), 'postgate-kinds-'))
  let server: PostgresServer = await startPostgres({folder, binaries})
  if (options.locks !== undefined) {
    const client = new pg.Client({connectionString: server.superuserUrl})
    await client.connect()
    await client.query(`alter system set max_locks_per_transaction = ${options.locks}`)
    await client.end()
    await server.stop()
    server = await startPostgres({folder, binaries})
  }
  const url = (name: string) => {
    const address = new URL(server.superuserUrl)
    address.pathname = `/${name}`
    return address.href
  }
  const using = async <T>(name: string, use: (client: pg.Client) => Promise<T>) => {
    const client = new pg.Client({connectionString: url(name)})
    await client.connect()
    try {
      return await use(client)
    } finally {
      await client.end()
    }
  }
  const run = (name: string, sql: string) => using(name, (client) => client.query(sql))
  const {rows} = await using('postgres', (client) =>
    client.query<{v: number}>(`select current_setting('server_version_num')::int / 10000 as v`),
  )
  await run('postgres', 'create role anon; create role authenticated; create role service_role')
  return {
    version: rows[0]?.v ?? 0,
    url,
    make: async (name, sql) => {
      await run('postgres', `drop database if exists ${name} with (force)`)
      await run('postgres', `create database ${name}`)
      for (const one of sql) if (one !== '') await run(name, one)
    },
    ask: (name, sql) =>
      run(name, sql).then(
        (result: unknown) => {
          const last: unknown = Array.isArray(result) ? result.at(-1) : result
          return JSON.stringify(
            typeof last === 'object' && last !== null && 'rows' in last ? last.rows : null,
          )
        },
        (error: unknown) => String(error),
      ),
    stop: async () => {
      await server.stop()
      rmSync(folder, {recursive: true, force: true})
    },
  }
}

const schemaOf = ({sql, migrations}: Kind): readonly string[] => migrations ?? [sql ?? '']

/** PROD may lie on a server of another version. */
export async function tryKind(
  server: KindServer,
  kind: Kind,
  mode: 'migrations' | 'shape',
  of = server,
): Promise<Came> {
  const production = 'kind_production'
  const staging = 'kind_staging'
  const marker = (name: string, ref: string) =>
    `create schema postgate; create table postgate.environment (name text not null, ref text not null);
     insert into postgate.environment values ('${name}', '${ref}')`
  const whole = [kind.before ?? '', ...schemaOf(kind), kind.rows ?? '']
  await of.make(production, [marker('production', production), ...whole, kind.prodAfter ?? ''])
  await server.make(staging, [marker('staging', staging), ...whole])
  const source = {
    environment: 'production',
    ref: fingerprintOfRef(production),
    takenAt: '2026-01-20T10:00:00Z',
  }
  const at = (name: string) => (name === production ? of : server)
  const connection = (name: string) => parseConnection(at(name).url(name), 'URL')
  const shape = await dumpedShape(connection(production), source)
  const folder = mkdtempSync(join(tmpdir(), 'postgate-kind-'))
  const said: string[] = []
  const write = process.stdout.write
  try {
    const references = kind.references ?? []
    writeKindProject(folder, {url: server.url(staging), ref: staging, shape, kind, mode})
    const before = await look(staging, (session) =>
      readTables(session, {checksums: references, only: references}),
    )
    let refused: string | null = null
    process.stdout.write = (chunk: string | Uint8Array) => {
      said.push(String(chunk))
      return true
    }
    try {
      await resetStaging(['--project', folder], guards)
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      const {what, why = '', next = ''} = error.parts
      refused = [what, why, next].map((text) => inLang(text, 'en')).join(' | ')
    } finally {
      process.stdout.write = write
    }
    const isShape = await look(staging, (session) =>
      judgeShape({session, shape, path: 'shape.sql', ownPartitions: []}),
    )
    const kept = await look(staging, (session) => judgeReferences(session, before))
    const differences =
      of === server
        ? compareCatalogues(
            await look(production, readCatalogue),
            await look(staging, readCatalogue),
          )
        : []
    const probes: {production: string; staging: string}[] = []
    for (const probe of kind.probes ?? [])
      probes.push({
        production: await of.ask(production, probe),
        staging: await server.ask(staging, probe),
      })
    return {
      refused,
      differences: differences.map(
        ({name, kind: how, columns}) =>
          `${name} ${how} ${columns.map((one) => JSON.stringify(one)).join()}`,
      ),
      conforms: `${isShape.verdict}: ${inLang(isShape.observed, 'en')}`,
      references: kept.verdict,
      probes,
      told: said.join(''),
    }
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }

  async function look<T>(
    name: string,
    work: Parameters<Awaited<ReturnType<typeof openReader>>['look']>[0] extends (
      session: infer S,
    ) => unknown
      ? (session: S) => Promise<T>
      : never,
  ): Promise<T> {
    const reader = await openReader({connection: connection(name), name})
    try {
      return await reader.look(work)
    } finally {
      await reader.close()
    }
  }
}

/** The reset went through, all its proofs pass and are true. */
export function isRight(came: Came, kind: Kind): void {
  assert.is(came.refused, null)
  const differences = came.differences.filter((line) => !kind.unlike?.test(line))
  assert.equal(differences, [])
  assert.match(came.conforms, /^pass: equal to the shape of PROD/)
  assert.is(came.references, 'pass')
  for (const {production, staging} of kind.ids === true ? [] : came.probes)
    assert.is(staging, production)
  if (kind.ids === true)
    for (const {staging} of came.probes) assert.match(staging, /^\[\{"[^"]+":("\d+"|true)\}\]$/)
}

export const guards = {
  CONFIRM_STAGING_RESET: 'I_UNDERSTAND_THIS_WILL_DROP_PUBLIC',
  ALLOW_STAGING_RESET: 'true',
}

export function writeKindProject(
  folder: string,
  given: {url: string; ref: string; shape: Shape; kind: Kind; mode: 'migrations' | 'shape'},
): void {
  const {url, ref, shape, kind, mode} = given
  mkdirSync(join(folder, 'env'))
  mkdirSync(join(folder, 'migrations'))
  schemaOf(kind).forEach((sql, index) => {
    writeFileSync(join(folder, 'migrations', `2025010${index}000000_step.sql`), sql)
  })
  const names = (list: readonly string[] = []) => JSON.stringify(list)
  const lines = [
    'adapter: postgres',
    'shape: shape.sql',
    `reference: ${names(kind.references)}`,
    `mayChange: ${names(kind.mayChange)}`,
    ...(mode === 'migrations' ? ['migrations: migrations'] : []),
    ...(kind.settings === undefined ? [] : [kind.settings]),
  ]
  writeFileSync(join(folder, 'shape.sql'), shapeText(shape))
  writeFileSync(join(folder, 'env/.env'), `URL=${url}\nREF=${ref}\n`)
  writeFileSync(
    join(folder, 'postgate.yaml'),
    `name: kind
builder: {adapter: flutter}
database:
${lines.map((line) => `  ${line}`).join('\n')}
environments:
  staging:
    envFile: env/.env
    url: http://127.0.0.1
    hosting: {adapter: folder}
    database: {url: URL, ref: REF}
`,
  )
}
