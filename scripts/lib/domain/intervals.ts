// The samples of a watch in equal stretches of time, few enough to be drawn.

import type {Sample} from './event.ts'
import {percentile} from './statistics.ts'

export interface Interval {
  /** Its middle, ISO 8601, UTC. */
  readonly at: string
  readonly samples: readonly Sample[]
}

const most = 40
// Fewer looks than this in an interval and the line shows chance, not the service.
const looksEach = 6

/** At least two, at most 40, over the whole span of `samples`, which are in order; none without samples. */
export function intervals(samples: readonly Sample[]): Interval[] {
  const first = samples[0]
  const last = samples.at(-1)
  if (first === undefined || last === undefined) return []
  const from = Date.parse(first.at)
  const to = Math.max(Date.parse(last.at), from + 60_000)
  const count = Math.max(2, Math.min(most, Math.floor(samples.length / looksEach)))
  const found: Sample[][] = Array.from({length: count}, () => [])
  for (const sample of samples) {
    const place = Math.floor(((Date.parse(sample.at) - from) / (to - from)) * count)
    found[Math.max(0, Math.min(count - 1, place))]?.push(sample)
  }
  const middle = (index: number) => from + ((index + 0.5) * (to - from)) / count
  return found.map((inside, index) => ({
    at: new Date(middle(index)).toISOString(),
    samples: inside,
  }))
}

/** Errors in percent of the looks that were answered; null where none was. */
export function errorPercent({samples}: Interval): number | null {
  const judged = samples.filter(({ok}) => ok !== null)
  if (judged.length === 0) return null
  return (100 * judged.filter(({ok}) => ok === false).length) / judged.length
}

/** The response time in milliseconds that the share `part` of the looks does not exceed; null without one. */
export function responseMs({samples}: Interval, part: number): number | null {
  return percentile(
    samples.map(({ms}) => ms).filter((ms) => ms !== null),
    part,
  )
}
