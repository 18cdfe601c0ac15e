// The watch of one run as figures that can be drawn: its intervals, and what it is judged by.

import {errorPercent, intervals, responseMs} from './intervals.ts'
import type {JsonOutput} from './json-outputs.ts'
import {deploymentStartedAt, recorded} from './recorded.ts'
import type {RunState} from './run.ts'
import {countErrors, percentile, rateOf} from './statistics.ts'
import {mainSource} from './views/watch.ts'

export type WatchCurve = NonNullable<JsonOutput<'status'>['watch']>

/** null: this run was not watched. `threshold`: of the runbook, in percent. */
export function watchCurve(state: RunState, threshold: number | null): WatchCurve | null {
  const own = mainSource(state.samples)
  const first = own[0]
  const last = own.at(-1)
  if (first === undefined || last === undefined) return null
  const zero = deploymentStartedAt(state)
  const after = state.samples.filter(({at}) => zero === null || at >= zero)
  const counts = countErrors(after)
  return {
    run: state.run,
    scenario: state.scenario,
    source: first.source,
    from: first.at,
    to: last.at,
    deployedAt: zero,
    threshold,
    ...counts,
    rate: rateOf(counts),
    p95Ms: percentile(
      after.map(({ms}) => ms).filter((ms) => ms !== null),
      0.95,
    ),
    coverage: recorded(state, 'watch')?.coverage ?? null,
    points: intervals(own).map((each) => ({
      at: each.at,
      errorPercent: errorPercent(each),
      medianMs: responseMs(each, 0.5),
    })),
  }
}
