// Gathers what is left to do after the release, and tells the team.

import {backlog as gather} from '../lib/checks/backlog.ts'
import {teamTold, tellTeam} from '../lib/checks/team-told.ts'
import {phase} from '../lib/engine/definition.ts'
import {alone} from '../lib/engine/run/alone.ts'

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
