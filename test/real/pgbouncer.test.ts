// Goal: behind a pooler in transaction mode no look of ours is left on a server connection, and what needs
// a session of its own is refused before it begins. Method: a real PgBouncer with one and with twenty server
// connections, on each PostgreSQL, and an application that writes through it all the while.

import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {parseConnection} from '../../scripts/lib/adapters/database/connection.ts'
import {openDatabase} from '../../scripts/lib/adapters/database/open-database.ts'
import {routeOf} from '../../scripts/lib/adapters/database/pool.ts'
import {Problem} from '../../scripts/lib/domain/problem.ts'
import {inLang} from '../../scripts/lib/domain/text.ts'
import type {Judgement} from '../../scripts/lib/domain/verdict.ts'
import type {Database} from '../../scripts/lib/kit/ports/database.ts'
import {resetStaging} from '../../scripts/lib/tools/reset/command.ts'
import {writeDatabaseProject} from '../helpers/database-project.ts'
import {stagingRef, type TestServer, testServer} from '../helpers/postgres.ts'
import {testProject, testTools, testWorld} from '../helpers/world.ts'
import {settingsFound, startApplication, startPgBouncer} from './pgbouncer.ts'

const user = `postgres.${stagingRef}`
const folder = mkdtempSync(join(tmpdir(), 'postgate-pooler-'))
const pooler = suite('PgBouncer')
const closings: (() => Promise<void>)[] = []
const guards = {
  CONFIRM_STAGING_RESET: 'I_UNDERSTAND_THIS_WILL_DROP_PUBLIC',
  ALLOW_STAGING_RESET: 'true',
}

for (const binaries of ['installed', 'embedded'] as const) {
  const server = await testServer({binaries})
  closings.push(server.stop)
  await server.staging('staging')
  await server.query(
    'staging',
    'create schema app authorization postgate_owner; create table app.beats (at timestamptz not null); alter table app.beats owner to postgate_owner',
  )
  const project = join(folder, binaries)
  mkdirSync(project)
  writeDatabaseProject(project, {
    url: server.url('staging'),
    ref: stagingRef,
    shape: await server.shape(),
  })
  for (const poolSize of [1, 20]) await testPool(server, {project, poolSize, binaries})
}
pooler.after(async () => {
  for (const close of closings.reverse()) await close()
  rmSync(folder, {recursive: true, force: true})
})
pooler.run()

/** The tests of one pool before one server. */
async function testPool(
  server: TestServer,
  {project, poolSize, binaries}: {project: string; poolSize: number; binaries: string},
) {
  const test = (fact: string, work: () => Promise<void>) =>
    pooler(`${fact} (${binaries}, ${poolSize} server connections)`, work)
  const {port, close} = await startPgBouncer({
    serverPort: server.port,
    users: {[user]: 'secret'},
    poolSize,
  })
  closings.push(close)
  const url = server.url('staging').replace(`:${server.port}/`, `:${port}/`)
  const before = await settingsFound(url, poolSize)

  test('an application writes before, during and after every look', async () => {
    const application = startApplication(url, Math.min(poolSize, 8) + 2)
    try {
      await application.writes(20)
      await looking(project, `${url}?pgbouncer=true`, async (database) => {
        for (let round = 0; round < 4; round++) {
          says(await database.identify(), 'pass', /agree/)
          says(await database.rowSecurity(), 'pass', /row security on/)
          says(await database.sameShape(), 'unknown', /no reset by Postgate has proved/)
          says(await database.refusesWrites(), 'pass', /no separate role/)
          const tables = await database.tables({checksums: 'all'})
          assert.is(tables.orders?.rows, 5)
          assert.is(await database.lastReset(), null)
          await application.writes(5)
        }
        const file = join(project, `backup-${poolSize}.sql`)
        const {tables} = await database.backup(file)
        assert.ok(tables > 5)
        assert.match(readFileSync(file, 'utf8'), /^copy public\."orders"/m)
      })
      await application.writes(20)
      assert.equal(application.refused(), [])
    } finally {
      await application.close()
    }
    assert.equal(await settingsFound(url, poolSize), before)
    assert.is(before.length, 1)
  })

  test('a reset is refused before anything is dropped, with the port to use', async () => {
    const application = startApplication(url, 2)
    try {
      await looking(project, url, async (database) => {
        const ready = await database.ready?.()
        says(ready, 'fail', /transaction mode.*port/)
        assert.match(inLang(ready?.next ?? '', 'en'), `put port ${server.port} `)
      })
      writeFileSync(join(project, 'env/.env'), `URL=${url}\nREF=${stagingRef}\n`)
      const refusal = await refusalOf(() => resetStaging(['--project', project], guards))
      assert.match(refusal, /nothing was dropped/)
      assert.match(refusal, `port ${server.port} `)
      await application.writes(5)
      assert.equal(application.refused(), [])
    } finally {
      await application.close()
    }
    const [row] = await server.query('staging', 'select count(*)::int as n from public.orders')
    assert.is(row?.n, 5)
    assert.equal(await settingsFound(url, poolSize), before)
  })

  test('a pool is told from a pool of the other mode, and from the server itself', async () => {
    const other = await startPgBouncer({
      serverPort: server.port,
      users: {[user]: 'secret'},
      poolSize,
      mode: 'session',
    })
    try {
      const routes = await Promise.all(
        [server.port, port, other.port].map(async (each) => {
          const target = server.url('staging').replace(`:${server.port}/`, `:${each}/`)
          const route = await routeOf(parseConnection(target, 'URL'), 'STAGING')
          assert.is(route.serverPort, String(server.port))
          return route.pool
        }),
      )
      assert.equal(routes, ['none', 'transaction', 'session'])
    } finally {
      await other.close()
    }
  })
}

/** A database as the engine opens it, by this connection string. */
async function looking(
  project: string,
  url: string,
  use: (database: Database) => Promise<void>,
): Promise<void> {
  const values: Readonly<Record<string, string>> = {URL: url, REF: stagingRef}
  const staging = {envFile: 'env', url: 'http://127.0.0.1', hosting: {adapter: 'folder'}}
  const tools = await testTools({
    // No pg_dump: a backup is then a look as well.
    world: testWorld({project, cache: project, environment: {PATH: ''}}),
    project: testProject({
      database: {shape: 'shape.sql', reference: ['units', 'categories']},
      environments: {staging: {...staging, database: {url: 'URL', ref: 'REF'}}},
    }),
    env: {
      ...{path: 'env/.env', exists: true, keys: Object.keys(values)},
      get: (key) => values[key],
      secrets: () => Object.values(values),
    },
    mode: 'READ-ONLY',
    fence: '',
  })
  const database = openDatabase(tools, 'supabase')
  try {
    await use(database)
  } finally {
    await database.close()
  }
}

function says(judgement: Judgement | undefined, verdict: string, words: RegExp): void {
  assert.match(inLang(judgement?.observed ?? '', 'en'), words)
  assert.is(judgement?.verdict, verdict)
}

async function refusalOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const {what, why = '', next = '', exit} = error.parts
    assert.is(exit, 3)
    return [what, why, next].map((text) => inLang(text, 'en')).join(' ')
  }
  throw new Error('it went through')
}
