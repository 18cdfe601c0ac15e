// Gathers what the release rests on: the checkpoint aside, the nightly, the state of PROD's backup.
// Changes nothing on PRODUCTION: its database session is read-only, and no deployment token is given.

import {startPhase} from '../lib/cli/phase.ts'
import {phase} from '../lib/kit/definition.ts'
import {checkedOut} from '../lib/run/stepping/worktrees.ts'
import {backupReport, checkoutEffect, nightlyReport} from '../lib/steps/checkpoint.ts'

export const preparation = phase({
  id: 'preparation',
  runbook: 'runbooks/production.md',
  number: 1,
  mode: 'READ-ONLY',
  steps: [
    {id: 'checkpoint', machine: true, act: checkoutEffect, done: checkedOut, local: true},
    {id: 'nightly-report', mayAsk: 'anybody', read: nightlyReport},
    {id: 'backup-report', mayAsk: 'anybody', read: backupReport},
  ],
})

startPhase(import.meta.url)
