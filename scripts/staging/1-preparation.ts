// Gathers what the deployment rests on: the checkpoint aside, the nightly, a backup for the audit.
// Changes nothing on STAGING: its database session is read-only.

import {z} from 'zod'
import {startPhase} from '../lib/cli/phase.ts'
import {duration} from '../lib/domain/parameters.ts'
import {acting, phase} from '../lib/kit/definition.ts'
import {checkedOut} from '../lib/run/stepping/worktrees.ts'
import {backedUp, backupEffects, checkoutEffect, nightlyReport} from '../lib/steps/checkpoint.ts'

export const preparation = phase({
  id: 'preparation',
  runbook: 'runbooks/staging.md',
  number: 1,
  mode: 'READ-ONLY',
  steps: [
    {id: 'checkpoint', machine: true, act: checkoutEffect, done: checkedOut, local: true},
    {id: 'nightly-report', mayAsk: 'anybody', read: nightlyReport},
    {
      id: 'backup-staging',
      ...acting(z.strictObject({keep: duration()}), backupEffects),
      done: backedUp,
      local: true,
    },
  ],
})

startPhase(import.meta.url)
