// The contract of a source of figures that is configured: counts of the span that was asked for; no data
// and nonsense are never a healthy reading; what does not answer is a problem, and in time.

import {chmodSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {commandMetrics} from '../../../../scripts/lib/adapters/metrics/command.ts'
import {prometheusMetrics} from '../../../../scripts/lib/adapters/metrics/prometheus.ts'
import {Problem} from '../../../../scripts/lib/domain/problem.ts'
import type {Metrics} from '../../../../scripts/lib/kit/ports/metrics.ts'
import {temporaryFolder} from '../../../helpers/folder.ts'
import {bodyOf, loopbackServer} from '../../../helpers/server.ts'
import {testProject, testTools, testWorld} from '../../../helpers/world.ts'

const contract = suite('the contract of metrics')

const span = {since: new Date('2026-01-23T09:00:00Z'), until: new Date('2026-01-23T09:10:00Z')}

/** What the source knows of the span: counts, nothing, nonsense, or it fails, or it hangs. */
type Known = {requests: number; errors: number} | 'nothing' | 'nonsense' | 'fails' | 'hangs'

// Short only where nothing is to come: a slow machine takes its time.
const patience = (known: Known) => ({timeoutSeconds: known === 'hangs' ? 0.5 : 60})

async function metricsOf(metrics: object, project: string) {
  const settings = testProject({
    environments: {
      staging: {envFile: '.env', url: 'http://127.0.0.1', hosting: {adapter: 'folder'}, metrics},
    },
  }).environments.staging
  return {settings, tools: await testTools({world: testWorld({project, cache: project})})}
}

const sources: Readonly<
  Record<string, (known: Known, use: (metrics: Metrics) => Promise<void>) => Promise<void>>
> = {
  command: async (known, use) => {
    const folder = temporaryFolder()
    const script =
      known === 'hangs'
        ? 'exec sleep 30'
        : known === 'fails'
          ? 'exit 1'
          : `echo '${known === 'nothing' ? 'null' : known === 'nonsense' ? '<html>' : JSON.stringify(known)}'`
    writeFileSync(join(folder.path, 'figures'), `#!/bin/sh\n${script}\n`)
    chmodSync(join(folder.path, 'figures'), 0o700)
    try {
      const given = {adapter: 'command', run: ['./figures'], ...patience(known)}
      const {settings, tools} = await metricsOf(given, folder.path)
      await use(commandMetrics(tools, settings))
    } finally {
      folder.remove()
    }
  },
  prometheus: async (known, use) => {
    const server = await loopbackServer(async (request, response) => {
      if (known === 'hangs') return
      if (known === 'nonsense') return void response.end('<html>')
      if (known === 'fails') return void response.writeHead(503).end('{"status":"error"}')
      const asked = new URLSearchParams(await bodyOf(request))
      const [start, step] = [Number(asked.get('start')), Number(asked.get('step'))]
      const points = Math.floor((Number(asked.get('end')) - start) / step) + 1
      const rate = (total: number) => String(total / (points * step))
      const values = (total: number) =>
        Array.from({length: points}, (_, index) => [start + index * step, rate(total)])
      const result =
        known === 'nothing'
          ? []
          : [
              {
                metric: {},
                values: values(asked.get('query') === 'all' ? known.requests : known.errors),
              },
            ]
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({status: 'success', data: {resultType: 'matrix', result}}))
    })
    try {
      const given = {adapter: 'prometheus', url: server.url, requests: 'all', errors: 'bad'}
      const {settings, tools} = await metricsOf({...given, ...patience(known)}, '/nowhere')
      await use(prometheusMetrics(tools, settings))
    } finally {
      await server.close()
    }
  },
}

for (const [name, source] of Object.entries(sources)) {
  contract(`${name}: counts of the span`, () =>
    source({requests: 1_200, errors: 60}, async (metrics) => {
      assert.is(metrics.product, name)
      assert.equal(await metrics.reading(span), {requests: 1_200, errors: 60})
    }),
  )

  contract(`${name}: no data, and no traffic, is no reading`, async () => {
    for (const known of ['nothing', {requests: 0, errors: 0}] as const) {
      await source(known, async (metrics) => {
        assert.is(await metrics.reading(span), null)
      })
    }
  })

  contract(`${name}: what makes no sense is never healthy`, async () => {
    for (const known of ['nonsense', {requests: 10, errors: 20}] as const) {
      await source(known, async (metrics) => {
        const found = await metrics.reading(span).catch((error: unknown) => {
          assert.ok(error instanceof Problem && error.parts.exit === 3, String(error))
          return null
        })
        assert.is(found, null)
      })
    }
  })

  contract(`${name}: what fails or hangs is a problem, in time`, async () => {
    for (const known of ['fails', 'hangs'] as const) {
      await source(known, async (metrics) => {
        const error = await metrics.reading(span).then(
          () => null,
          (thrown: unknown) => thrown,
        )
        assert.ok(error instanceof Problem && error.parts.exit === 3, `${known}: ${error}`)
      })
    }
  })
}

contract.run()
