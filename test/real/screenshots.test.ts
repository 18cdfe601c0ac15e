// Goal: the picture of a page that failed its smoke test is in the run's folder, committed, and shown by
// the report. Method: scenario A in the sandbox with a real Chromium, and a route whose words are absent.

import {execFileSync} from 'node:child_process'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {bundleWithSandbox} from '../helpers/bundle-runs.ts'
import {edit, publish} from '../helpers/change.ts'

const screenshots = suite('screenshots')

screenshots('of a failed route are committed and shown in the report', async () => {
  const bundle = await bundleWithSandbox()
  try {
    edit(bundle, 'postgate.yaml', (text) =>
      text
        .replaceAll('browser: off', 'browser: auto')
        .replace('title: Accueil, contains: Dépôt Central', 'title: Accueil, contains: Nulle part'),
    )
    publish(bundle)
    const ran = await bundle.run(['scripts/staging.ts', '--sandbox'], {timeoutMs: 500_000})
    assert.is(ran.code, 1, ran.stdout + ran.stderr)

    const git = (...words: string[]) =>
      execFileSync('git', ['-C', bundle.paths.remote, ...words], {maxBuffer: 1 << 26})
    const files = git('ls-tree', '-r', '--name-only', 'main', 'docs').toString().split('\n')
    const [picture = '', ...others] = files.filter((path) => path.endsWith('.png'))
    assert.match(picture, /^docs\/runs\/[^/]+\/screenshots\/[^/]+\.png$/)
    assert.equal(others, [], 'of the page that failed, and of no other')
    const bytes = git('show', `main:${picture}`)
    assert.is(bytes.subarray(1, 4).toString(), 'PNG')
    assert.ok(bytes.length > 1_000, `${bytes.length} bytes`)

    const report = files.find((path) => path.startsWith('docs/DEPLOYMENT_REPORT_')) ?? ''
    const text = git('show', `main:${report}`).toString()
    assert.match(text, `![capture](${picture.replace('docs/', '')})`)
    const audit = await bundle.run(['scripts/audit.ts', '--sandbox', '--lang', 'en'])
    assert.is(audit.code, 0, audit.stdout + audit.stderr)
  } finally {
    bundle.remove()
  }
})

screenshots.run()
