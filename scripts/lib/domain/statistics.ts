// What samples say, and when they say nothing: too few of them is unknown, never healthy.

import type {Sample} from './event.ts'
import type {Verdict} from './verdict.ts'

export interface Counts {
  readonly requests: number
  readonly errors: number
}

interface Span {
  readonly from: Date
  readonly to: Date
}

const time = ({at}: Sample) => Date.parse(at)

/** The samples taken in `[from, to]`. */
export function samplesWithin(samples: readonly Sample[], {from, to}: Span): Sample[] {
  // Moments in UTC with equal precision compare as words: no date is parsed for each sample.
  const [first, last] = [from.toISOString(), to.toISOString()]
  return samples.filter(({at}) => at >= first && at <= last)
}

/** The samples of the rhythm: what was taken more often because of errors would weigh them twice. */
export const inRhythm = (samples: readonly Sample[]): Sample[] =>
  samples.filter(({extra}) => extra === undefined)

/** What was answered and what of it was an error; a sample without a verdict of its own counts as neither. */
export function countErrors(samples: readonly Sample[]): Counts {
  const judged = samples.filter(({ok}) => ok !== null)
  return {requests: judged.length, errors: judged.filter(({ok}) => ok === false).length}
}

/** Errors per request; null of nothing, since 0/0 is not healthy. */
export function rateOf({requests, errors}: Counts): number | null {
  const rate = errors / requests
  return requests > 0 && Number.isFinite(rate) && rate >= 0 ? rate : null
}

/**
 * The error rate against its threshold: `fail` above it, `unknown` below `samples` requests. Give it
 * cumulative counts since the deployment: a sliding window looked at again and again rolls back
 * healthy releases (about 4 % of them at a true 1 %, over half an hour).
 */
export function judgeErrorRate(
  counts: Counts,
  {above, samples}: {readonly above: number; readonly samples: number},
): {readonly verdict: Verdict; readonly rate: number | null} {
  const rate = rateOf(counts)
  if (rate === null || counts.requests < samples) return {verdict: 'unknown', rate}
  return {verdict: rate > above ? 'fail' : 'pass', rate}
}

/** Looks of the rhythm that must have met an error before early evidence counts: one burst is no rate. */
const spreadMin = 2

/**
 * Whether errors prove already that the rate is above its threshold: were it just at the threshold, so
 * many would come with a chance of `early` at most (an exact binomial tail). Give it every sample since
 * the grace behind the deployment. What it costs in false alarms stands in docs/reliability.md.
 */
export function isProvenEarly(
  samples: readonly Sample[],
  {above, early}: {readonly above: number; readonly early: number},
): boolean {
  const failedLooks = new Set(inRhythm(samples).flatMap(({at, ok}) => (ok === false ? [at] : [])))
  return failedLooks.size >= spreadMin && isBeyondDoubt(countErrors(samples), {above, early})
}

/** The same of a source that only counts. */
export const isBeyondDoubt = (
  {requests, errors}: Counts,
  {above, early}: {readonly above: number; readonly early: number},
): boolean => errors > requests * above && binomialAtLeast(requests, errors, above) <= early

/** The share of the looks due in the span, one each `everyMs`, that brought an answer: 0 to 1. */
export function coverage(
  samples: readonly Sample[],
  {from, to, everyMs}: Span & {readonly everyMs: number},
): number {
  const due = Math.floor((+to - +from) / everyMs)
  if (due <= 0) return 0
  const slots = new Set<number>()
  for (const sample of inRhythm(samples)) {
    const slot = Math.floor((time(sample) - +from) / everyMs)
    if (sample.ok !== null && slot >= 0 && slot < due) slots.add(slot)
  }
  return slots.size / due
}

/** The value that the share `part` (0 to 1) of the values does not exceed (nearest rank); null of nothing. */
export function percentile(values: readonly number[], part: number): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  const rank = Math.max(1, Math.ceil(part * sorted.length))
  return sorted[rank - 1] ?? null
}

export interface Stretch {
  readonly kind: 'down' | 'gap'
  readonly from: string
  readonly to: string
  readonly ms: number
}

/**
 * Where the service was down (from its first failing look to the next good one) and where nobody
 * looked (a gap longer than `gapMs` between two looks). Samples of one source, in order.
 */
export function stretches(samples: readonly Sample[], gapMs: number): Stretch[] {
  const found: Stretch[] = []
  let downSince: Sample | null = null
  let last: Sample | null = null
  const add = (kind: Stretch['kind'], from: Sample, to: Sample) => {
    found.push({kind, from: from.at, to: to.at, ms: time(to) - time(from)})
  }
  for (const sample of samples) {
    if (last !== null && time(sample) - time(last) > gapMs) {
      if (downSince !== null) add('down', downSince, last)
      downSince = null
      add('gap', last, sample)
    }
    if (sample.ok === false) downSince ??= sample
    else if (sample.ok === true && downSince !== null) {
      add('down', downSince, sample)
      downSince = null
    }
    last = sample
  }
  if (downSince !== null && last !== null) add('down', downSince, last)
  return found
}

/** How long the service has been down without a break at the last look: 0 where that one was good. */
export function downMs(samples: readonly Sample[]): number {
  const last = samples.at(-1)
  if (last === undefined || last.ok !== false) return 0
  const lastGood = samples.findLastIndex(({ok}) => ok === true)
  const first = samples.slice(lastGood + 1).find(({ok}) => ok === false)
  return first === undefined ? 0 : time(last) - time(first)
}

/** P(X >= least) for X ~ Binomial(tries, chance): exact, in logarithms, so that no power underflows. */
export function binomialAtLeast(tries: number, least: number, chance: number): number {
  if (least <= 0) return 1
  if (chance <= 0 || least > tries) return 0
  if (chance >= 1) return 1
  let term = tries * Math.log1p(-chance)
  let sum = 0
  for (let k = 0; k < tries; k += 1) {
    if (k >= least) sum += Math.exp(term)
    term += Math.log(tries - k) - Math.log(k + 1) + Math.log(chance) - Math.log1p(-chance)
  }
  return Math.min(1, sum + Math.exp(term))
}

/** P(errors/requests > above) at a true rate of `chance`: how often one look would fire. */
export function chanceOfExceeding(requests: number, above: number, chance: number): number {
  // The least whole count above the threshold; the margin absorbs 0.05 * 100 = 5.000000000000001.
  return binomialAtLeast(requests, Math.floor(requests * above + 1e-9) + 1, chance)
}
