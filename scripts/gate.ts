#!/usr/bin/env -S npx zx
// The gate's life: opens a Release Gate, says what of it holds, and drafts the post-mortem of a red nightly.

import {exitWith} from './lib/cli/exit.ts'

await exitWith(async () => {
  const {gateCommand} = await import('./lib/tools/gate/command.ts')
  return gateCommand(async () => (await import('./lib/catalogue.ts')).catalogue)
})
