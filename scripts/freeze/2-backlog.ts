// Gathers what is left to do after the release, and tells the team.

import {startPhase} from '../lib/cli/phase.ts'
import {phase} from '../lib/kit/definition.ts'
import {gatherBacklog as gather} from '../lib/steps/backlog.ts'
import {notifyTeam, teamNotified} from '../lib/steps/notification.ts'

export const backlog = phase({
  id: 'backlog',
  runbook: 'runbooks/freeze.md',
  number: 2,
  mode: 'READ-ONLY',
  steps: [
    {id: 'backlog', read: gather},
    {
      id: 'notify-team',
      mayAsk: 'anybody',
      asks: ({project}) => project.notify.length === 0,
      act: notifyTeam,
      done: teamNotified,
    },
  ],
})

startPhase(import.meta.url)
