// Goal: the reset is right on databases of the kinds that people have. Method: a sample of them on the PostgreSQL
// that npm brings, with migrations and by the shape alone; the longer kind tries all, the real one pg_dump too.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {kinds} from '../../../fixtures/database/kinds.ts'
import {isRight, kindServer, tryKind} from '../../../helpers/database-kinds.ts'

const sample = suite('kinds of databases')
const server = await kindServer('embedded')
const tried = ['a view that keeps its rows', 'owners:']

for (const kind of kinds.filter(({name}) => tried.some((start) => name.startsWith(start)))) {
  for (const mode of ['migrations', 'shape'] as const) {
    sample(`${kind.name}: by ${mode}`, async () => isRight(await tryKind(server, kind, mode), kind))
  }
}

sample('a view that cannot be filled is told, and the rest is reset', async () => {
  const kind = {
    name: 'needs rows',
    sql: `create table public.sales (id int primary key, price numeric);
      create materialized view public.average as select 100 / count(*) as share from public.sales with no data;
      create materialized view public.ones as select 1 as one;`,
    rows: 'insert into public.sales values (1, 2); refresh materialized view public.average; refresh materialized view public.ones',
  }
  const came = await tryKind(server, kind, 'shape')
  assert.is(came.refused, null)
  assert.match(came.told, /public\.average reste vide : 22012/)
})

sample('a table of another schema that would go with its rows stops the reset before', async () => {
  const kind = {
    name: 'child elsewhere',
    before: 'create schema side;',
    sql: 'create table public.base (id int primary key);',
    rows: 'create table side.child (extra text) inherits (public.base); insert into side.child values (1)',
  }
  const came = await tryKind(server, kind, 'shape')
  assert.match(came.refused ?? '', /this would be gone, and its rows: table side\.child/)
})

sample(
  'more locks than the server has room for stop it before, with the setting to change',
  async () => {
    const small = await kindServer('embedded', {locks: 10})
    const tables = Array.from(
      {length: 120},
      (_, n) =>
        `create table public.t${n} (id bigint generated always as identity primary key, a int not null unique, b int not null unique);`,
    )
    const came = await tryKind(small, {name: 'many', sql: tables.join('\n')}, 'shape')
    await small.stop()
    assert.match(
      came.refused ?? '',
      /would take \d+ locks.*no room for them \(sure of \d+, max_locks_per_transaction = 10\)/,
    )
    assert.match(came.refused ?? '', /alter system set max_locks_per_transaction = \d+/)
  },
)

sample.after(server.stop)
sample.run()
