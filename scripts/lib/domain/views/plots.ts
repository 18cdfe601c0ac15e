// The watch as figures: Mermaid xychart sources from samples. A stretch without a measurement is drawn
// as a full-height bar, never as a zero that would read as health.

import type {Sample} from '../event.ts'
import {percentile} from '../statistics.ts'

interface Bucket {
  readonly samples: readonly Sample[]
}

export interface PlotInput {
  /** In order, one source. */
  readonly samples: readonly Sample[]
  /** The moment that is minute 0. */
  readonly zero: Date
  readonly title: string
  /** In percent; drawn as a line of its own. */
  readonly threshold?: number | null
}

const most = 40
// Fewer looks than this in an interval and the line shows chance, not the service.
const looksEach = 6

/** Error rate, in percent of the answered looks of each interval; '' without samples. */
export function errorPlot({threshold = null, ...input}: PlotInput): string {
  return plot({
    ...input,
    unit: '%',
    least: Math.max(1, (threshold ?? 0) * 1.5),
    lines: [(bucket) => errorPercent(bucket), ...(threshold === null ? [] : [() => threshold])],
  })
}

/** Response time in milliseconds: median and 95th percentile of each interval; '' without samples. */
export function responsePlot(input: PlotInput): string {
  const times = ({samples}: Bucket) => samples.map(({ms}) => ms).filter((ms) => ms !== null)
  return plot({
    ...input,
    unit: 'ms',
    least: 10,
    lines: [
      (bucket) => percentile(times(bucket), 0.5),
      (bucket) => percentile(times(bucket), 0.95),
    ],
  })
}

function plot(input: {
  samples: readonly Sample[]
  zero: Date
  title: string
  unit: string
  least: number
  lines: readonly ((bucket: Bucket) => number | null)[]
}): string {
  const first = input.samples[0]
  const last = input.samples.at(-1)
  if (first === undefined || last === undefined) return ''
  const from = Date.parse(first.at)
  const to = Math.max(Date.parse(last.at), from + 60_000)
  const buckets = bucketsOf(input.samples, from, to)
  const series = input.lines.map((line) => buckets.map(line))
  const highest = Math.max(input.least, ...series.flat().map((value) => value ?? 0))
  const top = Number((highest * 1.1).toPrecision(2))
  const minute = (at: number) => rounded((at - +input.zero) / 60_000)
  const gaps = buckets.map(({samples}) => (samples.some(({ok}) => ok !== null) ? 0 : top))
  return [
    'xychart-beta',
    `  title "${input.title}"`,
    `  x-axis "minutes" ${minute(from)} --> ${minute(to)}`,
    `  y-axis "${input.unit}" 0 --> ${top}`,
    ...(gaps.some((gap) => gap > 0) ? [`  bar [${gaps.join(', ')}]`] : []),
    ...series.map((values) => `  line [${carried(values).map(rounded).join(', ')}]`),
  ].join('\n')
}

function bucketsOf(samples: readonly Sample[], from: number, to: number): Bucket[] {
  const count = Math.max(2, Math.min(most, Math.floor(samples.length / looksEach)))
  const found: Sample[][] = Array.from({length: count}, () => [])
  for (const sample of samples) {
    const place = Math.floor(((Date.parse(sample.at) - from) / (to - from)) * count)
    found[Math.max(0, Math.min(count - 1, place))]?.push(sample)
  }
  return found.map((inside) => ({samples: inside}))
}

function errorPercent({samples}: Bucket): number | null {
  const judged = samples.filter(({ok}) => ok !== null)
  if (judged.length === 0) return null
  return (100 * judged.filter(({ok}) => ok === false).length) / judged.length
}

/** A chart cannot break its line: within a gap it stays where it was, under the gap's bar. */
function carried(values: readonly (number | null)[]): number[] {
  let before = values.find((value) => value !== null) ?? 0
  return values.map((value) => {
    before = value ?? before
    return before
  })
}

const rounded = (value: number) => Number(value.toFixed(2))
