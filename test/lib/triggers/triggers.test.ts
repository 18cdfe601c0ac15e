// Goal: an abort criterion fires for its own reason only, and silence neither fires nor passes.
// Method: the triggers on runs told briefly; incidents in real git; env files are real files.

import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import type {EventBody, Sample} from '../../../scripts/lib/domain/event.ts'
import {fold} from '../../../scripts/lib/domain/fold.ts'
import {problem} from '../../../scripts/lib/domain/problem.ts'
import {fingerprintOfRef} from '../../../scripts/lib/domain/secret.ts'
import {inLang} from '../../../scripts/lib/domain/text.ts'
import type {Judgement} from '../../../scripts/lib/domain/verdict.ts'
import type {Context} from '../../../scripts/lib/kit/context.ts'
import type {Metrics} from '../../../scripts/lib/kit/ports/metrics.ts'
import {openRepository} from '../../../scripts/lib/store/git/open-repository.ts'
import {declareIncident} from '../../../scripts/lib/store/records/incidents.ts'
import {configurationError} from '../../../scripts/lib/triggers/configuration-error.ts'
import {criticalIncident} from '../../../scripts/lib/triggers/critical-incident.ts'
import {downtime} from '../../../scripts/lib/triggers/downtime.ts'
import {errorRate} from '../../../scripts/lib/triggers/error-rate.ts'
import {stepFailed} from '../../../scripts/lib/triggers/step-failed.ts'
import {testContext} from '../../helpers/context.ts'
import {temporaryFolder} from '../../helpers/folder.ts'
import {gitEnvironment, testRepository} from '../../helpers/repository.ts'
import {testProject, testWorld} from '../../helpers/world.ts'
import {fact, journal, started} from '../run/story.ts'

const triggers = suite('triggers')

const start = '2026-01-23T09:00:00.000Z'
const is = (judgement: Judgement, verdict: string, text = /./) => {
  const said = inLang(judgement.observed, 'en')
  assert.is(judgement.verdict, verdict, said)
  assert.match(said, text)
}

function contextOf(
  lines: readonly EventBody[],
  given: {now?: Date; env?: string; metrics?: Metrics | null; more?: object} = {},
): Context {
  const {context} = testContext({
    world: testWorld({
      project: '/nowhere',
      cache: '/nowhere',
      now: given.now ?? new Date('2026-01-23T10:00:00Z'),
    }),
    project: testProject({
      environments: {
        staging: {
          envFile: '.env',
          url: 'http://127.0.0.1',
          hosting: {adapter: 'folder'},
          database: {ref: 'REF'},
        },
      },
    }),
    ...(given.env !== undefined && {envFiles: {staging: given.env}}),
    adapters: {metrics: async () => given.metrics ?? null},
  })
  const state = fold(journal(start, [started('staging'), ...lines]))
  const prerequisites = [
    {kind: 'check', name: 'env-keys', parameters: {all: 'URL,REF|PROJECT_REF'}},
  ]
  return Object.assign(context, {
    run: () => state,
    runbook: {path: 'r', phases: [], prerequisites},
    ...given.more,
  })
}

const step = (id: string, verdict: 'pass' | 'fail' | 'unknown', attempt = 1): EventBody[] => [
  {type: 'step-intended', phase: 'p', step: id, attempt, effects: []},
  {
    type: 'step-finished',
    phase: 'p',
    step: id,
    attempt,
    verdict,
    observed: 'because',
    evidence: [],
    durationMs: 5,
  },
]

triggers(
  'a step fires at its last attempt allowed, not before, and not when it then passed',
  async () => {
    const asked = {step: ['build'], attempts: 2}
    is(await stepFailed.judge(contextOf([]), asked), 'unknown', /not run yet/)
    is(await stepFailed.judge(contextOf(step('build', 'fail')), asked), 'pass')
    is(await stepFailed.judge(contextOf(step('build', 'fail', 2)), asked), 'fail', /build.*because/)
    is(
      await stepFailed.judge(
        contextOf([...step('build', 'fail'), ...step('build', 'pass', 2)]),
        asked,
      ),
      'pass',
    )
  },
)

