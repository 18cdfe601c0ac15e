// Goal: migrations as teams have them run in one transaction, on the oldest and the newest server: values added
// to enums and used later, output of newer pg_dumps, rows in COPY blocks, things said again. Method: files are
// read and run as a reset does, on each server, and rolled back.

import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {withLaterValues} from '../../../../scripts/lib/adapters/database/enum-values.ts'
import {
  isOutside,
  readMigrations,
  runFile,
} from '../../../../scripts/lib/adapters/database/migrations.ts'
import type {DatabaseSession} from '../../../../scripts/lib/adapters/database/session.ts'
import {Problem} from '../../../../scripts/lib/domain/problem.ts'
import {inLang} from '../../../../scripts/lib/domain/text.ts'
import {testServer} from '../../../helpers/postgres.ts'

const migrations = suite('migrations')
const servers = {
  installed: await testServer(),
  embedded: await testServer({binaries: 'embedded'}),
}

/** Runs the files on each server, then asks; all of it is rolled back. */
const onEach = (
  fact: string,
  sources: readonly string[],
  ask: (session: DatabaseSession, kept: readonly string[]) => Promise<void>,
) => {
  for (const [name, server] of Object.entries(servers)) {
    migrations(`${fact} (${name})`, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'postgate-migrations-'))
      const session = await server.session('production')
      const {client} = session
      const kept: string[] = []
      try {
        for (const [index, source] of sources.entries())
          writeFileSync(join(folder, `2026010100000${index}_file.sql`), source)
        const files = withLaterValues(await readMigrations(folder, '.'))
        await client.query('begin; drop schema public cascade; create schema public')
        for (const file of files)
          kept.push(
            ...(await runFile(session, file, async () => void (await client.query('reset all')))),
          )
        await ask(session, kept)
      } finally {
        await client.query('rollback')
        await session.close()
        rmSync(folder, {recursive: true})
      }
    })
  }
}

const one = async (session: DatabaseSession, sql: string) => {
  const [row] = await session.rows(sql)
  return Object.values(row ?? {})[0]
}

const labels = (type: string) =>
  `select string_agg(enumlabel, ' ' order by enumsortorder) from pg_enum where enumtypid = '${type}'::regtype`

onEach(
  'a value that one file adds to an enum is used by a later one',
  [
    `create type public.state as enum ('a', 'b'); create table public.t (id int primary key, s public.state default 'a');`,
    `alter type public.state add value 'c';`,
    `alter table public.t alter column s set default 'c'; create index on public.t (id) where s = 'c'; insert into public.t values (1);`,
  ],
  async (session) => {
    assert.is(await one(session, labels('public.state')), 'a b c')
    assert.is(await one(session, 'select s::text from public.t'), 'c')
  },
)

onEach(
  'it is used in the very file that adds it, in blocks, under a new name, in its place, and renamed',
  [
    `DO $$ BEGIN CREATE TYPE "Order State" AS ENUM ('draft', -- first
       'it''s open', 'done'); EXCEPTION WHEN duplicate_object THEN null; END $$;
     alter type "Order State" rename value 'done' to 'closed';`,
    `alter type "Order State" rename to state;
     do $$ begin alter type public.state add value 'sent' before 'closed'; end $$;
     alter type state add value if not exists 'lost' after 'closed';
     create table t (s state default 'sent', check (s <> 'lost')); insert into t default values;`,
  ],
  async (session) => {
    assert.is(await one(session, labels('public.state')), "draft it's open sent closed lost")
    assert.is(await one(session, 'select s::text from public.t'), 'sent')
  },
)

onEach(
  'a type that is made anew in the place of another keeps its own values',
  [
    `create type public.kind as enum ('x'); create table public.t (k public.kind);`,
    `alter type public.kind rename to kind_old; create type public.kind as enum ('x', 'y');
     alter table public.t alter column k type public.kind using k::text::public.kind; drop type public.kind_old;`,
    `alter type public.kind add value 'z'; alter table public.t alter column k set default 'z';`,
  ],
  async (session) => assert.is(await one(session, labels('public.kind')), 'x y z'),
)

