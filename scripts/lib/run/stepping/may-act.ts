// What has to hold on the remote before each EXECUTIVE effect.

import type {End, Running} from '../running.ts'
import {compareStanding} from './standing.ts'
import type {Acting, StepPlace} from './step-place.ts'

/** Nothing EXECUTIVE begins where main was rewritten or a validated tag has moved. Whether the remote
 * answers and the lease is ours, the push of the intent says. */
export async function mayAct(
  running: Running,
  place: StepPlace,
  step: Acting,
): Promise<End | null> {
  if (place.undoing || step.local || place.mode === 'READ-ONLY') return null
  const {violation, unknown} = await compareStanding(running)
  if (violation !== null) return {type: 'failed', why: violation}
  return unknown === null ? null : {type: 'blocked', reasons: [unknown]}
}
