// A phase file called by itself goes on with the active run at that phase: its scenario's script does
// the work, and reads from the called script's name which phase was meant.

import {dirname} from 'node:path'
import {calledScript, isCalled} from '../base/entry.ts'

/** Starts the scenario of the phase file at `url` (`staging/2-reset.ts`: `staging.ts`) when that file is
 * the script that was called. By its path, since the scenario imports the phase; and not awaited, since
 * it would wait for itself. */
export function startPhase(url: string): void {
  const called = calledScript()
  if (called !== null && isCalled(url)) void import(`${dirname(called)}.ts`)
}
