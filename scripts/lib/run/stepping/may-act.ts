// What has to hold on the remote before each EXECUTIVE effect.

import type {Text} from '../../domain/text.ts'
import type {End, Running} from '../running.ts'
import {mainRewritten} from './main-rewritten.ts'
import {incident} from './run-incident.ts'
import type {Acting, StepPlace} from './step-place.ts'

/** Nothing EXECUTIVE begins where the remote is away or the checkpoint's tag has moved. */
export async function mayAct(
  running: Running,
  place: StepPlace,
  step: Acting,
): Promise<End | null> {
  const {session, lease} = running
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
  const rewritten = await mainRewritten(running)
  if (rewritten !== null) {
    incident(running, rewritten, 'critical')
    return {type: 'failed', why: rewritten}
  }
  const {checkpoint, world} = session
  const [here, there] = await Promise.all([
    world.repository.resolveTag(checkpoint.tag),
    world.repository.remoteTag(checkpoint.tag),
  ])
  const moved = [here, world.repository.remote === null ? here : there].some(
    (tag) => tag?.commit !== checkpoint.commit,
  )
  if (!moved) return null
  const why: Text = {
    fr: `le tag ${checkpoint.tag} n’est plus sur ${checkpoint.commit.slice(0, 12)}`,
    en: `the tag ${checkpoint.tag} is no longer on ${checkpoint.commit.slice(0, 12)}`,
  }
  incident(running, why, 'critical')
  return {type: 'failed', why}
}
