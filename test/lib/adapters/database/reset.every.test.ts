// Goal: after a reset STAGING is PROD's shape without rows, but for the reference rows; and whatever
// goes wrong, it is as it was. Method: real databases with Supabase's roles, schemas and publication.

import {cpSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {readCatalogue} from '../../../../scripts/lib/adapters/database/catalogue.ts'
import {compareCatalogues} from '../../../../scripts/lib/adapters/database/catalogue-compare.ts'
import {readClaim} from '../../../../scripts/lib/adapters/database/identity.ts'
import {judgeReferences, judgeShape} from '../../../../scripts/lib/adapters/database/judgements.ts'
import {proveOwnReset} from '../../../../scripts/lib/adapters/database/own-reset.ts'
import {resetDatabase} from '../../../../scripts/lib/adapters/database/reset.ts'
import {compareOptions} from '../../../../scripts/lib/adapters/database/reset-build.ts'
import {readResetInputs} from '../../../../scripts/lib/adapters/database/reset-inputs.ts'
import {readShape, shapeText} from '../../../../scripts/lib/adapters/database/shape-file.ts'
import {readTables} from '../../../../scripts/lib/adapters/database/tables.ts'
import {Problem} from '../../../../scripts/lib/domain/problem.ts'
import {inLang} from '../../../../scripts/lib/domain/text.ts'
import {fixtures, stagingRef, testServer} from '../../../helpers/postgres.ts'
import {testProject} from '../../../helpers/world.ts'

const reset = suite('reset')
const server = await testServer()
const shape = await server.shape()
const references = ['units', 'categories']

interface Case {
  readonly database: string
  /** Changes of the migrations of the checkpoint, by file name. */
  readonly migrations?: Readonly<Record<string, string>>
  readonly withoutMigrations?: boolean
  readonly seed?: string
  readonly oldShape?: boolean
  readonly reference?: readonly string[]
  readonly mayChange?: readonly string[]
}

/** Resets a database as the command does, from a folder of its own. */
const run = (given: Case) =>
  using(given, ({session, inputs}) =>
    resetDatabase({
      session,
      claim: claimOf(given.database),
      environment: 'staging',
      product: 'supabase',
      inputs,
      push: async () => assert.unreachable('no CLI is configured'),
      say: () => {},
    }),
  )

async function using<T>(
  given: Case,
  use: (given: {
    session: Awaited<ReturnType<typeof server.session>>
    inputs: Awaited<ReturnType<typeof readResetInputs>>
  }) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'postgate-reset-'))
  const session = await server.session(given.database)
  try {
    cpSync(join(fixtures, 'migrations'), join(folder, 'migrations'), {recursive: true})
    for (const [name, source] of Object.entries(given.migrations ?? {})) {
      writeFileSync(join(folder, 'migrations', name), source)
    }
    if (given.oldShape) cpSync(join(fixtures, 'shape-old.json'), join(folder, 'shape.json'))
    else writeFileSync(join(folder, 'shape.sql'), shapeText(shape))
    if (given.seed !== undefined) writeFileSync(join(folder, 'seed.sql'), given.seed)
    const project = testProject({
      database: {
        shape: 'shape.sql',
        reference: given.reference ?? references,
        mayChange: given.mayChange ?? ['log_actions'],
        ...(given.withoutMigrations ? {} : {migrations: 'migrations'}),
        ...(given.seed === undefined ? {} : {seed: 'seed.sql'}),
      },
    })
    const inputs = await readResetInputs({
      session,
      project,
      root: folder,
      checkpoint: folder,
      product: 'supabase',
      environment: {},
    })
    return await use({session, inputs})
  } catch (error) {
    if (error instanceof Problem) error.message += ` ${inLang(error.parts.why ?? '', 'en')}`
    throw error
  } finally {
    await session.close()
    rmSync(folder, {recursive: true})
  }
}

