// Goal: how long old bytes are waited for is a figure of the environment, and a purge runs after each
// switch. Method: a real folder of releases behind a real server that keeps a former root, and a clock
// that adds up its waits.

import {existsSync, readFileSync, readlinkSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {flutter} from '../../../scripts/lib/adapters/builder/flutter.ts'
import {folder} from '../../../scripts/lib/adapters/hosting/folder.ts'
import {manifestOf} from '../../../scripts/lib/artifact/manifest.ts'
import {keepArtifact} from '../../../scripts/lib/artifact/store.ts'
import {inLang, type Text} from '../../../scripts/lib/domain/text.ts'
import {
  deployEffects,
  deployed,
  liveBefore,
  restoreEffects,
} from '../../../scripts/lib/proofs/deployment.ts'
import {servedBytes} from '../../../scripts/lib/proofs/served.ts'
import {testContext} from '../../helpers/context.ts'
import {temporaryFolder} from '../../helpers/folder.ts'
import {loopbackServer} from '../../helpers/server.ts'
import {perform, testProject, testTools, testWorld} from '../../helpers/world.ts'

const propagation = suite('propagation')

const purge = 'touch purged'

/** A server that goes on with the root it knew until `refreshMs` of waiting have passed. */
async function open(settings: Record<string, unknown>, refreshMs: number) {
  const project = temporaryFolder({'www/.keep': '', env: 'CDN_TOKEN=correct-horse-9\n'})
  let waitedMs = 0
  let known: string | null = null
  const root = () => {
    const current = join(project.path, 'www/current')
    if (known === null || waitedMs >= refreshMs) {
      known = existsSync(current) ? join(project.path, 'www', readlinkSync(current)) : null
    }
    return known
  }
  const server = await loopbackServer((request, response) => {
    const path = (request.url ?? '/').slice(1) || 'index.html'
    response.setHeader('content-type', path.endsWith('.html') ? 'text/html' : 'text/javascript')
    response.end(readFileSync(join(root() ?? '/nowhere', path)))
  })
  const own = {envFile: 'env', url: server.url, hosting: {adapter: 'folder', root: 'www'}}
  const all = testProject({environments: {staging: {...own, ...settings}}})
  const world = {
    ...testWorld({project: project.path, cache: join(project.path, 'cache')}),
    clock: {
      now: () => new Date('2026-01-23T14:00:00Z'),
      wait: async (ms: number) => {
        waitedMs += ms
      },
    },
  }
  const tools = await testTools({world, project: all, fence: purge})
  const told: string[] = []
  const {context, keep} = testContext({
    world,
    project: all,
    $: tools.$,
    envFiles: {staging: join(project.path, 'env')},
    adapters: {
      builder: async () => flutter(tools),
      hosting: async () => folder(tools, all.environments.staging),
    },
  })
  Object.assign(context, {progress: (what: Text) => told.push(inLang(what, 'en'))})
  return {
    context,
    keep,
    told,
    waited: () => waitedMs,
    project,
    release: async (word: string) => {
      const built = temporaryFolder({
        'index.html': `<title>${word}</title>`,
        'main.js': `'${word}'`,
      })
      const manifest = await manifestOf(built.path)
      const kept = await keepArtifact({folder: built.path, manifest, cache: world.cache})
      built.remove()
      const {digest, bytes} = manifest
      keep({
        verdict: 'pass',
        observed: '',
        facts: {artifact: {digest, bytes, files: 2, version: word, kept, largest: []}},
      })
      keep(await liveBefore(context))
      await perform(await deployEffects(context))
      keep(await deployed(context))
    },
    close: async () => {
      await server.close()
      project.remove()
    },
  }
}

for (const [title, settings, refreshMs, verdict] of [
  ['the default of a folder covers a web server that knows a root for 60 s', {}, 60_000, 'pass'],
  ['a figure that is too short fails once it is over', {propagation: '10s'}, 60_000, 'fail'],
  ['a longer figure is waited for', {propagation: '5m'}, 200_000, 'pass'],
] as const) {
  propagation(title, async () => {
    const stand = await open(settings, refreshMs)
    try {
      await stand.release('ancien')
      assert.is((await servedBytes(stand.context)).verdict, 'pass')
      assert.is(stand.waited(), 0)
      await stand.release('nouveau')
      const judgement = await servedBytes(stand.context)
      assert.is(judgement.verdict, verdict, JSON.stringify(judgement))
      assert.match(stand.told.join('\n'), 'the host still serves the previous version: waiting, ')
      if (verdict === 'fail') {
        assert.is(stand.waited(), 10_000)
        assert.match(inLang(judgement.observed, 'en'), 'still serves the previous version')
      } else assert.ok(stand.waited() >= refreshMs && stand.waited() < refreshMs + 15_000)
    } finally {
      await stand.close()
    }
  })
}

propagation(
  'the purge runs after a deployment and after a rollback, as the runbook lists it',
  async () => {
    const stand = await open({purge, purgeKeys: ['CDN_TOKEN']}, 0)
    try {
      const purged = () => existsSync(join(stand.project.path, 'purged'))
      await stand.release('ancien')
      assert.ok(purged())
      const [before = ''] = [
        readlinkSync(join(stand.project.path, 'www/current')).split('/').at(-1),
      ]
      await stand.release('nouveau')
      rmSync(join(stand.project.path, 'purged'))
      const effects = await restoreEffects(stand.context, before)
      const last = effects.at(-1)
      assert.is(last?.kind === 'command' && last.text, purge)
      await perform(effects)
      assert.ok(purged())
    } finally {
      await stand.close()
    }
  },
)

propagation.run()
