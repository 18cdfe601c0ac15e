// Goal: each block of postgate.yaml in the guide holds before `lint.ts` itself. Method: a project that has the
// files which the block names, and in its runbooks the lines which the guide says that they list; without
// those lines it is refused.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {stringify} from 'yaml'
import {blocks, lint, listed, named, own, policy, whole} from './guide-project.ts'

const file = suite('postgate.yaml in the guide, and lint')

file('each block is what lint.ts takes, once the runbooks list its own commands', async () => {
  let commands = 0
  for (const block of blocks) {
    const files = {...named(block), 'postgate.yaml': stringify(whole(block))}
    assert.is(await lint({...listed(block), ...files}), 0, JSON.stringify(block))
    const {builder, purge} = own.parse(block)
    if (builder?.run === undefined && purge === undefined) continue
    commands += 1
    assert.is(await lint({...policy, ...files}), 2, `not listed: ${JSON.stringify(block)}`)
  }
  assert.ok(commands > 1, `${commands} with a command of their own`)
})

file.run()
