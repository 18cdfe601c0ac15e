// The figures that teams compare over time, from many runs: how often, how fast, how many went wrong,
// and how long until it was right again. What nothing was measured for is unknown, never zero.

import type {RunResult, Scenario} from './event.ts'

/** What is known of a run without reading its journal. Times: ISO 8601, UTC. */
export interface MeasuredRun {
  readonly run: string
  readonly scenario: Scenario
  readonly kind: 'scenario' | 'rollback' | 'drill' | 'exit'
  readonly result: RunResult | null
  readonly tag: string
  readonly commit: string
  readonly startedAt: string
  readonly endedAt: string | null
  readonly committedAt: string | null
  readonly deployedAt: string | null
  readonly provenAt: string | null
  readonly brokenAt: string | null
  readonly restoredAt: string | null
}

export interface ReleaseFigures {
  readonly scenario: 'staging' | 'production'
  readonly runs: number
  /** Runs that put something before users, whatever came of it. */
  readonly deployments: number
  /** Of them (or by a rollback asked for later), undone. */
  readonly failures: number
  /** Deployments a week, from the first run to `now`; null before a week has passed. */
  readonly perWeek: number | null
  /** 0 to 1; null of no deployment. */
  readonly failureRate: number | null
  /** Medians in milliseconds. */
  readonly leadMs: number | null
  readonly recoveryMs: number | null
  readonly durationMs: number | null
}

const weekMs = 7 * 86_400_000
const undone: readonly (RunResult | null)[] = ['rolled-back', 'rollback-failed']

/** Drills are rehearsals: they count as runs, not as deployments or failures. */
export function releaseFigures(
  runs: readonly MeasuredRun[],
  scenario: 'staging' | 'production',
  now: Date,
): ReleaseFigures {
  const own = runs.filter((run) => run.scenario === scenario)
  const real = own.filter(({kind, result}) => kind !== 'drill' && !result?.startsWith('drill'))
  const deployed = real.filter(({kind, deployedAt}) => kind === 'scenario' && deployedAt !== null)
  const failed = real.filter(
    ({kind, result, deployedAt}) =>
      undone.includes(result) && (kind === 'rollback' || deployedAt !== null),
  )
  const weeks = (+now - Date.parse(own[0]?.startedAt ?? now.toISOString())) / weekMs
  const failures = Math.min(failed.length, deployed.length)
  return {
    scenario,
    runs: own.length,
    deployments: deployed.length,
    failures: failed.length,
    perWeek: weeks >= 1 ? deployed.length / weeks : null,
    failureRate: deployed.length === 0 ? null : failures / deployed.length,
    leadMs: median(
      deployed
        .filter(({result}) => result === 'succeeded')
        .map(({committedAt, provenAt}) => span(committedAt, provenAt)),
    ),
    recoveryMs: median(failed.map(({brokenAt, restoredAt}) => span(brokenAt, restoredAt))),
    durationMs: median(deployed.map(({startedAt, endedAt}) => span(startedAt, endedAt))),
  }
}

/** Milliseconds; null where either end is not known. */
export function span(from: string | null, to: string | null): number | null {
  if (from === null || to === null) return null
  const ms = Date.parse(to) - Date.parse(from)
  return ms >= 0 ? ms : null
}

function median(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null).sort((a, b) => a - b)
  const middle = Math.floor(known.length / 2)
  const high = known[middle]
  if (high === undefined) return null
  return known.length % 2 === 1 ? high : ((known[middle - 1] ?? high) + high) / 2
}
