// Empties STAGING and brings it back to PROD's shape, without data.
// Safe to run twice: the reset is one transaction, and `done` asks the database, not our memory.

import {startPhase} from '../lib/cli/phase.ts'
import {phase} from '../lib/kit/definition.ts'
import {resetAnnouncement} from '../lib/steps/announcements.ts'
import {
  referencesIntact,
  resetDone,
  rowSecurity,
  sameShape,
  tablesEmpty,
  viewsPresent,
} from '../lib/steps/database.ts'
import {resetEffects} from '../lib/steps/reset.ts'

export const reset = phase({
  id: 'reset',
  runbook: 'runbooks/staging.md',
  number: 2,
  mode: 'EXECUTIVE',
  announces: resetAnnouncement,
  steps: [
    {id: 'reset-database', act: resetEffects, done: resetDone, nature: {owes: 'database'}},
    {id: 'tables-empty', read: tablesEmpty},
    {id: 'views-present', read: viewsPresent},
    {id: 'references-intact', read: referencesIntact},
    {id: 'row-security', read: rowSecurity},
    {id: 'schema-conforms', read: sameShape},
  ],
})

startPhase(import.meta.url)
