// Tries STAGING as an ordinary user would, between two looks at the database.
// The proof of an empty database comes first: the smoke tests themselves write.

import {startPhase} from '../lib/cli/phase.ts'
import {phase} from '../lib/kit/definition.ts'
import {databaseClean, onlyAllowedTablesDiffer} from '../lib/steps/database.ts'
import {smokeSteps} from '../lib/steps/smoke.ts'

export const validation = phase({
  id: 'validation',
  runbook: 'runbooks/staging.md',
  number: 4,
  mode: 'READ-ONLY',
  steps: [
    {id: 'database-clean', read: databaseClean, momentary: true},
    ...smokeSteps,
    {id: 'database-after', read: onlyAllowedTablesDiffer},
  ],
})

startPhase(import.meta.url)
