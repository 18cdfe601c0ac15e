// Layer 2: acts that no runbook may authorise, in any spelling they can be written in.

import {lazy} from '../../base/lazy.ts'
import type {ForbiddenAct, ForbiddenOptions} from './act.ts'

const finder = lazy(() => import('./shell.ts'))

/** The forbidden acts of a shell text; empty when there is none. */
export async function forbiddenActs(
  commandText: string,
  options: ForbiddenOptions = {},
): Promise<readonly ForbiddenAct[]> {
  const {findForbidden} = await finder()
  return findForbidden(commandText, options)
}
