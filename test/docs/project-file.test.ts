// Goal: what the guide shows of postgate.yaml can be copied. Method: each block of it, read by the schema
// of the file, and each adapter in it made with these settings.

import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {parse} from 'yaml'
import {z} from 'zod'
import {catalogue} from '../../scripts/lib/catalogue.ts'
import {type Project, projectSchema} from '../../scripts/lib/domain/project.ts'
import {testTools, testWorld} from '../helpers/world.ts'
import {root} from './generated.ts'

const file = suite('postgate.yaml in the guide')

const part = z.record(z.string(), z.unknown())
const guide = readFileSync(join(root, 'docs/guide.md'), 'utf8')
const [, section = ''] = guide.split(/^## postgate\.yaml$/m)
const blocks = [...(section.split(/^## /m)[0]?.matchAll(/^```yaml\n(.*?)^```/gms) ?? [])].map(
  ([, text = '']) => part.parse(parse(text)),
)

const base = {
  name: 'comptoir',
  builder: {adapter: 'flutter'},
  environments: {
    staging: {envFile: 'env', url: 'https://a.example', hosting: {adapter: 'folder', root: 'w'}},
  },
}
const ofEnvironment = ['hosting', 'propagation', 'purge', 'purgeKeys', 'metrics', 'signals']

/** The block as a whole file: its parts stand in the file or in an environment. */
function whole(block: z.output<typeof part>): Project {
  if ('environments' in block) return projectSchema.parse(block)
  const entries = Object.entries(block)
  const own = entries.filter(([key]) => ofEnvironment.includes(key))
  const rest = entries.filter(([key]) => !ofEnvironment.includes(key))
  const staging = {...base.environments.staging, ...Object.fromEntries(own)}
  return projectSchema.parse({
    ...base,
    ...Object.fromEntries(rest),
    environments: {staging},
  })
}

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

file('every adapter of the catalogue is shown', () => {
  const kinds = ['hosting', 'builder', 'database', 'ci', 'metrics', 'signals', 'notify'] as const
  for (const kind of kinds) {
    assert.equal([...(shown[kind] ?? [])].sort(), Object.keys(catalogue[kind]).sort(), kind)
  }
})

file.run()
