// The watch after a deployment: figures, plots, and where the service was down or nobody looked.

import type {Sample} from '../event.ts'
import {deploymentStartedAt, recorded} from '../recorded.ts'
import {countErrors, percentile, rateOf, type Stretch, stretches} from '../statistics.ts'
import {between, frenchDuration, frenchNumber, frenchPercent, utc, utcTime} from '../times.ts'
import type {ViewInput} from './input.ts'
import {errorPlot, readablePlot, responsePlot} from './plots.ts'

/** Samples further apart than this leave a gap. */
const gapMs = 60_000

export function watchSection({state, runbook}: ViewInput) {
  const zero = deploymentStartedAt(state)
  const own = mainSource(state.samples)
  const isAfter = ({at}: Sample) => zero === null || at >= zero
  const after = own.filter(isAfter)
  const every = state.samples.filter(isAfter)
  // Figures count every page that was looked at; plots and stretches follow one, or gaps would hide.
  const counts = countErrors(every)
  const rate = rateOf(counts)
  const times = every.map(({ms}) => ms).filter((ms) => ms !== null)
  const figures = recorded(state, 'watch')
  const trigger = runbook.items.find(({name}) => name === 'error-rate')
  const threshold = percentOf(trigger?.parameters.above)
  const plotted = {samples: own, zero: new Date(zero ?? own[0]?.at ?? 0)}
  const errorsDrawn = errorPlot({...plotted, title: "Taux d'erreur (%)", threshold})
  const responseDrawn = responsePlot({...plotted, title: 'Temps de réponse (ms)'})
  const response = (part: number) => {
    const value = percentile(times, part)
    return value === null ? 'inconnu' : `${frenchNumber(value)} ms`
  }
  return {
    any: own.length > 0 || figures !== undefined,
    source: [...new Set(state.samples.map(({source}) => source))].join(', '),
    plotted: own[0]?.source ?? '',
    from: after[0] === undefined ? '' : utc(after[0].at),
    to: utcOf(after.at(-1)),
    baseline: frenchNumber(state.samples.length - every.length),
    duration: lengthOf(after, figures),
    samples: frenchNumber(counts.requests),
    unanswered: frenchNumber(every.length - counts.requests),
    errors: frenchNumber(counts.errors),
    rate: rate === null ? 'inconnu (aucune mesure)' : frenchPercent(rate),
    threshold: threshold === null ? '' : `${frenchNumber(threshold, 2)}\u202f%`,
    coverage: figures === undefined ? 'inconnue' : frenchPercent(figures.coverage, 1),
    median: response(0.5),
    p95: response(0.95),
    errorPlot: errorsDrawn,
    responsePlot: responseDrawn,
    errorChart: readablePlot(errorsDrawn),
    responseChart: readablePlot(responseDrawn),
    zero: utcTime(plotted.zero),
    stretches: longestStretches(own).map(({kind, from, to, ms}) => ({
      kind: kind === 'down' ? '🔴 indisponible ou en erreur' : '⚪ sans mesure',
      from: utcTime(from),
      to: utcTime(to),
      duration: frenchDuration(ms),
    })),
  }
}

const mostStretches = 15

/** In order of time; of many, the longest. */
function longestStretches(samples: readonly Sample[]): Stretch[] {
  const all = stretches(samples, gapMs)
  const least = all.map(({ms}) => ms).sort((a, b) => b - a)[mostStretches - 1] ?? 0
  return all.filter(({ms}) => ms >= least).slice(0, mostStretches)
}

/** Sources must not be mixed, or their gaps hide each other: the one that looked most often counts. */
export function mainSource(samples: readonly Sample[]): Sample[] {
  const counts = new Map<string, number>()
  for (const {source} of samples) counts.set(source, (counts.get(source) ?? 0) + 1)
  const [main] = [...counts].sort(([, a], [, b]) => b - a)
  return samples.filter(({source}) => source === main?.[0])
}

const utcOf = (sample: Sample | undefined) => (sample === undefined ? '' : utc(sample.at))

function lengthOf(
  samples: readonly Sample[],
  figures: {from: string; to: string} | undefined,
): string {
  const from = figures?.from ?? samples[0]?.at
  const to = figures?.to ?? samples.at(-1)?.at
  return from === undefined || to === undefined ? '' : frenchDuration(between(from, to))
}

export function percentOf(word: string | undefined): number | null {
  const value = Number(word?.replace(/\s?%$/, '').replace(',', '.'))
  return Number.isFinite(value) ? value : null
}
