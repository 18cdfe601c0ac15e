// A phase file called by itself goes on with the active run at that phase: its scenario's script does
// the work, and reads from the called script's name which phase was meant.

import {isCalled} from '../base/entry.ts'

/** Starts `scenario` when the file at `url` is the script that was called. Not awaited: the scenario
 * imports this very file, and would wait for itself. */
export function alone(url: string, scenario: () => Promise<unknown>): void {
  if (isCalled(url)) void scenario()
}
