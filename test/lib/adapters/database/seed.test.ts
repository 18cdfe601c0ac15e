// Goal: whether a seed leaves rows in a table is told by its statements, as people and tools write them.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {seededTables} from '../../../../scripts/lib/adapters/database/seed.ts'
import {sqlStatements} from '../../../../scripts/lib/adapters/database/sql-statements.ts'

const seed = suite('rows of a seed')

const tables = (sql: string) => seededTables({statements: sqlStatements(sql, 'seed.sql')})

for (const [sql, expected] of [
  ["insert into units (code) values ('kg');", ['units']],
  [
    '-- for local work\n/* only */ INSERT INTO public."Odd ""Name""" DEFAULT VALUES;',
    ['Odd "Name"'],
  ],
  ['with a as (select 1) insert into Units select * from a;', ['units']],
  ['COPY public.lines ("order", line) FROM stdin;\n1\t2\n\\.\n', ['lines']],
  ['copy units to stdout;', []],
  ['insert into auth.users (id) values (1); insert into storage.buckets (id) values (1);', []],
  ["comment on table units is 'insert into units';", []],
  [
    'insert into units values (1); insert into lines values (1); truncate units, lines cascade;',
    [],
  ],
  ['insert into units values (1); delete from only units;', []],
  ['insert into units values (1); delete from units where code = 1;', ['units']],
  ['create function f() returns void language sql as $$ insert into units values (1) $$;', []],
] as const)
  seed(sql.replace(/\s+/g, ' '), () => assert.equal(tables(sql), [...expected]))

seed.run()