triggers('of several steps any one fires, and an unknown one does not', async () => {
  const asked = {step: ['sign-in', 'routes'], attempts: 1}
  is(
    await stepFailed.judge(
      contextOf([...step('sign-in', 'pass'), ...step('routes', 'fail')]),
      asked,
    ),
    'fail',
    /routes/,
  )
  is(
    await stepFailed.judge(
      contextOf([...step('sign-in', 'pass'), ...step('routes', 'unknown')]),
      asked,
    ),
    'pass',
  )
  is(await stepFailed.judge(contextOf(step('sign-in', 'pass')), asked), 'unknown')
})

triggers('the configuration fires when the file goes, a key empties or the ref moves', async () => {
  const folder = temporaryFolder({'.env': 'URL=u\nREF=abc\n'})
  const env = join(folder.path, '.env')
  const identity = fact('database-identity', {
    database: 'd',
    ref: fingerprintOfRef('abc').slice(0, 12),
    role: 'r',
    readOnly: true,
  })
  const judge = () => configurationError.judge(contextOf([identity], {env}), {})
  try {
    is(await judge(), 'pass')
    folder.write({'.env': 'URL=\nREF=abc\n'})
    is(await judge(), 'fail', /URL/)
    folder.write({'.env': 'URL=u\nREF=xyz\n'})
    is(await judge(), 'fail', /REF no longer names/)
    assert.not.ok(JSON.stringify(await judge()).includes('xyz'))
    folder.write({'.env': 'no longer readable\n'})
    is(await judge(), 'fail')
  } finally {
    folder.remove()
  }
  is(await judge(), 'fail', /has gone/)
})

/** `errors` of `count` samples, one a second from a minute after the start on. */
function samples(count: number, errors: number, source = 'GET /'): Sample[] {
  return Array.from({length: count}, (_, index) => ({
    at: new Date(Date.parse(start) + 60_000 + index * 1_000).toISOString(),
    source,
    ok: index >= errors,
    status: index >= errors ? 200 : 500,
    ms: 20,
  }))
}
const deployed: EventBody[] = [
  {type: 'step-intended', phase: 'p', step: 'deploy', attempt: 1, effects: []},
]
const addSeconds = (at: string, seconds: number) =>
  new Date(Date.parse(at) + seconds * 1_000).toISOString()
const taken = (list: readonly Sample[]): EventBody => ({type: 'samples-taken', samples: list})
const rate = {above: 0.05, within: 30 * 60_000, samples: 200, early: undefined, grace: undefined}

triggers(
  'the error rate needs a deployment and enough requests, then fires above the threshold',
  async () => {
    const judge = (lines: readonly EventBody[]) => errorRate.judge(contextOf(lines), rate)
    is(await judge([taken(samples(300, 300))]), 'unknown', /nothing is deployed/)
    is(await judge([...deployed]), 'unknown', /0 requests/)
    is(await judge([...deployed, taken(samples(199, 199))]), 'unknown', /200 are needed/)
    is(await judge([...deployed, taken(samples(200, 10))]), 'pass', /5\.00%/)
    is(await judge([...deployed, taken(samples(200, 11))]), 'fail', /11 errors of 200/)
  },
)

triggers(
  'errors beyond doubt fire before the least number of requests, once the grace is over',
  async () => {
    const early = {...rate, early: 0.000_001, grace: 30_000}
    const judge = (lines: readonly EventBody[]) => errorRate.judge(contextOf(lines), early)
    is(await judge([...deployed, taken(samples(20, 16))]), 'fail', /16 errors of 20 .*beyond doubt/)
    is(await judge([...deployed, taken(samples(20, 2))]), 'unknown', /200 are needed/)
    const within = samples(20, 20).map((sample) => ({...sample, at: addSeconds(start, 20)}))
    is(await judge([...deployed, taken(within)]), 'unknown', /200 are needed/)
  },
)

triggers('errors after the span do not count', async () => {
  const late = samples(400, 400).map((sample) => ({
    ...sample,
    at: new Date(Date.parse(sample.at) + rate.within).toISOString(),
  }))
  is(
    await errorRate.judge(contextOf([...deployed, taken(samples(200, 0)), taken(late)]), rate),
    'pass',
    /0 errors of 200/,
  )
})

