// Goal: no difference escapes the comparison, and none is made up. Method: one database with things of many kinds,
// made twice the same, and single changes of it, each read inside a transaction that is rolled back.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {readCatalogue} from '../../../../scripts/lib/adapters/database/catalogue.ts'
import {
  compareCatalogues,
  describeDifferences,
  fingerprints,
  fromFingerprints,
  otherOrder,
} from '../../../../scripts/lib/adapters/database/catalogue-compare.ts'
import {parseConnection} from '../../../../scripts/lib/adapters/database/connection.ts'
import {openDatabaseSession} from '../../../../scripts/lib/adapters/database/session.ts'
import {inLang} from '../../../../scripts/lib/domain/text.ts'
import {kindServer} from '../../../helpers/database-kinds.ts'

const catalogue = suite('catalogue')
const server = await kindServer('embedded')
const made = `
  create schema storage; create table storage.objects (id int primary key); create schema side; create table side.other (id int primary key);
  create type public.mood as enum ('calm', 'busy'); create domain public.positive as int check (value > 0);
  create type public.span as range (subtype = int4); create type public.place as (x int);
  create collation public.plain (locale = 'C'); create sequence public.tickets;
  create function public.f(a int default 1) returns int language sql as $$ select 1 $$;
  create function public.t() returns trigger language plpgsql as $$ begin return new; end $$;
  create function public.e() returns event_trigger language plpgsql as $$ begin end $$;
  create operator public.=== (leftarg = int, rightarg = int, function = pg_catalog.int4eq);
  create aggregate public.s(int) (sfunc = int4pl, stype = int, initcond = '0');
  create text search configuration public.words (copy = pg_catalog.simple);
  create table public.a (id int generated always as identity primary key, n int not null, m int not null, w text default 'x', p public.positive, constraint n_small check (n < 100));
  create table public.b (id serial primary key, a int references public.a deferrable, note text);
  create table public.logs (at date, n int) partition by range (at); create table public.logs_rest partition of public.logs default;
  create table public.child () inherits (public.b);
  create index a_n on public.a (n); create unique index on public.b (note); create statistics public.st on n, m from public.a;
  create view public.v as select id, n from public.a; create materialized view public.mv as select id from public.a;
  create rule r as on update to public.b do also nothing;
  create trigger tr before insert on public.a for each row execute function public.t();
  create policy own on public.a using (n > 0); create policy files on storage.objects using (id > 0);
  create publication part for table public.a (id, n) where (id > 1); create event trigger et on ddl_command_end execute function public.e();
  create trigger elsewhere before insert on side.other for each row execute function public.t();
  comment on table public.a is 'one'; grant select on public.a to anon; grant update (n) on public.a to authenticated;
  alter default privileges in schema public grant select on tables to anon;`
await server.make('one', [made])
await server.make('two', [made])

const sessionOf = (name: string) =>
  openDatabaseSession({connection: parseConnection(server.url(name), 'URL'), name})
const [one, two] = [await sessionOf('one'), await sessionOf('two')]

/** What the server's catalogues say after `sql`, of which nothing stays. */
async function after(sql: string) {
  await two.client.query('begin')
  try {
    if (sql !== '') await two.client.query(sql)
    return await readCatalogue(two)
  } finally {
    await two.client.query('rollback')
  }
}

await one.client.query('begin')
const expected = await readCatalogue(one)
await one.client.query('rollback')

catalogue('says the same of two databases that were made alike', async () => {
  assert.equal(compareCatalogues(expected, await after('')), [])
  assert.ok(expected.size > 80)
})

