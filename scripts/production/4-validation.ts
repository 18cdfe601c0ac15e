// Tries PRODUCTION as an ordinary user, then watches its first two hours. No data is never good news.

import {auditLog, modules, routes, signIn} from '../lib/checks/smoke.ts'
import {watch, watchParameters} from '../lib/checks/watch.ts'
import {phase, reading} from '../lib/engine/definition.ts'
import {alone} from '../lib/engine/run/alone.ts'

export const validation = phase({
  id: 'validation',
  runbook: 'runbooks/production.md',
  number: 4,
  mode: 'READ-ONLY',
  steps: [
    {id: 'smoke-sign-in', read: signIn},
    {id: 'smoke-routes', read: routes},
    {id: 'smoke-modules', read: modules},
    {id: 'smoke-audit-log', read: auditLog},
    {id: 'watch', ...reading(watchParameters, watch)},
  ],
})

alone(import.meta.url, () => import('../production.ts'))
