// The figures that teams compare over time, from many runs: how often, how fast, how many went wrong,
// and how long until it was right again. What nothing was measured for is unknown, never zero.

import type {Environment, RunResult} from './event.ts'
import type {JsonOutput} from './json-outputs.ts'

/** What is known of a run without reading its journal. */
export type MeasuredRun = JsonOutput<'history'>['runs'][number]

export type ReleaseFigures = JsonOutput<'history'>['figures'][number]

const weekMs = 7 * 86_400_000
const undone: readonly (RunResult | null)[] = ['rolled-back', 'rollback-failed']

/** Drills are rehearsals: they count as runs, not as deployments or failures. */
export function releaseFigures(
  runs: readonly MeasuredRun[],
  scenario: Environment,
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