function claimOf(database: string) {
  const values: Readonly<Record<string, string>> = {URL: server.url(database), REF: stagingRef}
  const {staging} = testProject({
    environments: {
      staging: {
        envFile: 'env',
        url: 'http://127.0.0.1',
        hosting: {adapter: 'folder'},
        database: {url: 'URL', ref: 'REF'},
      },
    },
  }).environments
  const reading = readClaim({
    environment: 'staging',
    product: 'supabase',
    settings: staging,
    otherSettings: undefined,
    env: {path: 'env', get: (key) => values[key]},
    otherEnv: null,
    productionPrint: null,
  })
  if (!reading.ok) throw new Error(inLang(reading.judgement.observed, 'en'))
  return reading.value
}

const tablesOf = (database: string) =>
  server.look(database, (session) => readTables(session, {checksums: 'all'}))

/** Against PROD itself, on the same server: names that PROD's own server never kept do not count. */
const differencesOf = async (database: string) =>
  compareCatalogues(
    await server.look('production', readCatalogue),
    await server.look(database, readCatalogue),
    compareOptions({shape, ownPartitions: []}),
  ).map(({name, kind}) => `${name} ${kind}`)

/** The reset fails with this exit code and these words, and every row is still there. */
async function refuses(given: Case, exit: number, words: RegExp) {
  const [before, differences] = [
    await tablesOf(given.database),
    await differencesOf(given.database),
  ]
  try {
    await run(given)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const {what, why = '', at} = error.parts
    assert.match(`${inLang(what, 'en')} ${inLang(why, 'en')} ${at?.line ?? ''}`, words)
    assert.is(error.parts.exit, exit)
    assert.equal(await tablesOf(given.database), before)
    assert.equal(await differencesOf(given.database), differences)
    return
  }
  assert.unreachable('the reset went through')
}

reset(
  'empties the transactional tables, keeps every reference row, and is safe to run twice',
  async () => {
    await server.staging('twice')
    const before = await tablesOf('twice')
    assert.is(before.orders?.rows, 5)
    for (let time = 0; time < 2; time++) {
      const outcome = await run({database: 'twice'})
      assert.is(outcome.migrations, 3)
      const after = await tablesOf('twice')
      for (const name of references) assert.equal(after[name], before[name])
      const filled = Object.entries(after).filter(([, {rows}]) => rows > 0)
      assert.equal(filled.map(([name]) => name).sort(), [...references].sort())
    }
    // An identity goes on where it was, and what lies outside public was never touched.
    const [next] = await server.query(
      'twice',
      `insert into public.categories (unit) values ('kg') returning id::int`,
    )
    assert.equal(next, {id: 4})
    const [outside] = await server.query(
      'twice',
      'select (select count(*)::int from auth.users) as users, (select count(*)::int from storage.objects) as files, (select count(*)::int from private.notes) as notes',
    )
    assert.equal(outside, {users: 1, files: 1, notes: 1})
  },
)

reset(
  'brings back PROD’s shape: grants, default privileges, publication, triggers and policies elsewhere',
  async () => {
    await server.staging('shaped')
    await server.query(
      'shaped',
      'revoke all on public.open_orders from anon; drop trigger user_made on auth.users; alter publication supabase_realtime drop table public.orders; create table public.stray (x int)',
    )
    assert.ok((await differencesOf('shaped')).length >= 4)
    await run({database: 'shaped'})
    assert.equal(await differencesOf('shaped'), [])
    const [grants] = await server.query(
      'shaped',
      `select has_table_privilege('anon', 'public.open_orders', 'select') as by_hand,
       has_schema_privilege('anon', 'public', 'usage') as usage,
       has_column_privilege('authenticated', 'public.orders', 'state', 'update') as column,
       has_function_privilege('anon', 'public.total(public.orders)', 'execute') as revoked`,
    )
    assert.equal(grants, {by_hand: true, usage: true, column: true, revoked: false})
    await server.query('shaped', 'set role postgate_owner; create table public.later ()')
    const [later] = await server.query(
      'shaped',
      `select has_table_privilege('service_role', 'public.later', 'select') as may`,
    )
    assert.equal(later, {may: true})
  },
)

