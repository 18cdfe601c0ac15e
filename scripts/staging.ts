#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/lib/loader/zx" "$0" "$@"'
// Scenario A: STAGING, from the validated gate to a deployment that the business has tried.

import {main} from './lib/cli/main.ts'

export const staging = {
  scenario: 'staging',
  phases: [
    async () => (await import('./staging/1-preparation.ts')).preparation,
    async () => (await import('./staging/2-reset.ts')).reset,
    async () => (await import('./staging/3-deployment.ts')).deployment,
    async () => (await import('./staging/4-validation.ts')).validation,
  ],
  rollback: async () => (await import('./staging/rollback.ts')).rollback,
  catalogue: async () => (await import('./lib/catalogue.ts')).catalogue,
} as const

await main(staging)
