// Whether a freeze holds now: the newest that succeeded, unless it was left again.

import type {RecordedRun, RunRecords} from './records.ts'

/** The freeze that still holds, or null. */
export function activeFreeze({runs}: RunRecords): RecordedRun | null {
  let active: RecordedRun | null = null
  for (const run of runs) {
    if (run.scenario !== 'freeze') continue
    if (run.result === 'exited') active = null
    else if (run.result === 'succeeded') active = run.kind === 'exit' ? null : run
  }
  return active
}
