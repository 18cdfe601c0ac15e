// The contract of a database, for each product: identified, saved, reset and judged on a real server, by
// the command of the reset and the adapter's own questions.

import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {inLang} from '../../../../scripts/lib/domain/text.ts'
import type {Judgement} from '../../../../scripts/lib/domain/verdict.ts'
import type {AdapterTools} from '../../../../scripts/lib/kit/adapter-tools.ts'
import type {Database} from '../../../../scripts/lib/kit/ports/database.ts'
import {readEnvFile} from '../../../../scripts/lib/policy/env-file.ts'
import {loadProject} from '../../../../scripts/lib/policy/project-file.ts'
import {resetStaging} from '../../../../scripts/lib/tools/reset/command.ts'
import {writeDatabaseProject} from '../../../helpers/database-project.ts'
import {testServer} from '../../../helpers/postgres.ts'
import {testTools, testWorld} from '../../../helpers/world.ts'

export interface Product {
  readonly adapter: 'postgres' | 'supabase'
  readonly open: (tools: AdapterTools) => Promise<Database>
  /** What the project is told by. */
  readonly ref: string
  /** The role that signs in, as its connection string names it. */
  readonly role: string
  readonly backups: 'attested' | 'vendor'
}

export function databaseContract({adapter, open, ref, role, backups}: Product): void {
  const contract = suite(`the contract of a database: ${adapter}`)

  contract('identified, saved, reset, and then as it must be', async () => {
    const server = await testServer()
    const folder = mkdtempSync(join(tmpdir(), 'postgate-contract-'))
    const name = 'shop_staging'
    try {
      await server.staging(name)
      await server.query(name, `update postgate.environment set ref = '${ref}'`)
      // The server knows the roles of its Supabase project already.
      if (!role.includes('.')) {
        const login = `create role ${role} login bypassrls password 'secret' in role postgate_owner`
        await server.query('postgres', `${login}; alter role ${role} set role = 'postgate_owner'`)
      }
      const url = new URL(server.url(name))
      url.username = role
      const shape = await server.shape()
      writeDatabaseProject(folder, {url: url.href, ref, shape, settings: `adapter: ${adapter}`})
      const database = await open({
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
        const told = await database.vendorBackup(1)
        assert.equal(
          [told.verdict, told.attestable],
          ['unknown', {}],
          'without a token: a person says',
        )
        assert.match(
          inLang(told.observed, 'en'),
          backups === 'vendor' ? 'SUPABASE_ACCESS_TOKEN' : 'tells nothing',
        )
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

  contract.run()
}
