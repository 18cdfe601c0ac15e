// Goal: a second scenario A of one day stands beside the first. Method: the real command, twice in one sandbox.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {jsonOutputs} from '../../scripts/lib/domain/json-outputs.ts'
import {bundleWithSandbox} from '../helpers/bundle-runs.ts'

const staging = suite('staging, again')
const command = ['scripts/staging.ts', '--sandbox']

staging('a second one the same day stands beside the first', async () => {
  const bundle = await bundleWithSandbox()
  try {
    const {run, git} = bundle
    const first = await run(command)
    assert.is(first.code, 0, first.stdout + first.stderr)
    const ran = await run([...command, '--json'])
    assert.is(ran.code, 0, ran.stdout + ran.stderr)
    const said = jsonOutputs.run.schema.parse(JSON.parse(ran.stdout))
    assert.is(said.state === 'ended' && said.result, 'succeeded')
    git('fetch', '--quiet', 'origin')
    const listed = git('ls-tree', '--name-only', 'origin/main', 'docs/')
    const reports = listed.match(/DEPLOYMENT_REPORT\S+/g)
    assert.is(reports?.length, 2)
    assert.match(reports?.join(' ') ?? '', /_2\.md/)
    assert.is(git('tag', '--list', 'staging-*').split('\n').length, 2)
  } finally {
    bundle.remove()
  }
})

staging.run()
