// Goal: a rehearsal answers as the reset would, and changes nothing. Method: a real STAGING, and the migrations
// of a commit in a real repository, which need not be what lies in the folder.

import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {openDatabase} from '../../../../scripts/lib/adapters/database/open-database.ts'
import {shapeText} from '../../../../scripts/lib/adapters/database/shape-file.ts'
import {inLang, type Text} from '../../../../scripts/lib/domain/text.ts'
import type {Judgement} from '../../../../scripts/lib/domain/verdict.ts'
import {openRepository} from '../../../../scripts/lib/store/git/open-repository.ts'
import {fixtures, stagingRef, testServer} from '../../../helpers/postgres.ts'
import {testRepository} from '../../../helpers/repository.ts'
import {testProject, testTools, testWorld} from '../../../helpers/world.ts'

const rehearsal = suite('rehearsal')
const server = await testServer()
await server.staging('staging')
const {clone, commit, git, write, close} = testRepository()
const migrations = Object.fromEntries(
  readdirSync(join(fixtures, 'migrations')).map((name) => [
    `migrations/${name}`,
    readFileSync(join(fixtures, 'migrations', name), 'utf8'),
  ]),
)
const checkpoint = commit({...migrations, 'shape.sql': shapeText(await server.shape())})
const seeded = commit({
  'seed.sql':
    "insert into units (code, label) values ('m', 'm');\ninsert into orders (unit) values ('m');",
})
const state = () =>
  server.query(
    'staging',
    `select (select count(*)::int from public.orders) as orders, (select count(*)::int from pg_class where relnamespace = 'public'::regnamespace) as relations,
       to_regclass('postgate.reset') is null as unmarked, (select oid::int from pg_class where oid = 'public.orders'::regclass) as oid`,
  )

type Opened = ReturnType<typeof openDatabase>

async function onStaging(
  database: Readonly<Record<string, unknown>>,
  smoke: Readonly<Record<string, unknown>>,
  ask: (opened: Opened) => Promise<Judgement> | undefined,
): Promise<Judgement> {
  const values: Readonly<Record<string, string>> = {URL: server.url('staging'), REF: stagingRef}
  const staging = {envFile: 'env', url: 'http://127.0.0.1', hosting: {adapter: 'folder'}}
  const tools = await testTools({
    world: {...testWorld({project: clone, cache: clone}), repository: await openRepository(clone)},
    project: testProject({
      database: {
        ...{shape: 'shape.sql', migrations: 'migrations', mayChange: ['log_actions']},
        ...{reference: ['units', 'categories'], ...database},
      },
      environments: {staging: {...staging, smoke, database: {url: 'URL', ref: 'REF'}}},
    }),
    env: {
      ...{path: 'env/.env', exists: true, keys: Object.keys(values)},
      get: (key) => values[key],
      secrets: () => Object.values(values),
    },
    mode: 'READ-ONLY',
  })
  const opened = openDatabase(tools, 'supabase')
  try {
    const judgement = await ask(opened)
    if (judgement === undefined) throw new Error('STAGING can be reset')
    return judgement
  } finally {
    await opened.close()
  }
}

async function rehearsed(at: string, database: Readonly<Record<string, unknown>> = {}) {
  const said: string[] = []
  const say = (line: Text) => void said.push(inLang(line, 'en'))
  const judgement = await onStaging(database, {}, ({rehearse}) => rehearse?.({commit: at, say}))
  return {judgement, said}
}

const foreseen = async (
  at: string,
  database: Readonly<Record<string, unknown>> = {},
  smoke: Readonly<Record<string, unknown>> = {},
) => {
  const {verdict, observed} = await onStaging(database, smoke, ({resettable}) => resettable?.(at))
  return {verdict, said: inLang(observed, 'en')}
}

rehearsal(
  'runs the whole reset and its proofs, says what it holds, and leaves all as it was',
  async () => {
    const before = await state()
    // What lies in the folder is not what was tagged.
    write({'migrations/20990101000000_draft.sql': 'not even SQL'})
    const {judgement, said} = await rehearsed(checkpoint)
    assert.is(judgement.verdict, 'pass', inLang(judgement.observed, 'en'))
    assert.match(
      inLang(judgement.observed, 'en'),
      /the reset and its proofs hold: \d tables, 3 migrations, 2 reference tables kept, in \d+ s; all of it was rolled back/,
    )
    assert.match(said[0] ?? '', /locks.*; duration unknown; the tables of public are locked/)
    assert.equal(await state(), before)
  },
)

