// Goal: the error-rate trigger neither undoes healthy releases nor keeps broken ones. Method: exact
// binomials against the published figures; the exact chance that a look after each sample ever fires,
// by carrying the whole distribution along; and a seeded simulation that uses the trigger's own code.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import type {Sample} from '../../../scripts/lib/domain/event.ts'
import {
  binomialAtLeast,
  chanceOfExceeding,
  countErrors,
  coverage,
  downMs,
  isProvenEarly,
  judgeErrorRate,
  percentile,
  rateOf,
  stretches,
} from '../../../scripts/lib/domain/statistics.ts'
import {detection, play, seeded} from '../../bench/early-rollback.ts'

const policy = {above: 0.05, samples: 200}
const near = (value: number, wanted: number, within: number) =>
  assert.ok(Math.abs(value - wanted) <= within, `${value}, wanted ${wanted} ± ${within}`)

const exact = suite('one look')

exact('fires falsely and misses as often as the exact binomials say', () => {
  const table = [
    [10, 0.096, 0.18, 0.35],
    [50, 0.014, 0.078, 0.11],
    [100, 0.0005, 0.016, 0.058],
    [200, 0, 0.0025, 0.008],
  ] as const
  for (const [requests, atOne, atTwo, missed] of table) {
    near(chanceOfExceeding(requests, 0.05, 0.01), atOne, 0.001)
    near(chanceOfExceeding(requests, 0.05, 0.02), atTwo, 0.004)
    near(1 - chanceOfExceeding(requests, 0.05, 0.1), missed, 0.004)
  }
})

exact('needs 59 good answers before zero errors rule out 5 %', () => {
  assert.ok(1 - binomialAtLeast(58, 1, 0.05) > 0.05)
  assert.ok(1 - binomialAtLeast(59, 1, 0.05) < 0.05)
})

exact('is unknown below the samples asked for, of nothing, and of what is no number', () => {
  assert.is(judgeErrorRate({requests: 199, errors: 199}, policy).verdict, 'unknown')
  assert.is(judgeErrorRate({requests: 0, errors: 0}, {above: 0.05, samples: 0}).verdict, 'unknown')
  assert.is(judgeErrorRate({requests: Number.NaN, errors: 0}, policy).verdict, 'unknown')
  assert.is(judgeErrorRate({requests: 200, errors: Number.NaN}, policy).verdict, 'unknown')
})

exact('fires above the threshold, not at it', () => {
  assert.is(judgeErrorRate({requests: 200, errors: 10}, policy).verdict, 'pass')
  assert.is(judgeErrorRate({requests: 200, errors: 11}, policy).verdict, 'fail')
})

const looks = (count: number, failed: number, from = 0) =>
  Array.from({length: count * 4}, (_, index): Sample => {
    const ok = index >= failed
    const at = new Date((from + Math.floor(index / 4) * 10) * 1_000).toISOString()
    return {at, source: `p${index % 4}`, ok, status: ok ? 200 : 500, ms: 1}
  })
const early = {above: 0.05, early: 0.000_001}

exact('proves early by a chance that is small enough, met in more than one look', () => {
  assert.is(isProvenEarly(looks(3, 7), early), true, `${binomialAtLeast(12, 7, 0.05)}`)
  assert.is(isProvenEarly(looks(3, 6), early), false, `${binomialAtLeast(12, 6, 0.05)}`)
  // Twelve errors at one moment are a burst, however unlikely.
  const burst = looks(3, 12).map((sample) => ({...sample, at: '2026-01-26T22:00:00.000Z'}))
  assert.is(isProvenEarly(burst, early), false)
  assert.is(isProvenEarly([], early), false)
})

exact(
  'early detection costs no false alarm more, not behind a bad first half minute either',
  () => {
    const runs = 500
    for (const rate of [0.01, 0.03]) {
      const before = play(() => rate, {runs, isEarly: false}).share
      const now = play(() => rate, {runs, isEarly: true}).share
      assert.ok(now <= before + 0.03, `${rate}: ${before} ${now}`)
    }
    const mixing = (second: number) => (second < 30 ? 1 : 0)
    assert.is(detection(mixing, seeded(1), true), null)
    const half = play(() => 0.5, {runs: 100, isEarly: true})
    assert.ok(half.share === 1 && (half.mean ?? 99) < 50, `${half.mean}`)
  },
)