reset('tells Supabase’s history which migrations the database has', async () => {
  await server.staging('history')
  await server.query(
    'history',
    `delete from supabase_migrations.schema_migrations where version like '%2000000'; insert into supabase_migrations.schema_migrations values ('20990101000000')`,
  )
  await run({database: 'history'})
  const rows = await server.query(
    'history',
    'select version from supabase_migrations.schema_migrations order by 1',
  )
  assert.equal(
    rows.map(({version}) => version),
    ['20250101000000', '20250102000000', '20250103000000'],
  )
})

reset('runs the migrations that PROD does not have yet on top, as PROD will', async () => {
  await server.staging('fresh')
  const before = await server.look('fresh', (session) =>
    readTables(session, {checksums: references}),
  )
  const migrations = {
    '20260101000000_new.sql': `alter table public.units add column note text default 'x';
      insert into public.units (code, label) values ('m', 'metre');
      create table public.invoices (id int primary key); alter table public.invoices enable row level security;`,
  }
  const outcome = await run({database: 'fresh', migrations})
  assert.equal(outcome.fresh, ['20260101000000'])
  await server.look('fresh', async (session) => {
    const kept = Object.fromEntries(
      references.flatMap((name) => (before[name] ? [[name, before[name]]] : [])),
    )
    const intact = await judgeReferences(session, kept)
    assert.is(intact.verdict, 'pass')
    assert.match(
      inLang(intact.observed, 'en'),
      'completed by this release’s migrations: units'.replace('’', "'"),
    )
    const same = await judgeShape({session, shape, path: 'shape.sql', ownPartitions: []})
    assert.is(same.verdict, 'pass')
    assert.match(inLang(same.observed, 'en'), '20260101000000')
  })
  // Somebody edits STAGING by hand afterwards: no longer what was proven.
  await server.query(
    'fresh',
    'alter table public.invoices add column z int; update public.units set label = label || 1',
  )
  await server.look('fresh', async (session) => {
    assert.is(
      (await judgeShape({session, shape, path: 'shape.sql', ownPartitions: []})).verdict,
      'fail',
    )
    const kept = Object.fromEntries(
      references.flatMap((name) => (before[name] ? [[name, before[name]]] : [])),
    )
    assert.is((await judgeReferences(session, kept)).verdict, 'fail')
  })
})

reset('lets a release add a value to one of PROD’s enums and use it', async () => {
  await server.staging('enum_value')
  const migrations = {
    '20260101000000_value.sql': `alter type public.state add value 'late';`,
    '20260102000000_use.sql': `create table public.reminders (id int primary key, s public.state not null default 'late');
      alter table public.reminders enable row level security;`,
  }
  const outcome = await run({database: 'enum_value', migrations})
  assert.equal(outcome.fresh, ['20260101000000', '20260102000000'])
  const rows = await server.query(
    'enum_value',
    `insert into public.reminders (id) values (1) returning s::text`,
  )
  assert.equal(rows, [{s: 'late'}])
  // What the first pass proved still counts: PROD's part is compared before.
  const unlike = {...migrations, '20250103000000_security.sql': 'select 1;'}
  await refuses({database: 'enum_value', migrations: unlike}, 1, /table orders|policy/)
})

reset('builds the schema from the shape where there are no migrations', async () => {
  await server.staging('shape_only')
  const before = await tablesOf('shape_only')
  await run({database: 'shape_only', withoutMigrations: true})
  assert.equal(await differencesOf('shape_only'), [])
  const after = await tablesOf('shape_only')
  for (const name of references) assert.equal(after[name], before[name])
  assert.is(after.orders?.rows, 0)
})

reset('lets a seed fill what was empty, and never touch kept reference rows', async () => {
  await server.staging('seeded')
  const before = await tablesOf('seeded')
  await run({database: 'seeded', seed: `update public.units set label = 'seed';`})
  assert.equal((await tablesOf('seeded')).units, before.units)
  // A trigger logs what the migrations insert: only a table that is named as a log is emptied for it.
  await refuses({database: 'seeded', mayChange: []}, 1, /log_actions \(1\)/)
  await refuses(
    {database: 'seeded', seed: `insert into public.orders (unit) values ('kg');`},
    1,
    /orders \(1\)/,
  )
})

