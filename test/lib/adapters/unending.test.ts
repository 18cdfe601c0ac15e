// Goal: no part of ours that asks over HTTP takes an endless answer, one that unpacks to gigabytes, or one
// from another host for a reading. Method: each is pointed at such a server; it says so, and in time.

import type {RequestListener} from 'node:http'
import {Readable} from 'node:stream'
import {createGzip} from 'node:zlib'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {github} from '../../../scripts/lib/adapters/ci/github.ts'
import {vendorBackup} from '../../../scripts/lib/adapters/database/vendor-backup.ts'
import {ask} from '../../../scripts/lib/adapters/hosting/api.ts'
import {prober} from '../../../scripts/lib/adapters/metrics/prober.ts'
import {prometheusMetrics} from '../../../scripts/lib/adapters/metrics/prometheus.ts'
import {webhook} from '../../../scripts/lib/adapters/notify/webhook.ts'
import {prometheusSignal as counting} from '../../../scripts/lib/adapters/signals/prometheus.ts'
import {Problem} from '../../../scripts/lib/domain/problem.ts'
import {request} from '../../../scripts/lib/steps/request.ts'
import {testContext} from '../../helpers/context.ts'
import {loopbackServer} from '../../helpers/server.ts'
import {testProject, testTools, testWorld} from '../../helpers/world.ts'

const unending = suite('answers without end')

const world = testWorld({
  project: '/nowhere',
  cache: '/nowhere',
  environment: {GITHUB_TOKEN: 'token'},
})
const span = {since: new Date('2026-01-23T09:00:00Z'), until: new Date('2026-01-23T09:30:00Z')}

const environmentOf = (url: string, metrics: object) =>
  testProject({
    environments: {staging: {envFile: '.env', url, hosting: {adapter: 'folder'}, metrics}},
  }).environments.staging

/** What each makes of an answer; a `Problem` (3) is told as its exit code. */
const clients: Readonly<Record<string, (url: string) => Promise<unknown>>> = {
  'a vendor’s API': async (url) => ask(await testTools({world}), url),
  'backups of PROD': async (url) =>
    (
      await vendorBackup({
        ...{fetch, base: url, token: 'token', ref: 'a'.repeat(20)},
        ...{now: span.until, maxAgeMs: 86_400_000},
      })
    ).verdict,
  prober: async (url) =>
    (await prober(await testTools({world}), environmentOf(url, {adapter: 'prober'})).sample?.())
      ?.ok,
  prometheus: async (url) =>
    prometheusMetrics(
      await testTools({world}),
      environmentOf(url, {adapter: 'prometheus', url, requests: 'a', errors: 'b'}),
    ).reading(span),
  'a signal': async (url) =>
    counting(await testTools({world}), {adapter: 'prometheus', url, query: 'a'}).count(span),
  'the nightly': async (url) => {
    const ci = {adapter: 'github', repository: 'o/r', workflow: 'nightly.yml', api: url}
    return github(await testTools({world, project: testProject({ci})})).nightlyRuns({
      ...{since: span.since, branch: 'main'},
    })
  },
  'a page of the smoke test': async (url) => {
    const answer = await request(testContext({world, project: testProject()}).context, url)
    return 'verdict' in answer ? answer.verdict : answer.status
  },
}

const zeros = Buffer.alloc(1 << 20, ' ')
const endless = () =>
  Readable.from(
    (function* () {
      for (;;) yield zeros
    })(),
  )

const servers: Readonly<Record<string, RequestListener>> = {
  endless: (_, response) => {
    const source = endless()
    response.on('close', () => source.destroy())
    source.pipe(response.setHeader('content-type', 'application/json'))
  },
  'packed to a thousandth': (_, response) => {
    const source = endless()
    response.on('close', () => source.destroy())
    response.setHeader('content-encoding', 'gzip').setHeader('content-type', 'application/json')
    source.pipe(createGzip({level: 1})).pipe(response)
  },
}

/** What each says where there is no reading: never a pass, a status or a figure. */
const noReading: Readonly<Record<string, readonly unknown[]>> = {
  'backups of PROD': ['unknown'],
  // A user gets no page either; from another host, nothing is known of this one.
  prober: [false, null],
  'a page of the smoke test': ['unknown'],
}

const told = (client: (url: string) => Promise<unknown>, url: string) =>
  client(url).catch((error: unknown) => {
    assert.ok(error instanceof Problem && error.parts.exit === 3, String(error))
    return 'problem'
  })

for (const [name, client] of Object.entries(clients)) {
  for (const [kind, handle] of Object.entries(servers)) {
    unending(`${name}: ${kind}: no reading, within memory and time`, async () => {
      const server = await loopbackServer(handle)
      const [began, before] = [performance.now(), process.memoryUsage().rss]
      try {
        const is = await told(client, server.url)
        assert.ok((noReading[name] ?? ['problem']).includes(is), String(is))
        assert.ok(performance.now() - began < 30_000)
        assert.ok(process.memoryUsage().rss - before < 400 * 2 ** 20)
      } finally {
        await server.close()
      }
    })
  }

  unending(`${name}: another host’s answer is no reading`, async () => {
    let met = 0
    const other = await loopbackServer((_, response) => {
      met += 1
      response.end('{}')
    })
    const server = await loopbackServer((_, response) =>
      response.writeHead(302, {location: other.url}).end(),
    )
    try {
      const is = await told(client, server.url)
      assert.ok((noReading[name] ?? ['problem']).includes(is), String(is))
      assert.is(met, 0)
    } finally {
      await server.close()
      await other.close()
    }
  })
}

unending('a webhook’s status says all: its body is not waited for', async () => {
  const server = await loopbackServer(servers.endless ?? (() => {}))
  try {
    const notifier = webhook(await testTools({world}), {adapter: 'webhook', url: server.url})
    const message = {occasion: 'started', title: 'A', text: 'B', run: 'run-1', link: null}
    const judgement = await notifier.send(Object.assign(JSON.parse('{}'), message))
    assert.is(judgement.verdict, 'pass', JSON.stringify(judgement))
  } finally {
    await server.close()
  }
})

unending.run()