/** The change, and the name of what differs. */
const changes: readonly (readonly [string, string])[] = [
  ['alter schema public owner to service_role', 'schema public'],
  ['grant usage on schema public to anon', 'schema public'],
  [`comment on schema public is 'x'`, 'comment on schema public'],
  ['alter table public.a owner to service_role', 'table public.a'],
  ['alter view public.v owner to service_role', 'view public.v'],
  ['alter function public.f(int) owner to service_role', 'function public.f(integer)'],
  ['alter function public.f(int) security definer', 'function public.f(integer)'],
  [`alter function public.f(int) set search_path = ''`, 'function public.f(integer)'],
  ['revoke execute on function public.f(int) from public', 'function public.f(integer)'],
  [
    `create or replace function public.f(a int default 2) returns int language sql as $$ select 1 $$`,
    'function public.f(integer)',
  ],
  ['revoke select on public.a from anon', 'table public.a'],
  ['grant update (m) on public.a to authenticated', 'table column public.a.m'],
  [
    'alter default privileges in schema public grant insert on tables to anon',
    'default acl for role postgres in schema public on tables',
  ],
  [`comment on column public.a.n is 'x'`, 'comment on table public.a.n'],
  [`comment on table public.a is 'two'`, 'comment on table public.a'],
  ['alter table public.a add x int', 'table column public.a.x'],
  ['alter table public.a drop m cascade', 'table column public.a.m'],
  ['alter table public.b alter note type varchar(20)', 'table column public.b.note'],
  [`alter table public.a alter w set default 'y'`, 'default value for public.a.w'],
  ['alter table public.a alter w set not null', 'table column public.a.w'],
  ['alter table public.a alter w set storage external', 'table column public.a.w'],
  ['alter table public.a alter n set statistics 500', 'table column public.a.n'],
  ['alter table public.a alter n set (n_distinct = 3)', 'table column public.a.n'],
  ['alter table public.a alter id set generated by default', 'table column public.a.id'],
  ['alter table public.a replica identity full', 'table public.a'],
  ['alter table public.a set (fillfactor = 50)', 'table public.a'],
  ['alter table public.a enable row level security', 'table public.a'],
  ['alter table public.a force row level security', 'table public.a'],
  ['alter table public.b set unlogged', 'table public.b'],
  [
    'alter table public.a rename constraint n_small to n_tiny',
    'table constraint n_tiny on public.a',
  ],
  [
    'alter table public.a drop constraint n_small, add constraint n_small check (n < 100) not valid',
    'table constraint n_small on public.a',
  ],
  [
    'alter table public.b alter constraint b_a_fkey not deferrable',
    'table constraint b_a_fkey on public.b',
  ],
  [
    'alter table public.a rename constraint a_m_not_null to other',
    'table constraint other on public.a',
  ],
  ['drop index public.a_n; create index a_n on public.a (n desc)', 'index of index public.a_n'],
  ['alter table public.a cluster on a_n', 'index of index public.a_n'],
  ['alter statistics public.st set statistics 10', 'statistics object public.st'],
  ['alter table public.a disable trigger tr', 'trigger tr on public.a'],
  ['alter table public.a enable always trigger tr', 'trigger tr on public.a'],
  ['alter policy own on public.a using (n > 1)', 'policy own on public.a'],
  ['alter policy own on public.a to anon', 'policy own on public.a'],
  ['alter policy files on storage.objects using (id > 1)', 'policy files on storage.objects'],
  ['alter table public.b disable rule r', 'rule r on public.b'],
  ['alter view public.v set (security_invoker = true)', 'view public.v'],
  [
    'create or replace view public.v as select id, n from public.a where n > 0',
    'rule "_RETURN" on public.v',
  ],
  ['alter sequence public.tickets increment 2', 'values of sequence public.tickets'],
  ['alter sequence public.b_id_seq owned by none', 'owner of sequence public.b_id_seq'],
  [`alter type public.mood add value 'sad' before 'busy'`, 'value of type public.mood.sad'],
  [`alter type public.mood rename value 'calm' to 'quiet'`, 'value of type public.mood.quiet'],
  ['alter domain public.positive set not null', 'type public.positive'],
  ['alter type public.place add attribute y int', 'composite type column public.place.y'],
  ['alter table public.child no inherit public.b', 'inheritance of table public.child.1'],
  [
    `create table public.logs_2 partition of public.logs for values from ('2025-01-01') to ('2026-01-01')`,
    'table public.logs_2',
  ],
  [
    'alter publication part set table public.a (id)',
    'publication relation public.a in publication part',
  ],
  [
    'alter publication part set table public.a (id, n) where (id > 2)',
    'publication relation public.a in publication part',
  ],
  [`alter publication part set (publish = 'insert')`, 'publication part'],
  ['alter event trigger et disable', 'event trigger et'],
  ['drop trigger elsewhere on side.other', 'trigger elsewhere on side.other'],
  [
    'alter operator public.=== (int, int) set (restrict = eqsel)',
    'operator public.===(integer,integer)',
  ],
  ['alter aggregate public.s(int) rename to s2', 'aggregate public.s2(integer)'],
  [
    'alter text search configuration public.words drop mapping for email',
    'mapping of text search configuration public.words',
  ],
  ['alter collation public.plain rename to plainer', 'collation public.plainer'],
  ['drop type public.span', 'type public.span'],
  ['alter materialized view public.mv set (fillfactor = 50)', 'materialized view public.mv'],
]

for (const [sql, name] of changes) {
  catalogue(`sees ${sql.slice(0, 90)}`, async () => {
    const actual = await after(sql)
    const differences = compareCatalogues(expected, actual)
    const told = inLang(describeDifferences(differences, 50), 'en')
    assert.ok(
      differences.some((difference) => difference.name.startsWith(name)),
      told,
    )
    // As it is kept in a database, by names alone.
    const kept = compareCatalogues(
      fromFingerprints(fingerprints(expected)),
      fromFingerprints(fingerprints(actual)),
    )
    const names = (list: typeof kept) => list.map((difference) => difference.name).sort()
    assert.equal(names(kept), names(differences))
  })
}

catalogue('names what differs, with both values, and a missing table once', async () => {
  const owner = compareCatalogues(
    expected,
    await after('alter view public.v owner to service_role'),
  )
  assert.match(
    inLang(describeDifferences(owner), 'en'),
    /^view public\.v \(differs : relowner: role postgres ≠ role service_role/,
  )
  const gone = compareCatalogues(expected, await after('drop table public.child'))
  assert.equal(
    gone.map(({name, kind}) => `${name} ${kind}`),
    ['table public.child missing'],
  )
})

catalogue('takes another order of columns for no difference, and tells it', async () => {
  const moved = await after(
    `alter table public.a drop w; alter table public.a add w text default 'x'`,
  )
  assert.equal(compareCatalogues(expected, moved), [])
  assert.equal(otherOrder(expected, moved), ['table public.a'])
  assert.equal(otherOrder(expected, expected), [])
})

catalogue('leaves partitions of the application itself out, on either side', async () => {
  const actual = await after(
    `create table public.logs_2025 partition of public.logs for values from ('2025-01-01') to ('2026-01-01'); create index on public.logs_2025 (n)`,
  )
  assert.is(compareCatalogues(expected, actual).length, 1)
  assert.equal(compareCatalogues(expected, actual, {ownPartitions: ['logs_2*']}), [])
  assert.equal(compareCatalogues(actual, expected, {ownPartitions: ['public.logs_2*']}), [])
})

catalogue('names of NOT NULL count where PROD’s server keeps them', async () => {
  const actual = await after('alter table public.a rename constraint a_m_not_null to other')
  assert.is(compareCatalogues(expected, actual, {notNullNames: true}).length, 2)
  assert.equal(compareCatalogues(expected, actual, {notNullNames: false}), [])
})

catalogue.after(async () => {
  await one.close()
  await two.close()
  await server.stop()
})
catalogue.run()
