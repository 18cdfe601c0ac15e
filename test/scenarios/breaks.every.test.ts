// Goal: every `--break` of scenario A, each in a sandbox that is as it was born.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {type Bundle, bundleWithSandbox} from '../helpers/bundle-runs.ts'
import {bytesServed, checkBreak, failing, refusing} from './broken.ts'

const every = suite('staging, every break')
let born: Bundle | undefined

async function inCopy(use: (bundle: Bundle) => Promise<void>): Promise<void> {
  born ??= await bundleWithSandbox()
  const bundle = born.copy()
  try {
    await use(bundle)
  } finally {
    bundle.remove()
  }
}

for (const one of [...refusing, ...failing]) {
  every(`--break ${one.name} ends with ${one.exit}`, () =>
    inCopy((bundle) => checkBreak(bundle, one)),
  )
}

every('--rollback with no run open goes back to what was live before', () =>
  inCopy(async (bundle) => {
    const before = bytesServed(bundle)
    const ran = await bundle.run(['scripts/staging.ts', '--sandbox'])
    assert.is(ran.code, 0, ran.stdout + ran.stderr)
    assert.not.equal(bytesServed(bundle), before)
    const back = await bundle.run(['scripts/staging.ts', '--sandbox', '--rollback', 'écran blanc'])
    assert.is(back.code, 1, back.stdout + back.stderr)
    assert.equal(bytesServed(bundle), before)
    assert.match(bundle.read('docs/STAGING_DEPLOYMENTS.md'), /écran blanc|[Rr]ollback|[Rr]etour/)
  }),
)

every(
  'a phase by itself goes on with the active run; --status tells it, --rollback undoes it',
  () =>
    inCopy(async (bundle) => {
      const before = bytesServed(bundle)
      const early = await bundle.run(['scripts/staging/2-reset.ts', '--sandbox'])
      assert.is(early.code, 3, early.stdout + early.stderr)
      for (const phase of ['1-preparation', '2-reset', '3-deployment']) {
        const ran = await bundle.run([`scripts/staging/${phase}.ts`, '--sandbox'])
        assert.is(ran.code, 0, `${phase}: ${ran.stdout}${ran.stderr}`)
      }
      assert.not.equal(bytesServed(bundle), before)
      const status = await bundle.run(['scripts/staging.ts', '--sandbox', '--status'])
      assert.is(status.code, 0, status.stdout + status.stderr)
      assert.match(status.stdout, /\d{8}-\d{6}-staging-/)
      const back = await bundle.run(['scripts/staging.ts', '--sandbox', '--rollback', 'doute'])
      assert.is(back.code, 1, back.stdout + back.stderr)
      assert.equal(bytesServed(bundle), before)
    }),
)

every('--abort before a deployment closes the run; with none open it is refused', () =>
  inCopy(async (bundle) => {
    const none = await bundle.run(['scripts/staging.ts', '--sandbox', '--abort', 'rien'])
    assert.is(none.code, 3, none.stdout + none.stderr)
    for (const phase of ['1-preparation', '2-reset'])
      await bundle.run([`scripts/staging/${phase}.ts`, '--sandbox'])
    const ended = await bundle.run(['scripts/staging.ts', '--sandbox', '--abort', 'réunion'])
    assert.is(ended.code, 1, ended.stdout + ended.stderr)
    assert.match(ended.stdout, /réunion/)
    assert.is(bundle.git('ls-remote', 'origin', 'refs/postgate/lease'), '')
    born?.remove()
  }),
)

every.run()
