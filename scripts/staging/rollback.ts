// Brings STAGING's previous version back. Needs no gate and no approval; the database is left as it is.

import {rebuildPrevious, rebuilt} from '../lib/checks/rebuild.ts'
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
} from '../lib/checks/rollback.ts'
import {phase} from '../lib/engine/definition.ts'

export const rollback = phase({
  id: 'rollback',
  runbook: 'runbooks/staging.md',
  number: null,
  mode: 'EXECUTIVE',
  steps: [
    {id: 'identify-previous', read: identifyPrevious},
    {id: 'restore-previous', act: restorePrevious, done: previousRestored, when: hostRestores},
    {id: 'rebuild-previous', act: rebuildPrevious, done: rebuilt, when: hostCannotRestore},
    {id: 'verify-previous', read: verifyPrevious},
    {id: 'record-rollback', read: rollbackRecorded},
    {id: 'return-to-checkpoint', act: returnToCheckpoint, done: returned, when: isDrill},
    {id: 'verify-checkpoint', read: verifyCheckpoint, when: isDrill},
  ],
})
