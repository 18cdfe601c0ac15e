// Goal: a reset that was not Postgate's counts once STAGING is proven to be as a reset leaves it, and never before.
// Method: scripts of a project's own, as SQL on a real STAGING.

import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {openDatabase} from '../../../../scripts/lib/adapters/database/open-database.ts'
import {shapeText} from '../../../../scripts/lib/adapters/database/shape-file.ts'
import {Problem} from '../../../../scripts/lib/domain/problem.ts'
import {inLang} from '../../../../scripts/lib/domain/text.ts'
import type {Database} from '../../../../scripts/lib/kit/ports/database.ts'
import {stagingRef, testServer} from '../../../helpers/postgres.ts'
import {testProject, testTools, testWorld} from '../../../helpers/world.ts'

const adopt = suite('a reset of the project’s own')
const server = await testServer()
const folder = mkdtempSync(join(tmpdir(), 'postgate-adopt-'))
writeFileSync(join(folder, 'shape.sql'), shapeText(await server.shape()))

async function using<T>(database: string, use: (database: Database) => Promise<T>): Promise<T> {
  const values: Readonly<Record<string, string>> = {URL: server.url(database), REF: stagingRef}
  const staging = {envFile: 'env', url: 'http://127.0.0.1', hosting: {adapter: 'folder'}}
  const tools = await testTools({
    world: testWorld({project: folder, cache: folder}),
    project: testProject({
      database: {
        ...{shape: 'shape.sql', migrations: 'nowhere', reset: 'tools/reset.sh'},
        reference: ['units', 'categories'],
      },
      environments: {staging: {...staging, database: {url: 'URL', ref: 'REF'}}},
    }),
    env: {
      ...{path: 'env/.env', exists: true, keys: Object.keys(values)},
      get: (key) => values[key],
      secrets: () => Object.values(values),
    },
  })
  const opened = openDatabase(tools, 'supabase')
  try {
    return await use(opened)
  } finally {
    await opened.close()
  }
}

const refusal = (database: string) =>
  using(database, async (db) => {
    try {
      await db.adoptReset?.('run-1')
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      assert.is(await db.lastReset(), null)
      return inLang(error.parts.why ?? '', 'en')
    }
    throw new Error('it counts')
  })

const emptied = `truncate public.events, public.orders, public.lines, public.log_actions cascade`

adopt('counts where tables are empty, the reference rows there and the shape PROD’s', async () => {
  await server.staging('good')
  await server.query('good', emptied)
  await using('good', async (db) => {
    assert.is((await db.sameShape()).verdict, 'unknown')
    await db.adoptReset?.('run-1').catch((error: unknown) => {
      throw error instanceof Problem ? new Error(inLang(error.parts.why ?? '', 'en')) : error
    })
    assert.is((await db.lastReset())?.run, 'run-1')
    const same = await db.sameShape()
    assert.is(same.verdict, 'pass', inLang(same.observed, 'en'))
  })
  const [rows] = await server.query('good', 'select count(*)::int as n from public.units')
  assert.ok(Number(rows?.n) > 0)
})

adopt('does not count where rows are left, or the shape is another', async () => {
  await server.staging('filled')
  assert.match(await refusal('filled'), /orders \(5\)/)
  await server.staging('other')
  await server.query('other', `${emptied}; drop view public.all_orders`)
  assert.match(await refusal('other'), /all_orders/)
})

adopt.after(async () => {
  await server.stop()
  rmSync(folder, {recursive: true})
})
adopt.run()
