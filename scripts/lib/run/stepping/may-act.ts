// What has to hold on the remote before each EXECUTIVE effect.

import type {End, Running} from '../running.ts'
import {compareStanding} from './standing.ts'
import type {Acting, StepPlace} from './step-place.ts'

/** Nothing EXECUTIVE begins where the remote is away, main was rewritten or a validated tag has moved. */
export async function mayAct(
  running: Running,
  place: StepPlace,
  step: Acting,
): Promise<End | null> {
  const {lease} = running
  if (place.undoing || step.local || place.mode === 'READ-ONLY') return null
  if ((await lease.verify()) === 'remote-away') {
    return {
      type: 'blocked',
      reasons: [
        {
          fr: 'le dépôt distant ne répond pas : rien d’EXÉCUTIF ne commence',
          en: 'the remote is away: nothing EXECUTIVE begins',
        },
      ],
    }
  }
  const {violation, unknown} = await compareStanding(running)
  if (violation !== null) return {type: 'failed', why: violation}
  return unknown === null ? null : {type: 'blocked', reasons: [unknown]}
}
