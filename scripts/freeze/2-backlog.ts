// Gathers what is left to do after the release, and tells the team.

import {startPhase} from '../lib/cli/phase.ts'
import {phase} from '../lib/kit/definition.ts'
import {gatherBacklog as gather} from '../lib/steps/backlog.ts'
import {teamTold, tellTeam} from '../lib/steps/team-told.ts'

export const backlog = phase({
  id: 'backlog',
  runbook: 'runbooks/freeze.md',
  number: 2,
  mode: 'READ-ONLY',
  steps: [
    {id: 'backlog', read: gather},
    {id: 'notify-team', mayAsk: 'anybody', act: tellTeam, done: teamTold},
  ],
})

startPhase(import.meta.url)
