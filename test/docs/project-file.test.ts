// Goal: what the guide shows of postgate.yaml can be copied. Method: each block of it, read by the schema
// of the file, and each adapter in it made with these settings. What lint.ts says of each:
// project-file-lint.every.test.ts.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {stringify} from 'yaml'
import {catalogue} from '../../scripts/lib/catalogue.ts'
import {testTools, testWorld} from '../helpers/world.ts'
import {blocks, lint, listed, named, whole} from './guide-project.ts'

const file = suite('postgate.yaml in the guide')

const shown: Record<string, Set<string>> = {}
const note = (kind: string, adapter: string) => {
  shown[kind] = (shown[kind] ?? new Set()).add(adapter)
}

file('each block is taken by the schema, and by the adapters that it names', async () => {
  assert.ok(blocks.length > 12, String(blocks.length))
  for (const block of blocks) {
    const project = whole(block)
    const world = testWorld({project: '/nowhere', cache: '/nowhere'})
    const tools = await testTools({world, project})
    for (const environment of Object.values(project.environments)) {
      if (environment === undefined) continue
      const {hosting, metrics, signals} = environment
      const host = catalogue.hosting[hosting.adapter]
      assert.ok(host, hosting.adapter)
      ;(await host())(tools, environment)
      note('hosting', hosting.adapter)
      if (metrics !== undefined) {
        ;(await catalogue.metrics[metrics.adapter]?.())?.(tools, environment)
        note('metrics', metrics.adapter)
      }
      for (const signal of Object.values(signals)) {
        if (signal === undefined) continue
        ;(await catalogue.signals[signal.adapter]?.())?.(tools, signal)
        note('signals', signal.adapter)
      }
    }
    ;(await catalogue.builder[project.builder.adapter]?.())?.(tools)
    note('builder', project.builder.adapter)
    if (project.database !== undefined) note('database', project.database.adapter)
    if (project.ci !== undefined) {
      ;(await catalogue.ci[project.ci.adapter]?.())?.(tools)
      note('ci', project.ci.adapter)
    }
    for (const channel of project.notify) {
      ;(await catalogue.notify[channel.adapter]?.())?.(tools, channel)
      note('notify', channel.adapter)
    }
  }
})

file('the whole of a small project is what lint.ts takes', async () => {
  const block = blocks.find((each) => 'environments' in each) ?? {}
  const files = {...named(block), 'postgate.yaml': stringify(whole(block))}
  assert.is(await lint({...listed(block), ...files}), 0)
})

file('every adapter of the catalogue is shown', () => {
  const kinds = ['hosting', 'builder', 'database', 'ci', 'metrics', 'signals', 'notify'] as const
  for (const kind of kinds) {
    assert.equal([...(shown[kind] ?? [])].sort(), Object.keys(catalogue[kind]).sort(), kind)
  }
})

file.run()
