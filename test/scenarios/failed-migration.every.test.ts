// Goal: why a reset failed is told wherever somebody looks: the server's error with the migration's file and line,
// and no ordinary word masked. Method: scenario A on a sandbox whose checkpoint holds a migration that cannot run.

import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {bundleWithSandbox} from '../helpers/bundle-runs.ts'
import {publish} from '../helpers/change.ts'
import {changeCheckpoint} from '../helpers/checkpoint.ts'
import {said} from './watched.ts'

const failed = suite('a migration that fails')
const file = 'supabase/migrations/20991231000000_rupture.sql'
const cause = /20991231000000_rupture\.sql:2.*42P01.*jamais_vue/s

failed('is the cause in headline, report, ledger and CHANGELOG', async () => {
  const bundle = await bundleWithSandbox()
  try {
    const sql = 'select 1;\ninsert into public.jamais_vue values (1);\n'
    changeCheckpoint(bundle, (project) => writeFileSync(join(project, file), sql))
    publish(bundle)
    const ran = await bundle.run(['scripts/staging.ts', '--sandbox'])
    assert.is.not(ran.code, 0, said(ran))
    assert.match(said(ran), cause)
    bundle.git('fetch', '--quiet', 'origin')
    const changed = bundle.git('show', '--name-only', '--format=', 'origin/main').split('\n')
    const report = changed.find((name) => /DEPLOYMENT_REPORT_.*\.md$/.test(name)) ?? 'no report'
    for (const name of [report, 'docs/STAGING_DEPLOYMENTS.md', 'CHANGELOG.md']) {
      const text = bundle.git('show', `origin/main:${name}`).replaceAll('\\', '')
      assert.match(text, cause, name)
      assert.match(text, /STAGING/, name)
    }
    assert.is(bundle.git('tag', '--list', 'staging-*'), '')
  } finally {
    bundle.remove()
  }
})

failed.run()
