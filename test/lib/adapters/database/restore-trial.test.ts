// Goal: a backup that is said to be restorable was restored. Method: table-by-table copies of real databases,
// tried in a PostgreSQL of their own; what pg_dump writes is tried with the real programs (test/real).

import {existsSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {Problem} from '../../../../scripts/lib/domain/problem.ts'
import {inLang} from '../../../../scripts/lib/domain/text.ts'
import {backUp} from '../../../helpers/backup.ts'
import {testServer} from '../../../helpers/postgres.ts'

const trial = suite('restore trial')
const server = await testServer()
const folder = mkdtempSync(join(tmpdir(), 'postgate-trial-'))
await server.staging('staging')

trial('a copy is restored into a scratch database, and every row compared', async () => {
  // Each needs the one before it, whatever their names say.
  await server.query(
    'staging',
    `set role postgate_owner; create type public.zone as (n int); create type public.area as (main public.zone);
     create domain public.short as text; create domain public.brief as public.short check (length(value) < 9);
     create table public.sites (id int primary key, at public.area, name public.brief);
     insert into public.sites values (1, row(row(4)), 'north')`,
  )
  const file = join(folder, 'whole.backup')
  const {tables, checked} = await backUp({server, database: 'staging', folder, file})
  assert.is(
    inLang(checked, 'en'),
    'restored into a scratch database and compared: 7 tables; 1 key or rule on another schema not replayed',
  )
  assert.is(tables, 7)
})

trial('a copy that cannot be restored is no backup', async () => {
  await server.staging('kinds')
  await server.query(
    'kinds',
    'set role postgate_owner; create type public.floats as range (subtype = float8); create table public.measured (id int primary key, r public.floats)',
  )
  const file = join(folder, 'kinds.backup')
  try {
    await backUp({server, database: 'kinds', folder, file})
    assert.unreachable('it counts as a backup')
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const {what, why = '', next = ''} = error.parts
    const said = [what, why, next].map((text) => inLang(text, 'en')).join(' | ')
    assert.match(said, /cannot be restored.*type "public.floats" does not exist.*install pg_dump/)
  }
  assert.not.ok(existsSync(file) || existsSync(`${file}.part`))
})

trial('where this machine cannot try, the words say what was checked', async () => {
  const file = join(folder, 'untried.backup')
  const {checked} = await backUp({
    ...{server, database: 'staging', folder, file},
    scratch: async () => null,
  })
  assert.is(
    inLang(checked, 'en'),
    'read back, not restored here: this machine has no PostgreSQL of that version',
  )
})

trial.after(async () => {
  await server.stop()
  rmSync(folder, {recursive: true})
})
trial.run()
