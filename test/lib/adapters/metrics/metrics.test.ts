// Goal: no data, NaN and a zero denominator are never healthy; the prober sees what a user would.
// Method: real HTTP servers and a real program.

import {chmodSync} from 'node:fs'
import type {RequestListener} from 'node:http'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {commandMetrics} from '../../../../scripts/lib/adapters/metrics/command.ts'
import {prober} from '../../../../scripts/lib/adapters/metrics/prober.ts'
import {prometheusMetrics} from '../../../../scripts/lib/adapters/metrics/prometheus.ts'
import {reachOf} from '../../../../scripts/lib/adapters/metrics/rates.ts'
import {Problem} from '../../../../scripts/lib/domain/problem.ts'
import type {ProjectEnvironment} from '../../../../scripts/lib/domain/project.ts'
import {temporaryFolder} from '../../../helpers/folder.ts'
import {bodyOf, loopbackServer} from '../../../helpers/server.ts'
import {testProject, testTools, testWorld} from '../../../helpers/world.ts'

const metrics = suite('metrics')

const span = {since: new Date('2026-01-23T09:00:00Z'), until: new Date('2026-01-23T09:10:00Z')}
const settingsOf = (given: object): ProjectEnvironment =>
  testProject({
    environments: {
      staging: {envFile: '.env', url: 'http://127.0.0.1', hosting: {adapter: 'folder'}, ...given},
    },
  }).environments.staging
const tools = (project = '/nowhere') => testTools({world: testWorld({project, cache: project})})

async function probed(handle: RequestListener, given: object = {}) {
  const server = await loopbackServer(handle)
  try {
    const settings = settingsOf({
      url: `${server.url}/`,
      metrics: {adapter: 'prober', timeoutSeconds: 30},
      ...given,
    })
    return (await prober(await tools(), settings).samples?.()) ?? []
  } finally {
    await server.close()
  }
}

metrics('the prober looks at the entry and at each page of its own, once each', async () => {
  const smoke = {
    routes: [
      {path: '/', title: 'Accueil', contains: 'Dépôt'},
      {path: '/#/stock', title: 'x', contains: 'Stock'},
    ],
    modules: [{path: '/stock.html', title: 'Stock', contains: 'Stock'}],
  }
  const found = await probed(
    (request, response) => response.end(request.url === '/' ? 'Dépôt' : 'rien'),
    {smoke},
  )
  assert.equal(
    found.map(({source, ok, status}) => [source, ok, status]),
    [
      ['GET /', true, 200],
      ['GET /stock.html', false, 200],
    ],
  )
  assert.match(found[0]?.note ?? '', /^sha256:[0-9a-f]{16}$/)
  assert.match(found[1]?.note ?? '', /Stock/)
  assert.ok((found[0]?.ms ?? -1) >= 0)
})

metrics(
  'errors, silence and a closed door are failures; a name that nobody knows is unknown',
  async () => {
    const first = async (handle: RequestListener) => (await probed(handle))[0]
    assert.equal((await first((_, response) => response.writeHead(503).end()))?.ok, false)
    const short = {metrics: {adapter: 'prober', timeoutSeconds: 0.2}}
    assert.equal((await probed(() => undefined, short))[0]?.note, 'timeout')
    const closed = prober(await tools(), settingsOf({url: 'http://127.0.0.1:9'}))
    assert.equal((await closed.sample?.())?.ok, false)
    const unknown = prober(await tools(), settingsOf({url: 'http://nobody.invalid'}))
    assert.equal((await unknown.sample?.())?.ok, null)
    assert.is(await closed.reading(span), null)
  },
)

type Series = readonly (readonly [number, string])[][] | 'error' | 'nonsense'
const start = +span.since / 1_000
const steady = (value: string, points = 40) => [
  Array.from({length: points}, (_, index) => [start + 15 + index * 15, value] as const),
]

async function read(requests: Series, errors: Series, beside: object = {}) {
  const server = await loopbackServer(async (request, response) => {
    const query = new URLSearchParams(await bodyOf(request))
    assert.is(query.get('step'), '15')
    assert.is(Number(query.get('start')), start + 15, 'not what came before the deployment')
    const series = query.get('query') === 'all' ? requests : errors
    response.setHeader('content-type', 'application/json')
    if (series === 'nonsense') return response.end('<html>')
    if (series === 'error')
      return response.writeHead(422).end(JSON.stringify({status: 'error', error: 'parse error'}))
    return response.end(
      JSON.stringify({
        ...{status: 'success', ...beside},
        data: {resultType: 'matrix', result: series.map((values) => ({metric: {}, values}))},
      }),
    )
  })
  try {
    const settings = settingsOf({
      metrics: {adapter: 'prometheus', url: server.url, requests: 'all', errors: 'bad'},
    })
    return await prometheusMetrics(await tools(), settings).reading(span)
  } finally {
    await server.close()
  }
}

metrics('rates become counts', async () => {
  assert.equal(await read(steady('10'), steady('0.5')), {requests: 6_000, errors: 300})
})

metrics('empty, NaN, a zero denominator and too few points are no reading', async () => {
  assert.is(await read([], steady('0')), null)
  assert.is(await read(steady('NaN'), steady('NaN')), null)
  assert.is(await read(steady('10'), steady('NaN')), null)
  assert.is(await read(steady('0'), steady('0')), null)
  assert.is(await read(steady('10', 20), steady('0', 20)), null)
})

