// Goal: with Supabase's CLI, STAGING is first rebuilt as PROD is, then gets what PROD will get, by the
// same command; the password never stands on a command line. Method: a real database, and a stand-in for
// the CLI that refuses what the real one refuses.

import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {delimiter, join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {lastReset} from '../../../../scripts/lib/adapters/database/reset-record.ts'
import {cliReady} from '../../../../scripts/lib/adapters/database/supabase-cli.ts'
import {Problem} from '../../../../scripts/lib/domain/problem.ts'
import {inLang} from '../../../../scripts/lib/domain/text.ts'
import {resetStaging} from '../../../../scripts/lib/tools/reset/command.ts'
import {writeDatabaseProject} from '../../../helpers/database-project.ts'
import {fixtures, stagingRef, testServer} from '../../../helpers/postgres.ts'

const cli = suite('supabase CLI')
const server = await testServer()
const shape = await server.shape()

const environment = {
  PATH: [join(fixtures, 'bin'), process.env.PATH].join(delimiter),
  CONFIRM_STAGING_RESET: 'I_UNDERSTAND_THIS_WILL_DROP_PUBLIC',
  ALLOW_STAGING_RESET: 'true',
  POSTGATE_RUN: 'run-7',
  POSTGATE_AT: '2026-01-23T09:00:00.000Z',
}

/** Resets a database of its own from a project with these further migrations. */
async function reset(
  database: string,
  more: Readonly<Record<string, string>>,
  given: {folder?: string; path?: string; without?: string} = {},
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'postgate-cli-'))
  const migrations = given.folder ?? 'supabase/migrations'
  try {
    writeDatabaseProject(folder, {
      ...{url: server.url(database), ref: stagingRef, shape, migrations},
      settings: 'migrateWith: supabase-cli',
    })
    for (const [name, sql] of Object.entries(more)) {
      writeFileSync(join(folder, migrations, name), sql)
    }
    if (given.without !== undefined) rmSync(join(folder, migrations, given.without))
    const PATH = given.path ?? environment.PATH
    await resetStaging(['--project', folder], {...environment, PATH})
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
}

async function problemOf(work: Promise<unknown>): Promise<{exit: number; said: string}> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof Problem)) throw error ?? new Error('it went through')
  const {what, why = '', next = '', exit} = error.parts
  const said = [what, why, next].map((text) => inLang(text, 'en')).join(' ')
  assert.not.match(said, 'secret')
  return {exit, said}
}

const markOf = (database: string) => server.look(database, lastReset)
const versions = async (database: string) =>
  (
    await server.query(
      database,
      'select version from supabase_migrations.schema_migrations order by version',
    )
  ).map(({version}) => version)
const count = async (database: string, table: string) =>
  (await server.query(database, `select count(*)::int as n from public.${table}`))[0]?.n

cli(
  'applies what PROD lacks on top of PROD’s own schema, and every proof holds after it',
  async () => {
    await server.staging('pushed')
    const units = await count('pushed', 'units')
    await reset('pushed', {
      '20260101000000_notes.sql':
        'create table public.notes (id int primary key); alter table public.notes enable row level security;',
    })
    assert.is(await count('pushed', 'orders'), 0)
    assert.is(await count('pushed', 'units'), units)
    assert.is(await count('pushed', 'notes'), 0)
    assert.is((await versions('pushed')).at(-1), '20260101000000')
    const mark = await markOf('pushed')
    assert.equal([mark?.run, mark?.fresh], ['run-7', ['20260101000000']])
    assert.is(mark?.at, '2026-01-23T09:00:00.000Z')
  },
)

cli('with nothing that PROD lacks, the CLI agrees that all is there', async () => {
  await server.staging('even')
  await reset('even', {})
  assert.is((await versions('even')).length, 3)
  assert.is((await markOf('even'))?.run, 'run-7')
})

cli('a migration that fails leaves STAGING as PROD is, and no mark of a reset', async () => {
  await server.staging('failed')
  const {exit, said} = await problemOf(
    reset('failed', {'20260101000000_bad.sql': 'alter table public.nowhere add x int;'}),
  )
  assert.is(exit, 1)
  assert.match(said, /supabase db push failed.*relation "public.nowhere" does not exist/)
  assert.is(await markOf('failed'), null)
  assert.is((await versions('failed')).length, 3)
  assert.ok(Number(await count('failed', 'units')) > 0)
})

cli('a migration that leaves a table open is told, and is no reset', async () => {
  await server.staging('open')
  const {exit, said} = await problemOf(
    reset('open', {'20260101000000_open.sql': 'create table public.open_notes (id int);'}),
  )
  assert.is(exit, 1)
  assert.match(said, /After supabase db push.*row security would be off on: open_notes/)
  assert.is(await markOf('open'), null)
})

cli('nothing is dropped where the CLI could not do its part', async () => {
  await server.staging('kept')
  const orders = await count('kept', 'orders')
  const cases: readonly [() => Promise<unknown>, number, RegExp][] = [
    [() => reset('kept', {}, {path: '/nowhere'}), 3, /supabase was not found on PATH/],
    [() => reset('kept', {}, {folder: 'db/migrations'}), 2, /wants its migrations in supabase/],
    [
      () => reset('kept', {}, {without: '20250103000000_security.sql'}),
      3,
      /migrations of PROD are not in the checkpoint: 20250103000000/,
    ],
  ]
  for (const [work, wanted, words] of cases) {
    const {exit, said} = await problemOf(work())
    assert.is(exit, wanted, said)
    assert.match(said, words)
    assert.is(await count('kept', 'orders'), orders)
  }
})

cli('that is missing is found before anything starts', async () => {
  assert.is((await cliReady(environment)).verdict, 'pass')
  const {verdict, next} = await cliReady({PATH: '/nowhere'})
  assert.is(verdict, 'fail')
  assert.match(inLang(next ?? '', 'en'), 'npm install -g supabase')
})

cli('ends', () => server.stop())

cli.run()
