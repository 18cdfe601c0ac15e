// Goal: what the engine asks of a database is answered truly, by a session that cannot write, and what
// cannot be answered is unknown. Method: one STAGING on a real server, three roles that may read it.

import {execFileSync, spawnSync} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {readCatalogue} from '../../../../scripts/lib/adapters/database/catalogue.ts'
import {parseConnection} from '../../../../scripts/lib/adapters/database/connection.ts'
import {openDatabase} from '../../../../scripts/lib/adapters/database/open-database.ts'
import {recordReset} from '../../../../scripts/lib/adapters/database/reset-record.ts'
import {openDatabaseSession} from '../../../../scripts/lib/adapters/database/session.ts'
import {shapeDigest} from '../../../../scripts/lib/adapters/database/shape.ts'
import {shapeText} from '../../../../scripts/lib/adapters/database/shape-file.ts'
import {factSchemas} from '../../../../scripts/lib/domain/facts.ts'
import {inLang} from '../../../../scripts/lib/domain/text.ts'
import type {Judgement} from '../../../../scripts/lib/domain/verdict.ts'
import type {Database} from '../../../../scripts/lib/kit/ports/database.ts'
import {stagingRef, testServer} from '../../../helpers/postgres.ts'
import {testProject, testTools, testWorld} from '../../../helpers/world.ts'

const database = suite('database')
const server = await testServer()
const shape = await server.shape()
await server.staging('staging')
const folder = mkdtempSync(join(tmpdir(), 'postgate-adapter-'))
writeFileSync(join(folder, 'shape.sql'), shapeText(shape))

const fence = [
  'pg_dump --format=custom --schema=public --no-password --file=<file>',
  'pg_restore --list <file>',
  'pg_restore --file=/dev/null <file>',
].join('\n')

interface Given {
  readonly values?: Readonly<Record<string, string>>
  readonly fence?: string
  readonly path?: string
}

async function using(given: Given, use: (database: Database) => Promise<void>): Promise<void> {
  const values: Readonly<Record<string, string>> = {
    URL: server.url('staging'),
    REF: stagingRef,
    ...given.values,
  }
  const settings = {envFile: 'env', url: 'http://127.0.0.1', hosting: {adapter: 'folder'}}
  const tools = await testTools({
    world: testWorld({
      project: folder,
      cache: folder,
      ...(given.path === undefined ? {} : {environment: {PATH: given.path}}),
    }),
    project: testProject({
      database: {shape: 'shape.sql', reference: ['units', 'categories']},
      environments: {
        staging: {...settings, database: {url: 'URL', ref: 'REF', readOnlyUrl: 'READ_URL'}},
        production: {...settings, database: {url: 'PROD_URL', ref: 'PROD_REF'}},
      },
    }),
    env: {
      ...{path: 'env/.env.staging', exists: true, keys: Object.keys(values)},
      get: (key) => values[key],
      secrets: () => Object.values(values),
    },
    mode: 'READ-ONLY',
    fence: given.fence ?? fence,
  })
  const opened = openDatabase(tools, 'supabase')
  try {
    await use(opened)
  } finally {
    await opened.close()
  }
}

const reader = {READ_URL: server.url('staging', stagingRef, 'reader')}
const says = (judgement: Judgement, verdict: string, words: RegExp) => {
  assert.match(inLang(judgement.observed, 'en'), words)
  assert.is(judgement.verdict, verdict)
}

database('says whose it is, and shows neither ref nor password', () =>
  using({values: reader}, async (db) => {
    const judgement = await db.identify()
    says(judgement, 'pass', /URL, ref and marker agree/)
    const fact = factSchemas['database-identity'].parse(judgement.facts?.['database-identity'])
    assert.equal(fact, {database: 'staging', ref: fact.ref, role: 'reader', readOnly: true})
    assert.not.match(JSON.stringify(judgement), stagingRef)
    assert.not.match(JSON.stringify(judgement), 'secret')
  }),
)

database('is not identified where the marker names the other environment', async () => {
  await server.query('staging', `update postgate.environment set name = 'production'`)
  await using({}, async (db) => says(await db.identify(), 'fail', /does not say STAGING/))
  await server.query('staging', `update postgate.environment set name = 'staging', ref = 'x'`)
  await using({}, async (db) => says(await db.identify(), 'fail', /does not say STAGING/))
  await server.query('staging', `update postgate.environment set ref = '${stagingRef}'`)
  await server.query('staging', `insert into postgate.environment values ('staging', 'y')`)
  await using({}, async (db) => says(await db.identify(), 'unknown', /no marker/))
  await server.query('staging', `delete from postgate.environment where ref = 'y'`)
})

