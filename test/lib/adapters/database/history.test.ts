import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {unmadeTables} from '../../../../scripts/lib/adapters/database/history.ts'
import {planOf} from '../../../../scripts/lib/adapters/database/reset-inputs.ts'
import {sqlStatements} from '../../../../scripts/lib/adapters/database/sql-statements.ts'

const history = suite('history of migrations')

const missing = (sources: readonly string[], shape: readonly string[] | null = null) =>
  unmadeTables(
    sources.map((source, index) => ({
      path: `${index}.sql`,
      statements: sqlStatements(source, `${index}.sql`),
    })),
    shape,
  ).map(({table, at}) => (at === null ? table : `${table} ${at.path}:${at.line}`))

const whole: Readonly<Record<string, readonly string[]>> = {
  'tables made before they are changed': [
    'create table orders (id int); alter table public.orders add x int; create index on "orders" (x);',
    `comment on table public.orders is 'references nobody'; insert into orders values (1);`,
  ],
  'names in quotes, with capitals and blanks': [
    'create table "Order Items" (id int); create policy "Anyone on staff" on "Order Items" using (true);',
  ],
  'a dump that makes a table and its key apart': [
    'CREATE TABLE public.a (id int);\nALTER TABLE ONLY public.a ADD CONSTRAINT b FOREIGN KEY (id) REFERENCES public.a(id);',
  ],
  'a table that was renamed, and one that a query fills': [
    'create table a (id int); alter table a rename to b; alter table b add y int; select 1 as x into c; alter table c add z int;',
  ],
  'tables of other schemas, and what may be missing': [
    'alter table auth.users enable row level security; create trigger t after insert on auth.users execute function f(); alter table if exists gone add x int;',
  ],
  'a table that a block makes': [
    `do $$ begin execute 'create table logs (id int)'; end $$; alter table logs add x int;`,
  ],
  'what comments and bodies of functions say': [
    `-- alter table gone add x int;
     create function f() returns int language sql as $$ insert into gone2 values (1); select 1 $$;`,
  ],
}
for (const [name, sources] of Object.entries(whole))
  history(`finds nothing missing in ${name}`, () => assert.equal(missing(sources), []))

history('finds the table that is changed, indexed or pointed at and that no file makes', () => {
  assert.equal(missing(['select 1;\n\nalter table public.orders add x int;']), ['orders 0.sql:3'])
  assert.equal(missing(['create unique index i on only orders (x);']), ['orders 0.sql:1'])
  assert.equal(missing(['create table a (b int references "Orders" (id));']), ['Orders 0.sql:1'])
  assert.equal(
    missing(['create constraint trigger t after insert on orders execute function f();']),
    ['orders 0.sql:1'],
  )
  assert.equal(missing(['insert into orders values (1); create table orders (id int);']), [
    'orders 0.sql:1',
  ])
})

history('knows from PROD’s shape what an extension made, and what no file speaks of', () => {
  const files = ['create table a (id int); alter table spatial_ref_sys enable row level security;']
  assert.equal(missing(files, ['a']), [])
  assert.equal(missing(files, ['a', 'old']), ['old'])
})

history('counts a dump of the time before PROD’s history among what PROD has', () => {
  const files = ['1', '2', '3', '4'].map((version) => ({
    ...{version, path: `${version}.sql`, name: '', statements: []},
  }))
  const parts = planOf(files, {migrations: ['2', '3']}, null).map(({files: part}) =>
    part.map(({version}) => version).join(''),
  )
  assert.equal(parts, ['123', '', '4'])
})

history.run()
