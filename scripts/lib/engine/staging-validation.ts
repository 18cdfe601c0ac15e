// Since when STAGING has held this very checkpoint, validated and untouched: from the recorded runs.

import type {Checkpoint} from '../domain/event.ts'
import type {RecordedRun, RunRecords} from './records.ts'

export interface StagingValidation {
  /** The run that validated it. */
  readonly run: RecordedRun
  /** ISO 8601, UTC. */
  readonly at: string
}

/**
 * The earliest success since which nothing else happened to STAGING: a deployment of other code, an
 * abandoned run (its database was emptied), a rollback or a failed drill begin the time anew; a passed
 * drill and a second success of the same checkpoint do not. null: not validated now.
 */
export function stagingValidation(
  {runs}: RunRecords,
  {tag, commit}: Pick<Checkpoint, 'tag' | 'commit'>,
): StagingValidation | null {
  let since: StagingValidation | null = null
  for (const run of runs) {
    if (run.scenario !== 'staging' || run.result === 'drill-passed') continue
    const good = run.result === 'succeeded' && run.tag === tag && run.commit === commit
    since = good ? (since ?? {run, at: run.endedAt ?? run.startedAt}) : null
  }
  return since
}
