// The finished runs of a project, from the remote's own refs: what later checks (48 h on STAGING, a
// tested rollback, an active freeze) rest on. One small summary per run; a journal is read on demand.

import type {EventBody, RunResult, Scenario} from '../domain/event.ts'
import type {RunState} from '../domain/run.ts'

export interface RecordedRun {
  readonly run: string
  readonly scenario: Scenario
  readonly kind: Extract<EventBody, {type: 'run-started'}>['kind']
  /** null: the record ends before a decision. */
  readonly result: RunResult | null
  /** ISO 8601, UTC. */
  readonly startedAt: string
  readonly endedAt: string | null
  /** Commit of the run's checkpoint. */
  readonly commit: string
  readonly tag: string
  /** The ref or the path that the record was read from. */
  readonly source: string
  readonly load: () => Promise<RunState>
}

export interface RunRecords {
  /** Oldest first. */
  readonly runs: readonly RecordedRun[]
  /** False: the remote was away, and this is only what is known here. */
  readonly complete: boolean
}
