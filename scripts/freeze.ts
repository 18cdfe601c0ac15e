#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/lib/loader/zx" "$0" "$@"'
// Scenario C: the validated release is frozen, with its reason, its backlog and its way out.

import {main} from './lib/cli/main.ts'

export const freeze = {
  scenario: 'freeze',
  phases: [
    async () => (await import('./freeze/1-freeze.ts')).freezing,
    async () => (await import('./freeze/2-backlog.ts')).backlog,
  ],
  rollback: async () => (await import('./freeze/exit.ts')).exit,
  catalogue: async () => (await import('./lib/catalogue.ts')).catalogue,
} as const

await main(freeze)