reset('changes nothing when a migration fails, and names its line', async () => {
  await server.staging('broken')
  const migrations = {
    '20250104000000_broken.sql': `select 1;\n\nalter table public.nowhere add column x int;`,
  }
  await refuses({database: 'broken', migrations}, 1, /20250104000000_broken\.sql:3 failed.* 42P01/)
  const unfinished = {'20250104000000_broken.sql': `select 'never closed;\n`}
  await refuses({database: 'broken', migrations: unfinished}, 2, /is not closed|cannot be run/)
  const vacuum = {'20250104000000_broken.sql': `select 1;\nvacuum public.units;`}
  await refuses({database: 'broken', migrations: vacuum}, 2, /broken\.sql:2/)
})

reset('changes nothing when what would come out is not PROD’s shape', async () => {
  await server.staging('unlike')
  const grants = {'20250103000000_security.sql': 'select 1;'}
  await refuses({database: 'unlike', migrations: grants}, 1, /table orders|policy/)
  const open = {'20260101000000_open.sql': 'create table public.open_to_all (x int);'}
  await refuses(
    {database: 'unlike', migrations: open},
    1,
    /row security would be off on: open_to_all/,
  )
})

reset(
  'what a project’s own script left is proved by building PROD’s shape in its place, which leaves nothing but the mark',
  async () => {
    await server.staging('own')
    const given = {database: 'own', withoutMigrations: true}
    const prove = () =>
      using(given, async ({session, inputs}) =>
        proveOwnReset({
          ...{session, inputs, claim: claimOf('own')},
          ...{environment: 'staging', run: 'run-1', at: '2026-01-23T09:00:00.000Z'},
        }),
      )
    const before = await tablesOf('own')
    await prove()
    assert.equal(await tablesOf('own'), before)
    assert.equal(await differencesOf('own'), [])
    await server.look('own', async (session) => {
      const {verdict} = await judgeShape({session, shape, path: 'shape.sql', ownPartitions: []})
      assert.is(verdict, 'pass')
    })
    await server.query('own', 'alter table public.orders add extra int')
    const failure = await prove().then(
      () => '',
      (error: Error) => error.message,
    )
    assert.match(failure, /table column public\.orders\.extra \(extra\)/)
  },
)

reset('a shape in the form of before is read, and its words say how to renew it', async () => {
  await server.staging('old_form')
  for (const withoutMigrations of [true, false]) {
    await run({database: 'old_form', withoutMigrations, oldShape: true})
    // Owners and rights are those of whoever resets; what the old form knows is all there.
    assert.equal(await differencesOf('old_form'), [])
  }
  const old = await readShape(fixtures, 'shape-old.json')
  assert.ok(old?.old)
  await server.look('old_form', async (session) => {
    const same = await judgeShape({session, shape: old, path: 'shape.json', ownPartitions: []})
    assert.is(same.verdict, 'pass')
    assert.match(
      inLang(same.observed, 'en'),
      'old form: owners and comments unknown, take it again',
    )
  })
})

reset('changes nothing when something outside public would be lost', async () => {
  await server.staging('outside')
  await server.query('outside', 'alter table private.notes add column state public.state')
  await refuses({database: 'outside'}, 1, /column private\.notes\.state/)
})

reset('is refused before anything is dropped where reference tables cannot be kept', async () => {
  await server.staging('refs')
  await refuses({database: 'refs', reference: ['units', 'nowhere']}, 3, /not found: nowhere/)
  await refuses({database: 'refs', reference: ['lines']}, 3, /lines → orders/)
})

reset('is refused on a database whose marker says something else', async () => {
  await server.staging('marked')
  await server.query('marked', `update postgate.environment set name = 'production'`)
  await refuses({database: 'marked'}, 1, /does not say STAGING/)
  await server.query('marked', 'drop table postgate.environment')
  await refuses({database: 'marked'}, 1, /carries no marker/)
})

reset.after(server.stop)
reset.run()
