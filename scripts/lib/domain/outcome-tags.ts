// The tags that mark a success: `staging-2026-01-23`, `prod-...`, `freeze-...`, on the checkpoint.

import type {Scenario} from './event.ts'

export const outcomeTagPrefix = {
  staging: 'staging',
  production: 'prod',
  freeze: 'freeze',
} as const satisfies Readonly<Record<Scenario, string>>