exact.run()

/** The chance that a look after each of `requests` samples fires at least once: exact. */
function everFires(requests: number, chance: number, from = policy.samples): number {
  let alive = [1]
  let fired = 0
  for (let n = 1; n <= requests; n += 1) {
    const next: number[] = new Array(alive.length + 1).fill(0)
    for (const [errors, share] of alive.entries()) {
      next[errors] = (next[errors] ?? 0) + share * (1 - chance)
      next[errors + 1] = (next[errors + 1] ?? 0) + share * chance
    }
    if (n >= from) {
      const limit = Math.floor(n * policy.above + 1e-9)
      for (const share of next.splice(limit + 1)) fired += share
    }
    alive = next
  }
  return fired
}

const halfHour = suite('the whole half hour, a look after every sample')

halfHour(
  'rolls back falsely in 0.002 % of runs at a true 1 %, and misses under 1 % at 10 %',
  () => {
    near(everFires(1_800, 0.01), 0.00002, 0.00001)
    near(everFires(1_800, 0.01, 100), 0.0015, 0.0005)
    assert.ok(1 - everFires(200, 0.1) < 0.01)
    assert.ok(1 - everFires(1_800, 0.1) < 0.001)
  },
)

halfHour('does so in a simulation of the very decision that the trigger takes', () => {
  const random = mulberry(20260123)
  const fires = (chance: number, requests: number) => {
    let errors = 0
    for (let n = 1; n <= requests; n += 1) {
      if (random() < chance) errors += 1
      if (judgeErrorRate({requests: n, errors}, policy).verdict === 'fail') return true
    }
    return false
  }
  const share = (chance: number, runs: number, requests: number) => {
    let fired = 0
    for (let run = 0; run < runs; run += 1) if (fires(chance, requests)) fired += 1
    return fired / runs
  }
  assert.ok(share(0.01, 4_000, 1_800) < 0.001)
  assert.ok(1 - share(0.1, 4_000, 200) < 0.01)
})

halfHour.run()

/** A small seeded generator, so that the simulation is the same at each run. */
function mulberry(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

const start = Date.parse('2026-01-26T22:00:00Z')
const look = (second: number, ok: boolean | null, ms: number | null = 20): Sample => ({
  at: new Date(start + second * 1_000).toISOString(),
  source: 'prober',
  ok,
  status: ok === null ? null : ok ? 200 : 500,
  ms,
})
const span = {from: new Date(start), to: new Date(start + 60_000)}

const samples = suite('samples')

samples('without a verdict count neither as a request nor as an error', () => {
  assert.equal(countErrors([look(0, true), look(10, null), look(20, false)]), {
    requests: 2,
    errors: 1,
  })
  assert.is(rateOf({requests: 0, errors: 0}), null)
})

samples('cover the span by the looks that were answered, each slot once', () => {
  const taken = [look(0, true), look(1, true), look(10, false), look(20, null), look(55, true)]
  assert.is(coverage(taken, {...span, everyMs: 10_000}), 0.5)
  assert.is(coverage([], {...span, everyMs: 10_000}), 0)
})

samples('show how long the service was down, and a gap as a gap', () => {
  const taken = [look(0, true), look(10, false), look(20, false), look(30, true), look(200, true)]
  assert.equal(
    stretches(taken, 60_000).map(({kind, ms}) => [kind, ms]),
    [
      ['down', 20_000],
      ['gap', 170_000],
    ],
  )
  assert.is(downMs(taken), 0)
  assert.is(downMs(taken.slice(0, 3)), 10_000)
})

samples('have percentiles by nearest rank, and none of nothing', () => {
  assert.is(percentile([5, 1, 3, 2, 4], 0.5), 3)
  assert.is(percentile([1, 2], 0.95), 2)
  assert.is(percentile([], 0.95), null)
})

samples.run()
