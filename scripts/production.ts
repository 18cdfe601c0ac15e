#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/lib/loader/zx" "$0" "$@"'
// Scenario B: PRODUCTION, authorised by signature, watched for two hours, rolled back by itself.

import {main} from './lib/cli/main.ts'

export const production = {
  scenario: 'production',
  phases: [
    async () => (await import('./production/1-preparation.ts')).preparation,
    async () => (await import('./production/2-build.ts')).build,
    async () => (await import('./production/3-deployment.ts')).deployment,
    async () => (await import('./production/4-validation.ts')).validation,
  ],
  rollback: async () => (await import('./production/rollback.ts')).rollback,
  catalogue: async () => (await import('./lib/catalogue.ts')).catalogue,
} as const

await main(production)
