// Marks the checkpoint as frozen and records why. Reaches no environment: tags and documents only.

import {startPhase} from '../lib/cli/phase.ts'
import {phase} from '../lib/kit/definition.ts'
import {checkpointVerified, freezeRecord, freezeTag, freezeTagged} from '../lib/steps/freeze.ts'

export const freezing = phase({
  id: 'freeze',
  runbook: 'runbooks/freeze.md',
  number: 1,
  mode: 'READ-ONLY',
  steps: [
    {id: 'checkpoint-verified', read: checkpointVerified},
    {id: 'freeze-tag', act: freezeTag, done: freezeTagged},
    {id: 'freeze-record', read: freezeRecord},
  ],
})

startPhase(import.meta.url)
