// Goal: scenario A holds under whatever a person's git configuration says of line endings, signing,
// colours, encodings and pruning. Method: the real command on a sandbox, twice: the second one begins with
// documents that the first one's fast-forward has checked out with other line endings.

import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {bundleWithSandbox} from '../helpers/bundle-runs.ts'
import {hostileGit} from '../helpers/hostile-git.ts'

const hostile = suite('a hostile git configuration')

hostile('A succeeds, is signed, and audits without difference; so does the next one', async () => {
  const bundle = await bundleWithSandbox()
  try {
    const env = hostileGit(join(bundle.path, 'person'))
    for (const _ of [1, 2]) {
      const ran = await bundle.run(['scripts/staging.ts', '--sandbox'], {env})
      assert.is(ran.code, 0, ran.stdout + ran.stderr)
      const audited = await bundle.run(['scripts/audit.ts', '--sandbox'], {env})
      assert.is(audited.code, 0, audited.stdout + audited.stderr)
    }
    const {git, read} = bundle
    assert.match(read('runbooks/staging.md'), /\r\n/)
    git('fetch', '--quiet', 'origin')
    assert.match(git('cat-file', 'commit', 'origin/main'), /gpgsig/)
  } finally {
    bundle.remove()
  }
})

hostile.run()
