// Brings PRODUCTION's previous version back at once, locked by nothing. PROD's data is never written:
// whether it must be restored, by whom and from which backup, is asked.

import {phase} from '../lib/kit/definition.ts'
import {rebuildPrevious, rebuilt} from '../lib/steps/rebuild.ts'
import {
  hostCannotRestore,
  hostRestores,
  identifyPrevious,
  postMortemOwed,
  previousRestored,
  restorePrevious,
  rollbackRecorded,
  verifyPrevious,
} from '../lib/steps/rollback.ts'

export const rollback = phase({
  id: 'rollback',
  runbook: 'runbooks/production.md',
  number: null,
  mode: 'EXECUTIVE',
  steps: [
    {id: 'identify-previous', read: identifyPrevious},
    {id: 'restore-previous', act: restorePrevious, done: previousRestored, when: hostRestores},
    {id: 'rebuild-previous', act: rebuildPrevious, done: rebuilt, when: hostCannotRestore},
    {id: 'verify-previous', read: verifyPrevious, nature: {proves: 'previous'}},
    {
      id: 'data-decision',
      nature: {owes: 'data-decision'},
      ask: {
        fr: 'Les données de PROD doivent-elles être restaurées, par qui, depuis quelle sauvegarde ?',
        en: 'Must PROD’s data be restored, by whom, from which backup?',
      },
    },
    {id: 'record-rollback', read: rollbackRecorded},
    {id: 'post-mortem', read: postMortemOwed},
  ],
})
