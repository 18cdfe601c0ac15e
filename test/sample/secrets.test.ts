// A sample of the canary test: the search finds every form, and nothing leaks from a run that is broken
// by a secret in its build. The whole: `npm run test:faults`.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {bundleWithSandbox} from '../helpers/bundle-runs.ts'
import {canariesOf} from '../secrets/canaries.ts'
import {searchFinds, searchSeries} from '../secrets/canary-run.ts'

const secrets = suite('marked secrets, a sample')

secrets('are found in every form, and nowhere behind a broken run', async () => {
  const bundle = await bundleWithSandbox()
  try {
    assert.equal(searchFinds(canariesOf(bundle.paths)), [])
    const searched = await searchSeries(bundle, {
      name: 'A',
      commands: [[1, 'scripts/staging.ts', '--sandbox', '--break', 'secret-in-build']],
    })
    assert.equal(searched.faults, [])
    assert.equal(searched.leaks, [])
    assert.ok(searched.places > 100 && searched.commandLines > 50)
  } finally {
    bundle.remove()
  }
})

secrets.run()