triggers(
  'another source of figures counts beside the probes: above fires, silent is told, NaN is no data',
  async () => {
    const source = (reading: Metrics['reading']): Metrics => ({product: 'prometheus', reading})
    const lines = [...deployed, taken(samples(200, 0))]
    const judge = (metrics: Metrics, given = lines) =>
      errorRate.judge(contextOf(given, {metrics}), rate)
    is(
      await judge(source(async () => ({requests: 5_000, errors: 500}))),
      'fail',
      /500 errors of 5000/,
    )
    is(await judge(source(async () => ({requests: 12, errors: 0}))), 'pass', /probes/)
    is(await judge(source(async () => null)), 'unknown', /probes.*prometheus: no data/)
    const refused = problem({what: 'no', why: {fr: 'mauvais', en: 'parse error'}, exit: 3})
    const asked = await judge(source(async () => Promise.reject(refused)))
    is(asked, 'unknown', /prometheus: parse error/)
    const silent = await judge(
      source(async () => Promise.reject(new Error('no route'))),
      [...deployed],
    )
    is(silent, 'unknown', /no route/)
    is(
      await judge(
        source(async () => ({requests: Number.NaN, errors: 0})),
        [...deployed],
      ),
      'unknown',
    )
  },
)

const down = (seconds: readonly number[], ok = false, source = 'GET /'): Sample[] =>
  seconds.map((second) => ({
    at: new Date(Date.parse(start) + 60_000 + second * 1_000).toISOString(),
    source,
    ok,
    status: null,
    ms: null,
  }))
const every = (from: number, to: number, pause = 10) =>
  Array.from({length: Math.floor((to - from) / pause) + 1}, (_, index) => from + index * pause)

triggers('downtime fires only after more than the time allowed without a break', async () => {
  const judge = (list: readonly Sample[]) =>
    downtime.judge(contextOf([...deployed, taken(list)]), {longer: 300_000})
  is(await downtime.judge(contextOf([...deployed]), {longer: 300_000}), 'unknown', /no measurement/)
  is(await judge(down(every(0, 60), true)), 'pass', /answers/)
  is(await judge(down(every(0, 300))), 'pass')
  is(await judge(down(every(0, 310))), 'fail', /GET \/ has not answered/)
  is(await judge([...down(every(0, 200)), ...down([210], true), ...down(every(220, 400))]), 'pass')
})

triggers('a machine that slept is no outage, and one page of several is', async () => {
  const judge = (list: readonly Sample[]) =>
    downtime.judge(contextOf([...deployed, taken(list)]), {longer: 300_000})
  is(await judge([...down(every(0, 20)), ...down(every(4_000, 4_020))]), 'pass')
  const mixed = [...down(every(0, 400), true), ...down(every(0, 400), false, 'GET /stock')]
  is(await judge(mixed), 'fail', /GET \/stock/)
})

triggers(
  'a critical incident on this environment fires, from this run or from another clone',
  async () => {
    const test = testRepository()
    try {
      const here = await openRepository(test.clone, {environment: gitEnvironment})
      const elsewhere = await openRepository(test.another('other'), {environment: gitEnvironment})
      const world = {...testWorld({project: test.clone, cache: test.folder}), repository: here}
      let looks = 0
      const clock = {
        now: () => {
          looks += 1
          return new Date(Date.parse(start) + looks * 6 * 60_000)
        },
        wait: async () => {},
      }
      const noted: EventBody[] = []
      const more = {
        world: {...world, clock},
        record: async (event: EventBody) => void noted.push(event),
      }
      const judge = (lines: readonly EventBody[] = []) =>
        criticalIncident.judge(contextOf([...noted, ...lines], {more}), {})
      const own = {
        type: 'incident-recorded',
        what: 'perte',
        severity: 'critical',
        environment: 'staging',
        by: 'x',
      } as const
      const declare = (change: object) =>
        declareIncident(elsewhere, {
          what: 'w',
          severity: 'critical',
          environment: 'staging',
          by: 'Karim',
          at: '2026-01-23T09:30:00.000Z',
          ...change,
        })
      await declare({at: '2026-01-22T09:30:00.000Z'})
      is(await judge(), 'pass', /no critical/)
      is(await judge([own]), 'fail', /perte/)
      await declare({severity: 'major'})
      await declare({environment: 'production'})
      is(await judge(), 'pass')
      // From a machine whose clock is a day behind: it is new all the same.
      await declare({what: 'connexion impossible', at: '2026-01-22T10:30:00.000Z'})
      is(await judge(), 'fail', /connexion impossible \(Karim/)
      test.away()
      is(await judge(), 'unknown', /does not answer/)
    } finally {
      test.close()
    }
  },
)

triggers.run()