database('fails by what its URL says before anything is connected to', () =>
  using({values: {URL: `${server.url('staging')}?host=10.0.0.1`}}, async (db) => {
    says(await db.identify(), 'fail', /"host"/)
    says(await db.tablesEmpty([]), 'fail', /"host"/)
  }),
)

database('is unknown, never a defect, where nobody answers or the password is wrong', async () => {
  const nobody = server.url('staging').replace(/:\d+\//, ':1/')
  await using({values: {URL: nobody}}, async (db) =>
    says(await db.identify(), 'unknown', /connection refused/),
  )
  const wrong = server.url('staging').replace('secret', 'wrong')
  await using({values: {URL: wrong}}, async (db) =>
    says(await db.tablesEmpty([]), 'unknown', /password authentication failed/),
  )
})

database('ignores PG* variables', async () => {
  Object.assign(process.env, {
    PGHOST: '10.255.255.1',
    PGUSER: 'nobody',
    PGDATABASE: 'postgres',
    PGOPTIONS: '-c search_path=pg_catalog -c default_transaction_read_only=off',
    PGSERVICE: 'prod',
  })
  await using({}, async (db) => says(await db.identify(), 'pass', /agree/))
  assert.equal(
    Object.keys(process.env).filter((name) => /^PG[A-Z]+$/.test(name)),
    [],
  )
})

database('refuses writes for lack of rights, where it has a role of its own', async () => {
  await using({values: reader}, async (db) =>
    says(await db.refusesWrites(), 'pass', /the role lacks the right/),
  )
  const session = await openDatabaseSession({
    connection: parseConnection(reader.READ_URL, 'READ_URL'),
    name: 'STAGING',
  })
  await session.client.query('begin read write')
  const failure = await session.client
    .query(`insert into public.log_actions (action) values ('x')`)
    .then(() => '', String)
  await session.close()
  assert.match(failure, 'permission denied')
})

database('says so where only the session refuses writes', () =>
  using({}, async (db) => says(await db.refusesWrites(), 'pass', /no separate role/)),
)

database('finds a read-only role that can write', async () => {
  await server.query('staging', `grant insert on public.lines to "reader.${stagingRef}"`)
  await using({values: reader}, async (db) =>
    says(await db.refusesWrites(), 'fail', /can write to: lines/),
  )
  await server.query('staging', `revoke insert on public.lines from "reader.${stagingRef}"`)
})

database('does not take filtered rows for empty tables', () =>
  using({values: {READ_URL: server.url('staging', stagingRef, 'blind')}}, async (db) => {
    const judgement = await db.tablesEmpty([])
    says(judgement, 'unknown', /rows would be filtered/)
    assert.match(inLang(judgement.next ?? '', 'en'), 'BYPASSRLS')
  }),
)

database('refuses a read-only URL of another database', () =>
  using({values: {READ_URL: server.url('production', stagingRef, 'reader')}}, async (db) =>
    says(await db.viewsPresent(), 'fail', /does not name the same database/),
  ),
)

database('names what is not empty, not present, not protected, not of the shape', async () => {
  await using({values: reader}, async (db) => {
    says(await db.tablesEmpty(['units', 'public.categories']), 'fail', /lines \(5\).*orders \(5\)/)
    says(await db.viewsPresent(), 'pass', /3 views present.*security_invoker: all_orders/)
    says(await db.rowSecurity(), 'pass', /row security on 7 tables/)
    says(await db.sameShape(), 'unknown', /no reset by Postgate has proved/)
    assert.is(await db.countRows('orders'), 5)
  })
  // What a reset leaves when it has proved the shape.
  const session = await server.session('staging')
  const mark = {run: null, shape: shapeDigest(shape), fresh: [], before: {}, after: {}}
  await session.client.query('begin')
  await recordReset(session, mark, await readCatalogue(session))
  await session.client.query('commit')
  await session.close()
  await using({values: reader}, async (db) =>
    says(await db.sameShape(), 'pass', /equal to the shape of PROD of 2026-01-20: 7 tables/),
  )
  await server.query(
    'staging',
    'drop view public.all_orders; alter table public.lines disable row level security; revoke select on public.units from anon',
  )
  await using({values: reader}, async (db) => {
    says(await db.viewsPresent(), 'fail', /views missing: all_orders/)
    says(await db.rowSecurity(), 'fail', /no row security: lines/)
    says(
      await db.sameShape(),
      'fail',
      /table public\.(lines|units) \(differs\).*table public\.(lines|units) \(differs\).*view public\.all_orders \(missing\)/,
    )
  })
})

database('compares reference rows whatever their order, and finds one changed letter', () =>
  using({values: reader}, async (db) => {
    const before = await db.tables({checksums: ['units']})
    assert.is(before.orders?.sha256, null)
    const kept = before.units === undefined ? {} : {units: before.units}
    // The row moves to the end of the table.
    await server.query('staging', `update public.units set label = label where code = 'kg'`)
    says(await db.referencesIntact(kept), 'pass', /equal checksums/)
    await server.query('staging', `update public.units set label = 'Litre' where code = 'l'`)
    says(await db.referencesIntact(kept), 'fail', /units/)
  }),
)

/** The major version of a client program; 0 where it is not there, or does not run. */
function majorOf(program: string): number {
  const {stdout} = spawnSync(program, ['--version'], {encoding: 'utf8'})
  return Number(/ (\d+)/.exec(stdout ?? '')?.[1] ?? 0)
}

/** pg_dump refuses a server that is newer than itself: a machine's client may be older than our server. */
async function canDump(): Promise<boolean> {
  const [row] = await server.query('postgres', 'show server_version_num')
  return majorOf('pg_dump') >= Math.floor(Number(row?.server_version_num) / 10_000)
}

for (const [way, given] of Object.entries({
  pg_dump: {},
  'COPY where the runbook lists no pg_dump': {fence: ''},
  'COPY where there is no pg_dump': {path: '/nowhere'},
})) {
  database(`backs up by ${way}, for this user only, and reads it back`, async () => {
    // One that does not know the server leaves it to the copy.
    const dumped = way === 'pg_dump' && (await canDump())
    const file = join(folder, 'backups', `${way.replaceAll(' ', '-')}.backup`)
    await using(given, async (db) => {
      const taken = await db.backup(file)
      assert.is(statSync(file).mode & 0o777, 0o600)
      assert.is(statSync(file).size, taken.bytes)
      assert.is(taken.tables, dumped ? 7 : 6)
      says(await db.backupReadable(file), 'pass', /read back/)
      const content = readFileSync(file)
      assert.is(content.subarray(0, 5).toString() === 'PGDMP', dumped)
      writeFileSync(file, content.subarray(0, Math.floor(content.length * 0.9)))
      assert.is.not((await db.backupReadable(file)).verdict, 'pass')
      rmSync(file)
      assert.is((await db.backupReadable(file)).verdict, 'fail')
    })
  })
}

database('writes a backup by COPY that gives every row back', async () => {
  const file = join(folder, 'copy.backup')
  await using({fence: ''}, async (db) => {
    await db.backup(file)
  })
  assert.is(statSync(file).mode & 0o777, 0o600)
  const text = readFileSync(file, 'utf8')
  assert.match(text, /copy public\."orders" \([^)]+\) from stdin;\n(?:\d+\t.*\n){5}\\\.\n/)
  assert.match(text, /-- end of backup: 6 tables, \d+ rows\n$/)
  if (majorOf('psql') === 0) return
  await server.query('postgres', 'create database restored template production')
  await server.query(
    'restored',
    'drop schema public cascade; create schema public; grant all on schema public to postgate_owner',
  )
  const url = server.url('restored')
  execFileSync('psql', [
    '--quiet',
    '--output=/dev/null',
    '--variable=ON_ERROR_STOP=1',
    `--file=${file}`,
    url,
  ])
  await using({}, async (db) => {
    await using({values: {URL: url}}, async (restored) => {
      const all = {checksums: 'all'} as const
      assert.equal(await restored.tables(all), await db.tables(all))
    })
  })
})

database('tells the plain product that its vendor cannot be asked', () =>
  using({}, async (db) => {
    const judgement = await db.vendorBackup(3_600_000)
    assert.is(judgement.verdict, 'unknown')
    assert.ok(judgement.attestable)
  }),
)

database.after(async () => {
  await server.stop()
  rmSync(folder, {recursive: true, force: true})
})
database.run()
