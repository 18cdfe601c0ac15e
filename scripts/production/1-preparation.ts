// Gathers what the release rests on: the checkpoint aside, the nightly, the state of PROD's backup.
// Changes nothing on PRODUCTION: its database session is read-only, and no deployment token is given.

import {backupReport} from '../lib/checks/backup-report.ts'
import {checkedOut, checkoutEffect, nightlyReport} from '../lib/checks/checkpoint.ts'
import {phase} from '../lib/engine/definition.ts'
import {alone} from '../lib/engine/run/alone.ts'

export const preparation = phase({
  id: 'preparation',
  runbook: 'runbooks/production.md',
  number: 1,
  mode: 'READ-ONLY',
  steps: [
    {id: 'checkpoint', machine: true, act: checkoutEffect, done: checkedOut, local: true},
    {id: 'nightly-report', read: nightlyReport},
    {id: 'backup-report', read: backupReport},
  ],
})

alone(import.meta.url, () => import('../production.ts'))
