// How long a run may take: as long as the last successful one, and never less than what the runbook
// itself makes it wait.

import {parseDuration} from '../../domain/duration.ts'
import {between} from '../../domain/times.ts'
import type {PolicyItem} from '../../policy/runbook.ts'
import {recordsOf} from '../../run/context-of.ts'
import type {Session} from '../../run/session.ts'

export interface LikelyDuration {
  /** Milliseconds of the last success of this scenario; null where none is recorded. */
  readonly last: number | null
  /** Milliseconds that its baseline and its watch take, whatever else. */
  readonly waits: number
}

export async function likelyDuration(session: Session): Promise<LikelyDuration> {
  const {runs} = await recordsOf(session)
  const last = runs.findLast(
    ({scenario, kind, result}) =>
      scenario === session.scenario && kind === 'scenario' && result === 'succeeded',
  )
  const items = session.runbook.phases.flatMap((phase) => phase.items)
  return {
    last: last?.endedAt == null ? null : between(last.startedAt, last.endedAt),
    waits: items.reduce((sum, item) => sum + waitOf(item), 0),
  }
}

function waitOf({kind, name, parameters}: PolicyItem): number {
  if (kind !== 'step') return 0
  if (name === 'watch') return parseDuration(parameters.hours ?? '') ?? 0
  return name === 'baseline' ? Number(parameters.minutes ?? 0) * 60_000 : 0
}
