// How soon a bad release is seen with the early rule, against the rule without it, at equal false alarms.
// Method: the shipped runbook's rhythm and parameters, played over made-up errors with the very functions
// that the trigger calls. Each probe fails by itself; bursts and a bad first half minute are told beside.

import type {Sample} from '../../scripts/lib/domain/event.ts'
import {isBeyondDoubt, isProvenEarly, judgeErrorRate} from '../../scripts/lib/domain/statistics.ts'
import {type Figure, round} from './measure.ts'

/** As in runbooks/production.md: seconds, and shares. */
const rule = {above: 0.05, samples: 200, early: 0.000_001}
const [withinS, everyS, rapidS, most, graceS, hotS, probes] = [1_800, 10, 2, 90, 30, 60, 4]

/** The chance that a probe fails, by the second since the deployment. */
type Ill = (second: number) => number

/** Seconds until either rule fires; null: not within the half hour. A small generator, so that figures repeat. */
export function detection(ill: Ill, random: () => number, isEarly: boolean): number | null {
  const after: Sample[] = []
  const all = {requests: 0, errors: 0}
  let [lastError, left] = [Number.NEGATIVE_INFINITY, isEarly ? most : 0]
  for (let second = 0; second <= withinS; ) {
    const isExtra = second % everyS !== 0
    const at = new Date(second * 1_000).toISOString()
    for (let probe = 0; probe < probes; probe += 1) {
      const ok = random() >= ill(second)
      if (!ok) lastError = second
      if (!isExtra && (!isEarly || second >= graceS)) {
        all.requests += 1
        all.errors += ok ? 0 : 1
      }
      if (isEarly && second >= graceS) {
        const status = ok ? 200 : 500
        after.push({at, source: String(probe), ok, status, ms: 1, ...(isExtra && {extra: true})})
      }
    }
    if (isExtra) left -= 1
    if (isEarly && lastError === second && isProvenEarly(after, rule)) return second
    if (judgeErrorRate(all, rule).verdict === 'fail') return second
    const next = second - (second % everyS) + everyS
    const isHot = left > 0 && second - lastError < hotS
    second = isHot ? Math.min(second + rapidS, next) : next
  }
  return null
}

/** mulberry32: the same figures in each run. */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Mean seconds to detection, and the share of the runs that were detected at all. */
export function play(ill: Ill, {runs, isEarly}: {runs: number; isEarly: boolean}) {
  const random = seeded(7)
  let [seen, seconds] = [0, 0]
  for (let run = 0; run < runs; run += 1) {
    const at = detection(ill, random, isEarly)
    if (at === null) continue
    seen += 1
    seconds += at
  }
  return {share: seen / runs, mean: seen === 0 ? null : seconds / seen}
}

const figure = (rate: number, limit: number): Figure => ({
  name: `mean time to detection at a true error rate of ${rate * 100} %, with the early rule against without`,
  limit,
  unit: 'ratio',
  measure: async () => {
    const ours = play(() => rate, {runs: 400, isEarly: true})
    const theirs = play(() => rate, {runs: 400, isEarly: false})
    return {
      value: round((ours.mean ?? Number.NaN) / (theirs.mean ?? Number.NaN)),
      raw: {
        'with it s': round(ours.mean ?? Number.NaN),
        'without s': round(theirs.mean ?? Number.NaN),
      },
    }
  },
})

export const earlyAtTwenty = figure(0.2, 0.25)
export const earlyAtFifty = figure(0.5, 0.1)

const requestsOfRhythm = (withinS / everyS) * probes
/** With all that may be taken beside it. */
const requestsMost = requestsOfRhythm + most * probes

/**
 * The chance that the rule fires at least once where it may after each of so many requests, each failing by
 * itself with that chance: exact, the whole distribution of errors carried along. However the looks are
 * spread over the time, and whatever makes them come sooner, no run fires more often.
 */
export function everFires(
  requests: number,
  chance: number,
  fires: (counts: {requests: number; errors: number}) => boolean,
): number {
  let [alive, fired, limit] = [[1], 0, 1]
  for (let n = 1; n <= requests; n += 1) {
    const next: number[] = new Array(alive.length + 1).fill(0)
    for (const [errors, share] of alive.entries()) {
      next[errors] = (next[errors] ?? 0) + share * (1 - chance)
      next[errors + 1] = (next[errors + 1] ?? 0) + share * chance
    }
    // The least count of errors that fires, found from the one before.
    while (limit > 1 && fires({requests: n, errors: limit - 1})) limit -= 1
    while (limit <= n && !fires({requests: n, errors: limit})) limit += 1
    for (const share of next.splice(limit)) fired += share
    alive = next
  }
  return fired
}

const withoutIt = (counts: {requests: number; errors: number}) =>
  judgeErrorRate(counts, rule).verdict === 'fail'

export const falseRollbacks: Figure = {
  name: 'false rollbacks that the early rule adds within half an hour, at the threshold of 5 % itself',
  limit: 0.000_1,
  unit: 'ratio',
  measure: async () => {
    const chances = [0.01, 0.03, 0.05]
    const added = chances.map((chance) =>
      everFires(requestsMost, chance, (counts) => isBeyondDoubt(counts, rule)),
    )
    const before = chances.map((chance) => everFires(requestsOfRhythm, chance, withoutIt))
    const list = (values: readonly number[]) => values.map((each) => each.toPrecision(2)).join(', ')
    return {
      value: round(Math.max(...added), 6),
      raw: {
        'at 1, 3 and 5 % at most': list(added),
        'without it': list(before),
      },
    }
  },
}
