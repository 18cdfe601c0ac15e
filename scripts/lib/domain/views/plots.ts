// The watch as figures: Mermaid xychart sources from samples. A stretch without a measurement is drawn
// as a full-height bar, never as a zero that would read as health.

import type {Sample} from '../event.ts'
import {errorPercent, type Interval, intervals, responseMs} from '../intervals.ts'

export interface PlotInput {
  /** In order, one source. */
  readonly samples: readonly Sample[]
  /** The moment that is minute 0. */
  readonly zero: Date
  readonly title: string
  /** In percent; drawn as a line of its own. */
  readonly threshold?: number | null
}

/** Error rate, in percent of the answered looks of each interval; '' without samples. */
export function errorPlot({threshold = null, ...input}: PlotInput): string {
  return plot({
    ...input,
    unit: '%',
    least: Math.max(1, (threshold ?? 0) * 1.5),
    lines: [errorPercent, ...(threshold === null ? [] : [() => threshold])],
  })
}

/** Response time in milliseconds: median and 95th percentile of each interval; '' without samples. */
export function responsePlot(input: PlotInput): string {
  return plot({
    ...input,
    unit: 'ms',
    least: 10,
    lines: [(each) => responseMs(each, 0.5), (each) => responseMs(each, 0.95)],
  })
}

function plot(input: {
  samples: readonly Sample[]
  zero: Date
  title: string
  unit: string
  least: number
  lines: readonly ((each: Interval) => number | null)[]
}): string {
  const first = input.samples[0]
  const last = input.samples.at(-1)
  if (first === undefined || last === undefined) return ''
  const from = Date.parse(first.at)
  const to = Math.max(Date.parse(last.at), from + 60_000)
  const buckets = intervals(input.samples)
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

/** A chart cannot break its line: within a gap it stays where it was, under the gap's bar. */
function carried(values: readonly (number | null)[]): number[] {
  let before = values.find((value) => value !== null) ?? 0
  return values.map((value) => {
    before = value ?? before
    return before
  })
}

// Each at least 4.5 to 1 on white, which the plot brings with it: a forge's dark page changes nothing.
const ink = '#1c2430'
const gapColour = '#6b7685'
const lineColours = ['#0b57a4', '#b3261e']

/**
 * A plot that can be read in a forge's column: its own colours on white, letters of a size that survives
 * being fitted. The first line is blue, the second red, a stretch without a measurement grey.
 */
export function readablePlot(source: string): string {
  if (source === '') return ''
  const colours = [...(source.includes('\n  bar [') ? [gapColour] : []), ...lineColours]
  const colour = Object.fromEntries(
    ['title', 'xAxisLabel', 'xAxisTitle', 'xAxisTick', 'xAxisLine', 'yAxisLabel', 'yAxisTitle']
      .concat('yAxisTick', 'yAxisLine')
      .map((part) => [`${part}Color`, ink]),
  )
  const axis = {labelFontSize: 18, titleFontSize: 18}
  const theme = {
    theme: 'base',
    xyChart: {width: 900, height: 420, titleFontSize: 22, xAxis: axis, yAxis: axis},
    themeVariables: {
      xyChart: {backgroundColor: '#ffffff', ...colour, plotColorPalette: colours.join(', ')},
    },
  }
  return `%%{init: ${JSON.stringify(theme)}}%%\n${source}`
}

const rounded = (value: number) => Number(value.toFixed(2))