rehearsal(
  'says what phase 2 would refuse, with file and line, and leaves all as it was',
  async () => {
    const before = await state()
    const broken = commit({
      'migrations/20260101000000_broken.sql': 'select 1;\nalter table public.nowhere add x int;',
    })
    const {judgement} = await rehearsed(broken)
    assert.is(judgement.verdict, 'fail')
    assert.match(inLang(judgement.observed, 'en'), /20260101000000_broken\.sql:2 failed.* 42P01/)
    git([
      'rm',
      '--quiet',
      'migrations/20260101000000_broken.sql',
      'migrations/20250101000000_tables.sql',
    ])
    const partial = commit({'migrations/20260101000000_later.sql': 'select 1;'})
    const refused = await rehearsed(partial)
    assert.is(refused.judgement.verdict, 'unknown')
    assert.match(inLang(refused.judgement.observed, 'en'), /is no full history: no file makes/)
    assert.equal(await state(), before)
  },
)

rehearsal(
  'a table that another session holds ends it, told by whom, and nothing is dropped',
  async () => {
    const before = await state()
    const other = await server.session('staging')
    await server.query('postgres', `alter role "postgres.${stagingRef}" set lock_timeout = '300ms'`)
    await other.client.query(`set application_name = 'report'; begin; select from public.orders`)
    try {
      const {judgement} = await rehearsed(checkpoint)
      assert.is(judgement.verdict, 'unknown')
      assert.match(
        inLang(judgement.observed, 'en'),
        /another session holds tables\. orders.*: report \(pid \d+\)$/,
      )
      assert.match(inLang(judgement.next ?? '', 'en'), /close these sessions on STAGING, then run/)
    } finally {
      await other.close()
      await server.query('postgres', `alter role "postgres.${stagingRef}" reset lock_timeout`)
    }
    assert.equal(await state(), before)
  },
)

rehearsal(
  'what a reset would refuse is known from its inputs alone, also for a script of one’s own',
  async () => {
    const before = await state()
    const fine = await foreseen(checkpoint)
    assert.equal(fine, {verdict: 'pass', said: fine.said})
    assert.match(fine.said, /PROD’s shape of \d{4}-\d\d-\d\d, 3 migration/)
    const refused: readonly (readonly [Awaited<ReturnType<typeof foreseen>>, RegExp])[] = [
      [await foreseen(checkpoint, {shape: 'nowhere.sql'}), /there is no nowhere\.sql/],
      [
        await foreseen(checkpoint, {shape: 'nowhere.sql', reset: 'tools/reset.sh'}),
        /no nowhere\.sql/,
      ],
      [await foreseen(checkpoint, {seed: 'nowhere.sql'}), /nowhere\.sql cannot be read/],
      [await foreseen(checkpoint, {migrations: 'elsewhere'}), /elsewhere cannot be read/],
      [await foreseen(checkpoint, {reference: ['nobody']}), /reference tables not found: nobody/],
      [
        await foreseen(checkpoint, {}, {tables: ['orders', 'invoices']}),
        /smoke tests ask for invoices,/,
      ],
      [await foreseen(checkpoint, {}, {audit: {table: 'audit_trail'}}), /ask for audit_trail/],
      [await foreseen(seeded, {seed: 'seed.sql'}), /seed\.sql adds rows to orders, which/],
    ]
    for (const [{verdict, said}, expected] of refused) {
      assert.is.not(verdict, 'pass', said)
      assert.match(said, expected)
    }
    assert.is((await foreseen(checkpoint, {}, {tables: ['orders'], audit: {}})).verdict, 'pass')
    const kept = {seed: 'seed.sql', mayChange: ['log_actions', 'orders']}
    assert.is((await foreseen(seeded, kept)).verdict, 'pass')
    assert.equal(await state(), before)
  },
)

rehearsal('cannot speak for a project’s own script', async () => {
  const {judgement} = await rehearsed(checkpoint, {reset: 'tools/reset.sh'})
  assert.is(judgement.verdict, 'unknown')
  assert.match(inLang(judgement.observed, 'en'), /own script/)
})

rehearsal.after(async () => {
  await server.stop()
  close()
})
rehearsal.run()
