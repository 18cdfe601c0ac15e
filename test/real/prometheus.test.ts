// Goal: each trap of a real Prometheus, and of a real VictoriaMetrics, ends as pass, fail or unknown, as the
// facts of the traffic demand. Method: Debian's server scrapes two little exporters every second; the
// trigger judges what it says. Where the two differ, docs/adapters.md says so.

import {setTimeout as sleep} from 'node:timers/promises'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {prometheusMetrics} from '../../scripts/lib/adapters/metrics/prometheus.ts'
import {prometheusSignal as countingPrometheus} from '../../scripts/lib/adapters/signals/prometheus.ts'
import {fold} from '../../scripts/lib/domain/fold.ts'
import {Problem} from '../../scripts/lib/domain/problem.ts'
import {inLang} from '../../scripts/lib/domain/text.ts'
import {errorRate} from '../../scripts/lib/triggers/error-rate.ts'
import {testContext} from '../helpers/context.ts'
import {loopbackServer} from '../helpers/server.ts'
import {testProject, testTools, testWorld} from '../helpers/world.ts'
import {journal, started} from '../lib/run/story.ts'
import {type RealPrometheus, realPrometheus, type Server} from './prometheus.ts'

const real = suite('a real Prometheus')

interface Seconds {
  /** Since the exporter began. */
  readonly up: number
  /** Since the deployment; negative or NaN before. */
  readonly deployed: number
}

/** Counters of one exporter, as whole numbers. */
const web = ({up, deployed}: Seconds): Readonly<Record<string, number>> => ({
  'bad_total{code="200"}': 90 * up,
  'bad_total{code="500"}': 10 * up,
  'good_total{code="200"}': 100 * up,
  'idle_total{code="200"}': 7,
  // The version before failed all the time; this one does not.
  'mended_total{code="200"}': deployed > 0 ? 100 * deployed : 0,
  'mended_total{code="500"}': deployed > 0 ? 0 : 100 * up,
  // Born with its first errors, and never more of them.
  ...(deployed > 6 && {'born_total{code="500"}': 5_000}),
  ...(deployed > 8 && {'late_total{code="200"}': 100 * (deployed - 8)}),
})
const gone = ({up}: Seconds) => ({'gone_total{code="200"}': 100 * up})

const all = (name: string) => `sum(rate(${name}_total[5s]))`
const bad = (name: string) => `sum(rate(${name}_total{code=~"5.."}[5s]))`
const orZero = (query: string) => `(${query}) or vector(0)`

interface Span {
  readonly since: Date
  readonly until: Date
}

async function metricsOf(url: string, requests: string, errors: string, now: Date) {
  const project = testProject({
    environments: {
      staging: {
        envFile: '.env',
        url: 'http://127.0.0.1',
        hosting: {adapter: 'folder'},
        metrics: {adapter: 'prometheus', url, requests, errors, stepSeconds: 1},
      },
    },
  })
  const world = testWorld({project: '/nowhere', cache: '/nowhere', now})
  const tools = await testTools({world, project})
  return {world, project, metrics: prometheusMetrics(tools, project.environments.staging)}
}

/** What the abort criterion says where nothing but Prometheus was asked. */
async function judged(url: string, requests: string, errors: string, {since, until}: Span) {
  const {world, project, metrics} = await metricsOf(url, requests, errors, until)
  const {context} = testContext({world, project, adapters: {metrics: async () => metrics}})
  const at = since.getTime() - 1_000
  const state = fold(
    journal(new Date(at).toISOString(), [
      started('staging'),
      {type: 'step-intended', phase: 'p', step: 'deploy', attempt: 1, effects: []},
    ]),
  )
  const judgement = await errorRate.judge(Object.assign(context, {run: () => state}), {
    above: 0.05,
    within: 1_800_000,
    samples: 200,
    early: undefined,
    grace: undefined,
  })
  return {verdict: judgement.verdict, said: inLang(judgement.observed, 'en')}
}

async function reading(url: string, requests: string, errors: string, span: Span) {
  const {metrics} = await metricsOf(url, requests, errors, span.until)
  return metrics.reading(span)
}

async function problemOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
  } catch (error) {
    assert.ok(error instanceof Problem && error.parts.exit === 3, String(error))
    return JSON.stringify(error.parts)
  }
  throw new Error('there was an answer')
}

/** Traffic of a deployment, its two exporters, and the server that watched: then `look`. */
async function watched(
  product: Server,
  look: (server: RealPrometheus, span: Span) => Promise<void>,
): Promise<void> {
  const began = Date.now()
  let deployedAt = Number.NaN
  const exporter = (counters: (now: Seconds) => Readonly<Record<string, number>>) =>
    loopbackServer((_, response) => {
      const now = {up: (Date.now() - began) / 1_000, deployed: (Date.now() - deployedAt) / 1_000}
      const lines = Object.entries(counters(now)).map(([name, n]) => `${name} ${Math.floor(n)}\n`)
      response.setHeader('content-type', 'text/plain; version=0.0.4')
      response.end(lines.join(''))
    })
  const first = await exporter(web)
  const second = await exporter(gone)
  const server = await realPrometheus(
    product,
    [first, second].map(({url}) => new URL(url).host),
  )
  try {
    for (const name of ['bad', 'good', 'gone']) await server.until(`${all(name)} > 0`)
    deployedAt = Date.now()
    await sleep(3_000)
    await second.close()
    await sleep(13_000)
    await look(server, {since: new Date(deployedAt), until: new Date()})
  } finally {
    await server.close()
    await first.close()
    await second.close().catch(() => {})
  }
}

