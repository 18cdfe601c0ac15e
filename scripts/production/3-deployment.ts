// Deploys exactly the proven bytes, confirmed by typing the tag, inside the declared window, with the
// prober already running and the way back already known.

import {z} from 'zod'
import {judgeWindow} from '../lib/checks/window-open.ts'
import {startPhase} from '../lib/cli/phase.ts'
import {count, duration} from '../lib/domain/parameters.ts'
import {phase, reading} from '../lib/kit/definition.ts'
import {deployEffects, deployed, liveBefore} from '../lib/proofs/deployment.ts'
import {servedBytes} from '../lib/proofs/served.ts'
import {deploymentAnnouncement} from '../lib/steps/announcements.ts'
import {baseline} from '../lib/steps/watch.ts'

export const deployment = phase({
  id: 'deployment',
  runbook: 'runbooks/production.md',
  number: 3,
  mode: 'EXECUTIVE',
  announces: deploymentAnnouncement,
  confirm: 'tag',
  steps: [
    {
      id: 'baseline',
      mayAsk: 'anybody',
      ...reading(z.strictObject({minutes: count(1)}), baseline, ({minutes}) => minutes * 60_000),
    },
    {id: 'live-before', read: liveBefore},
    {id: 'window', ...reading(z.strictObject({leaves: duration()}), judgeWindow)},
    {id: 'deploy', act: deployEffects, done: deployed, nature: {deploys: true}},
    {id: 'served-bytes', read: servedBytes},
  ],
})

startPhase(import.meta.url)