metrics(
  'an empty or blank value, or one with words in it, is no reading and not zero',
  async () => {
    for (const value of ['', ' ', '\n', 'null', '0 errors', '+Inf', '0x0', '1_0'])
      assert.is(await read(steady('10'), steady(value)), null, JSON.stringify(value))
    for (const value of ['0', '0.0', '-0', '0e+00', '1e-1'])
      assert.ok(await read(steady('10'), steady(value)), JSON.stringify(value))
  },
)

metrics('what a part of a cluster knows is no reading', async () => {
  for (const isPartial of [true, 'true', 1])
    try {
      await read(steady('10'), steady('0'), {isPartial})
      assert.unreachable()
    } catch (error) {
      assert.ok(error instanceof Problem && error.parts.exit === 3, String(error))
      assert.match(JSON.stringify(error.parts), 'a part of the cluster did not answer')
    }
  for (const isPartial of [false, null, undefined])
    assert.ok(await read(steady('10'), steady('0'), {isPartial, warnings: null}))
})

metrics('values for moments before the first that was asked for do not count', async () => {
  const early = (value: string) => [
    [-2, -1].map((index) => [start + 15 + index * 15, value] as const),
  ]
  const both = (before: string, after: string) => [
    [...(early(before)[0] ?? []), ...(steady(after)[0] ?? [])],
  ]
  assert.equal(await read(both('10', '10'), both('9', '0')), {requests: 6_000, errors: 0})
})

metrics(
  'a source that went silent at the end is no reading, however much came before',
  async () => {
    assert.is(await read(steady('10', 36), steady('0', 36)), null)
    assert.equal(await read(steady('10', 38), steady('0', 38)), {requests: 5_700, errors: 0})
  },
)

metrics('the longest range of a query is how far it looks back', () => {
  assert.is(reachOf('sum(rate(a[1m]))'), 60)
  assert.is(reachOf('sum(rate(a{b="[9h]"}[1m30s])) / sum(rate(c[5m:15s]))'), 300)
  assert.is(reachOf('max_over_time(rate(a[500ms])[1h:])'), 3_600)
  assert.is(reachOf('vector(0)'), 0)
})

metrics('an error, nonsense, several series and no server are problems', async () => {
  const fails = async (reading: Promise<unknown>, text: RegExp) => {
    try {
      await reading
      assert.unreachable()
    } catch (error) {
      assert.ok(error instanceof Problem && error.parts.exit === 3, String(error))
      assert.match(JSON.stringify(error.parts), text)
    }
  }
  await fails(read('error', steady('0')), /parse error/)
  await fails(read('nonsense', steady('0')), /Prometheus/)
  await fails(read([...steady('1'), ...steady('2')], steady('0')), /2 series/)
  await fails(read(steady('10'), []), /or vector\(0\)/)
  await fails(read(steady('1'), steady('2')), /do not belong together/)
  const away = settingsOf({
    metrics: {adapter: 'prometheus', url: 'http://127.0.0.1:9', requests: 'a', errors: 'b'},
  })
  await fails(prometheusMetrics(await tools(), away).reading(span), /Prometheus/)
})

metrics('a program’s figures are read; null, zero, nonsense and a failure are not', async () => {
  const folder = temporaryFolder({
    figures: '#!/bin/sh\n[ "$POSTGATE_SINCE" = 2026-01-23T09:00:00.000Z ] && echo "$1"\nexit $2\n',
  })
  chmodSync(join(folder.path, 'figures'), 0o700)
  try {
    const any = await tools(folder.path)
    const ask = (...words: string[]) =>
      commandMetrics(
        any,
        settingsOf({metrics: {adapter: 'command', run: ['./figures', ...words]}}),
      ).reading(span)
    assert.equal(await ask('{"requests": 12, "errors": 1}'), {requests: 12, errors: 1})
    for (const word of [
      'null',
      '{"requests": 0, "errors": 0}',
      '{"requests": 1, "errors": 2}',
      'ok',
      '{"requests": "NaN"}',
    ]) {
      assert.is(await ask(word), null, word)
    }
    try {
      await ask('{}', '1')
      assert.unreachable()
    } catch (error) {
      assert.ok(error instanceof Problem)
    }
  } finally {
    folder.remove()
  }
})

metrics(
  'a program that is missing, hangs or prints too much is a problem, never a figure',
  async () => {
    const folder = temporaryFolder({
      hang: '#!/bin/sh\nexec sleep 30\n',
      flood: '#!/bin/sh\nexec head -c 3000000 /dev/zero\n',
      tell: `#!/bin/sh\nprintf '{"requests": %s, "errors": 0}' "\${SECRET_TOKEN:-1}"\n`,
    })
    for (const name of ['hang', 'flood', 'tell']) chmodSync(join(folder.path, name), 0o700)
    const world = testWorld({
      project: folder.path,
      cache: folder.path,
      environment: {SECRET_TOKEN: '42'},
    })
    const any = await testTools({world})
    const ask = (program: string) =>
      commandMetrics(
        any,
        settingsOf({
          metrics: {
            adapter: 'command',
            run: [program],
            timeoutSeconds: program === './hang' ? 1 : 60,
          },
        }),
      ).reading(span)
    try {
      for (const program of ['./nowhere', './hang', './flood']) {
        const error = await ask(program).catch((thrown: unknown) => thrown)
        assert.ok(error instanceof Problem && error.parts.exit === 3, `${program}: ${error}`)
      }
      assert.equal(await ask('./tell'), {requests: 1, errors: 0}, 'it is handed no secret')
    } finally {
      folder.remove()
    }
  },
)

metrics.run()
