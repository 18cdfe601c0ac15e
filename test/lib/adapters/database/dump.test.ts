// Goal: a shape is what pg_dump says, of what belongs to it and of nothing else; without a pg_dump that knows the
// server it is said what to install. Method: the pg_dump that npm brings against its server, and dumps as text.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {parseConnection} from '../../../../scripts/lib/adapters/database/connection.ts'
import {
  chosen,
  entriesOf,
  type Run,
  shapeFromDump,
} from '../../../../scripts/lib/adapters/database/dump.ts'
import {Problem} from '../../../../scripts/lib/domain/problem.ts'
import {inLang} from '../../../../scripts/lib/domain/text.ts'
import {npmPgDump} from '../../../helpers/npm-pg-dump.ts'
import {productionRef, testServer} from '../../../helpers/postgres.ts'

const dump = suite('dump')
const server = await testServer({binaries: 'embedded'})
const connection = parseConnection(server.url('production', productionRef), 'URL')
const source = {environment: 'production', ref: 'x', takenAt: '2026-01-20T10:00:00Z'}

const taken = (run: Run) =>
  server.look('production', (session) =>
    shapeFromDump({connection, run, path: '/bin'}, session, source),
  )

async function refused(run: Run): Promise<{exit: number; said: string}> {
  try {
    await taken(run)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const {what, why = '', next = '', exit = 0} = error.parts
    return {exit, said: [what, why, next].map((text) => inLang(text, 'en')).join(' | ')}
  }
  throw new Error('a shape was taken')
}

const nothing = {exit: null, stdout: '', stderr: ''}

dump('without a pg_dump, or with one that is too old, the package is named', async () => {
  const none = await refused(async () => nothing)
  assert.is(none.exit, 2)
  assert.match(none.said, /pg_dump 18 or newer was not found.*no pg_dump on PATH/)
  assert.match(none.said, /apt-get install postgresql-client-18.*brew install postgresql@18/)
  const old = await refused(async () => ({
    ...nothing,
    exit: 0,
    stdout: 'pg_dump (PostgreSQL) 17.6',
  }))
  assert.is(old.exit, 2)
  assert.match(old.said, /server is of version 18, the pg_dump that was found of version 17/)
})

dump('one that fails is told by its last words, not by what it did before', async () => {
  const {exit, said} = await refused(async (_, [word]) =>
    word === '--version'
      ? {...nothing, exit: 0, stdout: 'pg_dump (PostgreSQL) 18.4'}
      : {
          ...nothing,
          exit: 1,
          stderr: `${'pg_dump: reading something\n'.repeat(40)}pg_dump: error: query failed: ERROR:  permission denied for table notes\npg_dump: detail: Query was: LOCK TABLE\n`,
        },
  )
  assert.is(exit, 3)
  assert.match(said, /error: query failed.*permission denied for table notes.*pg_read_all_data/)
})

dump('holds all of public, what hangs on it elsewhere, and nothing else', async () => {
  await server.query(
    'production',
    `set role postgate_owner; create schema aside; create table aside.alone (id int); create table aside.first (id int) partition by list (id);
     create view aside.orders as select id from public.orders; comment on view aside.orders is 'elsewhere'`,
  )
  const {sections} = await taken(npmPgDump)
  const names = sections.map(({type, schema, name}) => `${type} ${schema} ${name}`)
  for (const name of [
    'TABLE public orders',
    'VIEW aside orders',
    'COMMENT aside VIEW orders',
    'TRIGGER auth users user_made',
    'PUBLICATION TABLE public supabase_realtime orders',
    'POLICY storage objects read files',
  ])
    assert.ok(names.includes(name), `${name} in ${names.join('\n')}`)
  assert.not.match(names.join('\n'), /aside (alone|first)|supabase_migrations|postgate/)
  assert.not.match(sections.map(({sql}) => sql).join(''), /TOC entry|transaction_timeout|Completed/)
})

/** As pg_dump --verbose writes an entry. */
const entry = (oid: number, type: string, schema: string, name: string, sql: string) =>
  `--\n-- TOC entry ${oid} (class 1259 OID ${oid})\n-- Dependencies: 1 2\n-- Name: ${name}; Type: ${type}; Schema: ${schema}; Owner: o\n--\n\n${sql}\n\n`

dump(
  'a setting that was written before an entry left out holds for the next one that needs it',
  () => {
    const text = [
      '--\n-- PostgreSQL database dump\n--\n\nSET row_security = off;\n\n',
      entry(1, 'FUNCTION', 'public', 'f()', "F $$\nSET default_tablespace = 'x';\n$$;"),
      "SET default_tablespace = '';\n\nSET default_table_access_method = columnar;\n\n",
      entry(2, 'TABLE', 'aside', 'a', 'A;'),
      'SET default_table_access_method = heap;\n\n',
      entry(3, 'TABLE', 'aside', 'b', 'B;'),
      entry(4, 'VIEW', 'public', 'v', 'V;'),
      entry(5, 'TABLE', 'public', 't', 'T;'),
      entry(6, 'TABLE', 'public', 'u', 'U;'),
      '-- Completed on 2026-01-20 10:00:00 UTC\n\n--\n-- PostgreSQL database dump complete\n--\n\n\\unrestrict x\n',
    ].join('')
    const wanted = {objects: new Set<string>(), publications: new Set<string>(), without: []}
    assert.equal(
      chosen(entriesOf(text), wanted).map(({sql}) => sql),
      [
        "F $$\nSET default_tablespace = 'x';\n$$;\n",
        "V;\n\nSET default_tablespace = '';\n\nSET default_table_access_method = heap;\n",
        'T;\n',
        'U;\n',
      ],
    )
  },
)

dump('before the first entry only what differs from any session is set', () => {
  const of = (method: string) => {
    const set = `SET default_tablespace = '';\n\nSET default_table_access_method = ${method};\n\n`
    const text = [
      set,
      entry(1, 'TABLE', 'public', 't', 'T;'),
      entry(2, 'TABLE', 'public', 'u', 'U;'),
    ]
    const wanted = {objects: new Set<string>(), publications: new Set<string>(), without: []}
    return chosen(entriesOf(text.join('')), wanted).map(({sql}) => sql)
  }
  assert.equal(of('heap'), ['T;\n', 'U;\n'])
  assert.equal(of('columnar'), ['SET default_table_access_method = columnar;\n\nT;\n', 'U;\n'])
})

dump.after(server.stop)
dump.run()
