// Incidents that the machine notes in its own run: a failed attempt, a remark, a violation of the refs.

import type {Severity} from '../../domain/event.ts'
import type {RunState} from '../../domain/run.ts'
import type {Text} from '../../domain/text.ts'
import type {Running} from '../running.ts'

export function recordIncident({run, session}: Running, what: Text, severity: Severity): void {
  run.append({
    type: 'incident-recorded',
    what,
    severity,
    environment: session.environment,
    by: null,
  })
  if (severity !== 'minor') session.terminal.warn(what)
}

/** What the guard found and a dead process could not answer any more: the run does not go on over it. */
export const openViolation = ({incidents}: RunState): Text | null =>
  incidents.find(({severity, by}) => severity === 'critical' && by === null)?.what ?? null
