// Goal: at its end the watch passes only where every source that was configured has spoken.
// Method: the step itself, on a clock that jumps, with probes that answer and figures that may not.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import type {EventBody} from '../../../scripts/lib/domain/event.ts'
import {fold} from '../../../scripts/lib/domain/fold.ts'
import {problem} from '../../../scripts/lib/domain/problem.ts'
import {inLang} from '../../../scripts/lib/domain/text.ts'
import type {Metrics} from '../../../scripts/lib/kit/ports/metrics.ts'
import {baseline, runWatch} from '../../../scripts/lib/steps/watch.ts'
import {testContext} from '../../helpers/context.ts'
import {testProject, testWorld} from '../../helpers/world.ts'
import {journal, started} from '../run/story.ts'

const watching = suite('the watch')

const start = Date.parse('2026-01-23T09:00:00Z')
const tenMinutes = {hours: 600_000, every: 10_000, coverage: 0.9}

/** Ten minutes after a deployment; `answers` says whether the probe got an answer at a moment. */
async function watched(
  metrics: Metrics | null,
  answers: (minute: number) => boolean = () => true,
): Promise<{verdict: string; said: string; attestable: boolean}> {
  let now = start + 1_000
  const clock = {
    now: () => new Date(now),
    wait: async (ms: number) => {
      now += ms
    },
  }
  const lines: EventBody[] = [
    started('production'),
    {type: 'step-intended', phase: 'p', step: 'deploy', attempt: 1, effects: []},
  ]
  const prober: Metrics = {
    product: 'prober',
    reading: async () => null,
    samples: async () => {
      const ok = answers((now - start) / 60_000) ? true : null
      return [{at: '', source: 'GET /', ok, status: null, ms: ok ? 20 : null}]
    },
  }
  const {context} = testContext({
    world: {...testWorld({project: '/nowhere', cache: '/nowhere'}), clock},
    project: testProject(),
    adapters: {metrics: async () => metrics, prober: async () => prober},
  })
  const judgement = await runWatch(
    Object.assign(context, {
      run: () => fold(journal(new Date(start).toISOString(), lines)),
      record: async (event: EventBody) => void lines.push(event),
      triggers: async () => null,
      due: async () => null,
    }),
    tenMinutes,
  )
  const {verdict, observed, attestable} = judgement
  return {verdict, said: inLang(observed, 'en'), attestable: attestable !== undefined}
}

const source = (reading: Metrics['reading']): Metrics => ({product: 'prometheus', reading})

watching('passes on its probes where nothing else is configured', async () => {
  const {verdict, said} = await watched(null)
  assert.is(verdict, 'pass', said)
})

watching('a configured source is asked for the whole of the watch, and told', async () => {
  const {verdict, said} = await watched(
    source(async ({since, until}) => ({requests: (+until - +since) / 1_000, errors: 2})),
  )
  assert.is(verdict, 'pass', said)
  assert.match(said, /prometheus: 2 errors of 600 requests/)
})

watching('a configured source without data, or without an answer, is for a person', async () => {
  const silent = await watched(source(async () => null))
  assert.equal([silent.verdict, silent.attestable], ['unknown', true])
  assert.match(silent.said, /prometheus: no data/)
  const refused = await watched(
    source(async () => {
      throw problem({what: 'no', why: 'parse error', exit: 3})
    }),
  )
  assert.equal([refused.verdict, refused.attestable], ['unknown', true])
  assert.match(refused.said, /parse error/)
})

watching('probes without an answer for too long are for a person too', async () => {
  const {verdict, attestable} = await watched(null, (minute) => minute < 8)
  assert.equal([verdict, attestable], ['unknown', true])
})

for (const [title, live, ok, verdict, says] of [
  ['a host that is up', 'v1', true, 'pass', /12 requests, 0 errors/],
  ['a host that is ill', 'v1', false, 'fail', /12 requests, 12 errors/],
  ['an empty host before the first release', null, false, 'pass', /first release, no baseline/],
  ['an empty host in front of which another page is up', null, true, 'pass', /12 requests, 0 err/],
  ['a host that does not say what is live', 'silent', false, 'fail', /12 requests, 12 errors/],
] as const) {
  watching(`the baseline of ${title}: ${verdict}`, async () => {
    let now = start
    const clock = {
      now: () => new Date(now),
      wait: async (ms: number) => {
        now += ms
      },
    }
    const lines: EventBody[] = [started('production')]
    const prober: Metrics = {
      product: 'prober',
      reading: async () => null,
      samples: async () => [{at: '', source: 'GET /', ok, status: ok ? 200 : 404, ms: 20}],
    }
    const hosting = {
      live: async () => {
        if (live === 'silent') throw problem({what: 'no answer', exit: 3})
        return live === null ? null : {id: live}
      },
    }
    const {context} = testContext({
      world: {...testWorld({project: '/nowhere', cache: '/nowhere'}), clock},
      project: testProject(),
      adapters: {
        prober: async () => prober,
        hosting: async () => Object.assign(JSON.parse('{}'), hosting),
      },
    })
    const judgement = await baseline(
      Object.assign(context, {
        run: () => fold(journal(new Date(start).toISOString(), lines)),
        record: async (event: EventBody) => void lines.push(event),
      }),
      {minutes: 2},
    )
    assert.is(judgement.verdict, verdict, inLang(judgement.observed, 'en'))
    assert.match(inLang(judgement.observed, 'en'), says)
  })
}

watching.run()