interface Differences {
  /** 0/0, as an instant query answers it. */
  readonly nothing: readonly string[]
  /** How it refuses half a query, and a range where a value is wanted. */
  readonly half: RegExp
  readonly range: RegExp
  /** How long it answers for the newest moments with what it knew before. */
  readonly lateMs: number
}

const servers: Readonly<Record<Server, Differences>> = {
  prometheus: {nothing: ['NaN'], half: /parse error/, range: /range vector/, lateMs: 0},
  'victoria-metrics': {nothing: [], half: /unparsed data/, range: /2 series/, lateMs: 30_000},
}

for (const product of ['prometheus', 'victoria-metrics'] as const)
  real(`${product}: its traps: each verdict is what the traffic was`, () =>
    watched(product, async (server, span) => {
      const {url} = server
      const {nothing, half, range, lateMs} = servers[product]
      const verdict = async (
        requests: string,
        errors: string,
        wanted: 'pass' | 'fail' | 'unknown',
        words: RegExp,
      ) => {
        const {verdict: is, said} = await judged(url, requests, errors, span)
        assert.is(is, wanted, `${requests} / ${errors}: ${said}`)
        assert.match(said, words)
      }
      // What is not known yet is no reading, however healthy what was known before.
      if (lateMs > 0) {
        await verdict(all('bad'), bad('bad'), 'unknown', /no data/)
        await sleep(lateMs + 1_000)
      }
      // One in ten fails, whether or not the query guards against a missing series.
      await verdict(all('bad'), bad('bad'), 'fail', /prometheus: \d+ errors of \d+ requests/)
      await verdict(all('bad'), orZero(bad('bad')), 'fail', /errors of/)
      // No 5xx series at all: without `or vector(0)` it looks like no data, and is told apart.
      await verdict(all('good'), bad('good'), 'unknown', /or vector\(0\)/)
      await verdict(all('good'), orZero(bad('good')), 'pass', /0 errors of \d+ requests/)
      // Errors of the version before are not this one's.
      await verdict(all('mended'), bad('mended'), 'pass', /0 errors of/)
      // No traffic: 0/0.
      await verdict(all('idle'), orZero(bad('idle')), 'unknown', /no data/)
      assert.equal(await server.instant(`${all('idle')} / ${all('idle')}`), nothing)
      await verdict(all('good'), `${all('idle')} / ${all('idle')}`, 'unknown', /no data|or vector/)
      // A name that nothing has.
      await verdict(all('misspelt'), orZero(bad('misspelt')), 'unknown', /no data/)
      // A target that went away: stale at once, and not healthy for what it had said before.
      assert.equal(await server.instant('gone_total'), [])
      await verdict(all('gone'), orZero(bad('gone')), 'unknown', /no data/)
      // A series whose first scrape came late.
      await verdict(all('late'), orZero(bad('late')), 'unknown', /no data/)
      // What it cannot see: errors that a new series begins with. docs/adapters.md says so.
      assert.equal(await server.instant('born_total'), ['5000'])
      await verdict(all('good'), orZero(bad('born')), 'pass', /0 errors of/)
      // A query that Prometheus refuses, and two that it answers with something else.
      await verdict('sum(rate(', bad('bad'), 'unknown', half)
      await verdict('bad_total[5s]', bad('bad'), 'unknown', range)
      await verdict('rate(bad_total[5s])', bad('bad'), 'unknown', /2 series/)

      // The figures themselves: about a hundred a second over what the ranges cover.
      const read = (given: Span) => reading(url, all('bad'), bad('bad'), given)
      const figures = await read(span)
      assert.ok(figures !== null)
      const rate = figures.errors / figures.requests
      assert.ok(rate > 0.08 && rate < 0.12, JSON.stringify(figures))
      const seconds = (+span.until - +span.since) / 1_000
      assert.ok(figures.requests < 115 * seconds, JSON.stringify(figures))
      assert.ok(figures.requests > 50 * seconds, JSON.stringify(figures))
      // The span is the watch's own, by its clock: asked again later, the answer is the same.
      await sleep(1_500)
      assert.equal(await read(span), figures)
      const moved = (ms: number) => ({
        since: new Date(+span.since + ms),
        until: new Date(+span.until + ms),
      })
      assert.is(await read(moved(-3_600_000)), null)
      assert.is(await read(moved(3_600_000)), null)
      // Longer than Prometheus has points for: still an answer, and not enough of one.
      assert.is(await read({since: new Date(+span.until - 86_400_000), until: span.until}), null)

      // A count for a person's item: all of the span, zero where the counter stood still, and no answer from
      // a name that nothing has, or a target that went away.
      const bare = {adapter: 'prometheus', url}
      const counted = async (query: string) => {
        const tools = await testTools({world: testWorld({project: '/nowhere', cache: '/nowhere'})})
        return (await countingPrometheus(tools, {...bare, query}).count(span))?.count ?? null
      }
      const errors = await counted('sum(increase(bad_total{code="500"}[$span]))')
      assert.ok(errors !== null && errors > 5 * seconds && errors < 15 * seconds, String(errors))
      assert.is(await counted('sum(increase(idle_total[$span]))'), 0)
      assert.is(await counted('sum(increase(misspelt_total[$span]))'), null)
      assert.is(await counted('sum(increase(gone_total[$span])) and sum(gone_total)'), null)
      assert.match(await problemOf(counted('increase(bad_total[$span])')), /2 series/)

      await server.stop()
      assert.match(await problemOf(read(span)), /ECONNREFUSED/)
      assert.match(await problemOf(counted('up')), /ECONNREFUSED/)
      await verdict(all('good'), orZero(bad('good')), 'unknown', /ECONNREFUSED/)
    }),
  )

real.run()
