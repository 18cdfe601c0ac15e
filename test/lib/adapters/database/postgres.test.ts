// Goal: a plain PostgreSQL, told by the name of its database, is identified, saved, reset and judged as a
// Supabase project is. Method: a real server, the command of the reset, and the adapter's own questions.

import {cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {postgres} from '../../../../scripts/lib/adapters/database/postgres.ts'
import {resetStaging} from '../../../../scripts/lib/adapters/database/reset-command.ts'
import {shapeText} from '../../../../scripts/lib/adapters/database/shape-file.ts'
import {inLang} from '../../../../scripts/lib/domain/text.ts'
import type {Judgement} from '../../../../scripts/lib/domain/verdict.ts'
import {readEnvFile} from '../../../../scripts/lib/engine/env-file.ts'
import {loadProject} from '../../../../scripts/lib/engine/project-file.ts'
import {fixtures, testServer} from '../../../helpers/postgres.ts'
import {testTools, testWorld} from '../../../helpers/world.ts'

const plain = suite('plain PostgreSQL')

plain('is identified by its name, saved, reset, and then as it must be', async () => {
  const server = await testServer()
  const folder = mkdtempSync(join(tmpdir(), 'postgate-plain-'))
  const name = 'shop_staging'
  try {
    await server.staging(name)
    await server.query(name, `update postgate.environment set ref = '${name}'`)
    await server.query(
      'postgres',
      `create role shop login password 'secret' in role postgate_owner`,
    )
    await server.query('postgres', 'alter role shop bypassrls')
    await server.query('postgres', `alter role shop set role = 'postgate_owner'`)
    const url = new URL(server.url(name))
    url.username = 'shop'
    cpSync(join(fixtures, 'migrations'), join(folder, 'migrations'), {recursive: true})
    mkdirSync(join(folder, 'env'))
    const files = {
      'shape.json': shapeText(await server.shape()),
      'env/.env': `URL=${url.href}\nNAME=${name}\n`,
      'postgate.yaml': `name: shop
builder: {adapter: flutter}
database: {adapter: postgres, shape: shape.json, migrations: migrations, reference: [units, categories], mayChange: [log_actions]}
environments:
  staging:
    envFile: env/.env
    url: http://127.0.0.1
    hosting: {adapter: folder}
    database: {url: URL, ref: NAME}
`,
    }
    for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text)
    const database = await postgres({
      ...(await testTools({
        world: testWorld({project: folder, cache: folder}),
        project: await loadProject(folder),
        env: await readEnvFile(join(folder, 'env/.env'), 'env/.env'),
      })),
    })
    const is = (judgement: Judgement, verdict: string) =>
      assert.is(judgement.verdict, verdict, inLang(judgement.observed, 'en'))
    try {
      is(await database.identify(), 'pass')
      is(await database.tablesEmpty(['units', 'categories']), 'fail')
      const before = await database.tables({checksums: ['units', 'categories']})
      const kept = Object.fromEntries(
        Object.entries(before).filter(([table]) => ['units', 'categories'].includes(table)),
      )
      const saved = await database.backup(join(folder, 'saved'))
      assert.ok(saved.tables > 0)
      is(await database.backupReadable(join(folder, 'saved')), 'pass')
      is(await database.vendorBackup(1), 'unknown')
      await database.close()
      const guards = {
        CONFIRM_STAGING_RESET: 'I_UNDERSTAND_THIS_WILL_DROP_PUBLIC',
        ALLOW_STAGING_RESET: 'true',
      }
      await resetStaging(['--project', folder], guards)
      is(await database.tablesEmpty(['units', 'categories']), 'pass')
      is(await database.referencesIntact(kept), 'pass')
      is(await database.rowSecurity(), 'pass')
      is(await database.sameShape(), 'pass')
      is(await database.refusesWrites(), 'pass')
    } finally {
      await database.close()
    }
  } finally {
    await server.stop()
    rmSync(folder, {recursive: true, force: true})
  }
})

plain.run()
