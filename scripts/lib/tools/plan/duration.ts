// How long a run may take: as long as the last successful one, and never less than what the runbook
// itself makes it wait.

import type {JsonOutput} from '../../domain/json-outputs.ts'
import {between} from '../../domain/times.ts'
import {recordsOf} from '../../run/context-of.ts'
import type {Session} from '../../run/session.ts'

export type LikelyDuration = JsonOutput<'plan'>['duration']

export async function likelyDuration(session: Session): Promise<LikelyDuration> {
  const {runs} = await recordsOf(session)
  const last = runs.findLast(
    ({scenario, kind, result}) =>
      scenario === session.scenario && kind === 'scenario' && result === 'succeeded',
  )
  const steps = new Map(
    session.phases.flatMap((phase) => phase.steps).map((step) => [step.id, step]),
  )
  const items = session.runbook.phases.flatMap((phase) => phase.items)
  return {
    last: last?.endedAt == null ? null : between(last.startedAt, last.endedAt),
    waits: items.reduce((sum, {kind, name, parameters}) => {
      const step = kind === 'step' ? steps.get(name) : undefined
      return sum + (step?.lasts?.(parameters) ?? 0)
    }, 0),
  }
}
