// Tries PRODUCTION as an ordinary user, then watches its first two hours. No data is never good news.

import {startPhase} from '../lib/cli/phase.ts'
import {phase, reading} from '../lib/kit/definition.ts'
import {smokeSteps} from '../lib/steps/smoke.ts'
import {runWatch, watchParameters} from '../lib/steps/watch.ts'

export const validation = phase({
  id: 'validation',
  runbook: 'runbooks/production.md',
  number: 4,
  mode: 'READ-ONLY',
  steps: [
    ...smokeSteps,
    {
      id: 'watch',
      ...reading(watchParameters, runWatch, ({hours}) => hours),
      nature: {watches: true},
      momentary: true,
      mayAsk: 'anybody',
    },
  ],
})

startPhase(import.meta.url)
