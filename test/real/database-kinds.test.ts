// Goal: the reset is right on databases of the kinds that people have, also where STAGING's server is newer or
// older than PROD's. Method: the installed PostgreSQL and the one that npm brings, each with its pg_dump.

import {readFileSync} from 'node:fs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {parseShape} from '../../scripts/lib/adapters/database/shape-file.ts'
import {kinds} from '../fixtures/database/kinds.ts'
import {isRight, kindServer, tryKind} from '../helpers/database-kinds.ts'
import {shapesToday} from './shapes.ts'

const real = suite('kinds of databases, by pg_dump')
const server = await kindServer('installed')
const newer = await kindServer('embedded')

for (const kind of kinds.filter(({from = 0}) => from <= server.version)) {
  for (const mode of ['migrations', 'shape'] as const) {
    real(`${kind.name}: by ${mode}`, async () => isRight(await tryKind(server, kind, mode), kind))
    for (const [from, to] of [
      [server, newer],
      [newer, server],
    ] as const) {
      real(`${kind.name}: by ${mode}, from ${from.version} to ${to.version}`, async () => {
        const came = await tryKind(to, kind, mode, from)
        isRight({...came, probes: kind.ids === true ? came.probes : []}, kind)
      })
    }
  }
}

real('what an older server does not know stops the reset, with both versions', async () => {
  const kind = {
    name: 'new things',
    sql: 'create table public.sums (id int primary key);',
    prodAfter: 'alter table public.sums add twice int generated always as (id * 2) virtual',
  }
  const {refused} = await tryKind(server, kind, 'shape', newer)
  assert.match(refused ?? '', /cannot be built here: TABLE public\.sums: 42601/)
  assert.match(refused ?? '', /STAGING is on PostgreSQL 15, PROD on 18: bring STAGING to PROD’s/)
  assert.is(
    await server.ask('kind_staging', 'select count(*)::int from public.sums'),
    '[{"count":0}]',
  )
})

real('the shapes kept beside the SQL that makes them are what pg_dump says of it', async () => {
  for (const [file, shape] of Object.entries(await shapesToday())) {
    const kept = parseShape(readFileSync(file, 'utf8'), file)
    assert.equal(kept.sections, shape.sections, `npx zx test/real/shapes.ts writes ${file} again`)
    assert.equal(kept.migrations, shape.migrations)
  }
})

real.after(async () => {
  await server.stop()
  await newer.stop()
})
real.run()
