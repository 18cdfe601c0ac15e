// Gathers what is left to do after the release, and tells the team.

import {phase} from '../lib/kit/definition.ts'
import {alone} from '../lib/run/phase-alone.ts'
import {backlog as gather} from '../lib/steps/backlog.ts'
import {teamTold, tellTeam} from '../lib/steps/team-told.ts'

export const backlog = phase({
  id: 'backlog',
  runbook: 'runbooks/freeze.md',
  number: 2,
  mode: 'READ-ONLY',
  steps: [
    {id: 'backlog', read: gather},
    {id: 'notify-team', act: tellTeam, done: teamTold},
  ],
})

alone(import.meta.url, () => import('../freeze.ts'))
