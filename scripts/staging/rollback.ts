// Brings STAGING's previous version back. Needs no gate and no approval; the database is left as it is.

import {phase} from '../lib/kit/definition.ts'
import {rebuildPrevious, rebuilt} from '../lib/steps/rebuild.ts'
import {
  hostCannotRestore,
  hostRestores,
  identifyPrevious,
  isDrill,
  previousRestored,
  restorePrevious,
  returned,
  returnToCheckpoint,
  rollbackRecorded,
  verifyCheckpoint,
  verifyPrevious,
} from '../lib/steps/rollback.ts'

export const rollback = phase({
  id: 'rollback',
  runbook: 'runbooks/staging.md',
  number: null,
  mode: 'EXECUTIVE',
  steps: [
    {id: 'identify-previous', read: identifyPrevious},
    {id: 'restore-previous', act: restorePrevious, done: previousRestored, when: hostRestores},
    {id: 'rebuild-previous', act: rebuildPrevious, done: rebuilt, when: hostCannotRestore},
    {id: 'verify-previous', read: verifyPrevious, nature: {proves: 'previous'}},
    {id: 'record-rollback', read: rollbackRecorded},
    {id: 'return-to-checkpoint', act: returnToCheckpoint, done: returned, when: isDrill},
    {
      ...{id: 'verify-checkpoint', read: verifyCheckpoint, when: isDrill},
      nature: {proves: 'checkpoint'},
    },
  ],
})