onEach(
  'the output of a newer pg_dump runs: its frame, its time limit, its COPY blocks',
  [
    String.raw`--
-- PostgreSQL database dump
--
\restrict aBc123

SET statement_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SELECT pg_catalog.set_config('search_path', '', false);
CREATE SCHEMA public;
CREATE TABLE public.units (code text NOT NULL, label text, note text);
COPY public.units (code, label, note) FROM stdin;
kg	kilo; not a statement	\N
é	tab\tin 'quotes	$$
\\.	x	y
\.


ALTER TABLE ONLY public.units ADD CONSTRAINT units_pkey PRIMARY KEY (code);
\unrestrict aBc123
`,
    "insert into units (code) values ('m');",
  ],
  async (session) => {
    assert.equal(
      (await session.rows('select code, label, note from public.units order by code')).map((row) =>
        Object.values(row),
      ),
      [
        ['\\.', 'x', 'y'],
        ['kg', 'kilo; not a statement', null],
        ['m', null, null],
        ['é', "tab\tin 'quotes", '$$'],
      ],
    )
  },
)

onEach(
  'a dump says again what lies outside public, and that is left as it is',
  [
    `create schema if not exists app; create table app.people (id int not null, at int not null) partition by range (at);
     create table app.people_1 (id int not null, at int not null); alter table app.people attach partition app.people_1 for values from (0) to (1);
     alter table only app.people_1 add constraint people_pkey primary key (id);
     create table app.plain (id int not null);`,
    `create table app.people_1 (id int);
     alter table only app.people_1 add constraint people_pkey primary key (id);
     alter table only app.people attach partition app.people_1 for values from (0) to (1);
     alter table app.plain alter column id add generated always as identity;
     alter table app.plain alter column id add generated always as identity;
     comment on schema pg_catalog is 'said again';
     create table public.t (id int);`,
  ],
  async (session, kept) => {
    assert.is(kept.length, 5)
    assert.is(await one(session, `select to_regclass('public.t') is not null`), true)
  },
)

migrations('a failure names its file and line, also inside a COPY, and a true cause', async () => {
  const server = servers.installed
  const folder = mkdtempSync(join(tmpdir(), 'postgate-migrations-'))
  const session = await server.session('production')
  const fails = async (source: string): Promise<string> => {
    writeFileSync(join(folder, '1_a.sql'), source)
    const [file] = await readMigrations(folder, '.')
    await session.client.query('begin')
    try {
      if (file !== undefined) await runFile(session, file, async () => {})
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      const {what, why = '', next = ''} = error.parts
      return [what, why, next].map((each) => inLang(each, 'en')).join(' | ')
    } finally {
      await session.client.query('rollback')
    }
    throw new Error('it went through')
  }
  const copied = await fails(
    'create table public.u (a int);\n\ncopy public.u from stdin;\n1\nx\n\\.\n',
  )
  assert.match(copied, /1_a\.sql:3 failed.* 22P02 invalid input syntax for type integer: "x"/)
  const owned = await fails('select 1;\nalter table public.orders owner to pg_monitor;')
  assert.match(owned, /1_a\.sql:2 failed.* 42501/)
  const late = await fails(
    "create type app_state as enum ('a');\nselect 1;\ndo $$ begin execute 'alter type app_state add value ' || quote_literal('b'); end $$;\nselect 'b'::app_state;",
  )
  assert.match(late, /1_a\.sql:4 failed.* 55P04 .*add this value to STAGING first/)
  await session.close()
  rmSync(folder, {recursive: true})
})

migrations('what lies outside public is told by the thing, not by a word in its text', () => {
  for (const sql of [
    'ALTER TABLE ONLY auth.users ADD CONSTRAINT x PRIMARY KEY (id)',
    'alter table if exists "storage"."objects" enable row level security',
    'CREATE POLICY "see public.orders" ON storage.objects FOR SELECT USING (true)',
    'create unique index i on only auth.users (id)',
    "comment on extension pgcrypto is 'x'",
    'alter default privileges for role supabase_admin in schema public grant all on tables to anon',
    'grant all on table auth.users to dashboard',
    'alter schema public owner to pg_database_owner',
  ])
    assert.ok(isOutside(sql), sql)
  for (const sql of [
    'alter table public.orders add primary key (id)',
    'alter table orders owner to x',
    'create policy p on public.orders using (exists (select from auth.users))',
    'create trigger t after insert on "public".orders execute function auth.x()',
    'create extension postgis with schema extensions',
    'grant select on public.orders to anon',
    'insert into auth.users values (1)',
  ])
    assert.not.ok(isOutside(sql), sql)
})

migrations.after(async () => {
  for (const server of Object.values(servers)) await server.stop()
})
migrations.run()
