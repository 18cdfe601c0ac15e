// The watch of one run as figures that can be drawn: its intervals, and what it is judged by.

import type {Scenario} from './event.ts'
import {errorPercent, intervals, responseMs} from './intervals.ts'
import {deploymentStartedAt, recorded} from './recorded.ts'
import type {RunState} from './run.ts'
import {countErrors, percentile, rateOf} from './statistics.ts'
import {mainSource} from './views/watch.ts'

export interface WatchCurve {
  readonly run: string
  readonly scenario: Scenario
  /** What was asked, of the samples drawn. */
  readonly source: string
  /** ISO 8601, UTC: the first and the last look, and the deployment between them. */
  readonly from: string
  readonly to: string
  readonly deployedAt: string | null
  /** Errors in percent above which the release is undone; null: the runbook names none. */
  readonly threshold: number | null
  /** Since the deployment, over every source. */
  readonly requests: number
  readonly errors: number
  /** 0 to 1; null without an answer. */
  readonly rate: number | null
  readonly p95Ms: number | null
  /** 0 to 1, of the looks that were due; null until the watch has ended. */
  readonly coverage: number | null
  /** In order. `errorPercent` null: nobody looked, which is no zero. */
  readonly points: readonly {
    readonly at: string
    readonly errorPercent: number | null
    readonly medianMs: number | null
  }[]
}

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
