// Who runs a run, and where: whoever began it, until somebody resumes it or takes it over.

import type {RunState} from './run.ts'

export function lastRunner({events, started}: Pick<RunState, 'events' | 'started'>): {
  readonly operator: string
  readonly machine: string
} {
  const later = events.findLast(
    (event) => event.type === 'run-resumed' || event.type === 'run-taken-over',
  )
  const {operator, machine} = later ?? started
  return {operator, machine}
}
