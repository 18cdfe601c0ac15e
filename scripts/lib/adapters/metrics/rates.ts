// Rates over a span become counts. Its traps all look like health: 0/0 is NaN, a series may begin late or
// go silent, a rate looks back before the deployment. Here each is null, or says what is wrong.

import {silent} from '../prometheus-api.ts'

/** Seconds since 1970. */
export interface Span {
  readonly start: number
  readonly end: number
  readonly step: number
}

/** Values per second, by their time. */
export type Rates = ReadonlyMap<number, number>

/** Less than this share of the points due is no reading. */
const enough = 0.9
/** The newest value may lack this many points; more, and the source has gone silent. */
const silentPointsMost = 2

/** Seconds that a PromQL query looks back: the longest range in it, 0 without one. */
export function reachOf(query: string): number {
  const bare = query.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`/g, '')
  const ranges = bare.matchAll(/\[((?:\d+(?:ms|[smhdwy]))+)(?::[^\]]*)?\]/g)
  const lengths = [...ranges].map(([, range = '']) =>
    [...range.matchAll(/(\d+)(ms|[smhdwy])/g)].reduce(
      (sum, [, count, name = '']) => sum + Number(count) * (secondsOf[name] ?? 0),
      0,
    ),
  )
  return Math.max(0, ...lengths)
}

const secondsOf: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3_600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
}

/** Rates times the step; null where anything is missing, NaN, too old, or the denominator is zero. */
export function total(
  requests: Rates | null,
  errors: Rates | null,
  {start, end, step}: Span,
): {requests: number; errors: number} | null {
  if (requests === null) return null
  if (errors === null) {
    throw silent({
      fr: 'la requête des erreurs ne donne aucune série : ajouter « or vector(0) » si zéro erreur n’en a pas',
      en: 'the query for errors gives no series: add “or vector(0)” where no error means no series',
    })
  }
  const due = Math.floor((end - start) / step) + 1
  const sum = {requests: 0, errors: 0}
  let points = 0
  let newest = Number.NEGATIVE_INFINITY
  for (const [at, rate] of requests) {
    // A server that moves the span to whole steps of its own also answers for what lies before it.
    if (at < start || at > end) continue
    const wrong = errors.get(at)
    if (!Number.isFinite(rate) || wrong === undefined || !Number.isFinite(wrong)) continue
    points += 1
    newest = Math.max(newest, at)
    sum.requests += rate * step
    sum.errors += wrong * step
  }
  if (points < due * enough || end - newest > (silentPointsMost + 1) * step) return null
  const counted = {requests: Math.round(sum.requests), errors: Math.round(sum.errors)}
  if (counted.requests <= 0) return null
  // A ratio instead of a rate, or another metric's: no share can be made of these two.
  if (sum.errors > sum.requests * 1.01 || counted.errors < 0) {
    throw silent({
      fr: `${counted.errors} erreurs pour ${counted.requests} requêtes : les deux requêtes ne vont pas ensemble`,
      en: `${counted.errors} errors of ${counted.requests} requests: the two queries do not belong together`,
    })
  }
  return {...counted, errors: Math.min(counted.errors, counted.requests)}
}
