#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/lib/loader/zx" "$0" "$@"'
// The gate's life: opens a Release Gate, says what of it holds, and drafts the post-mortem of a red nightly.

import {exitWith} from './lib/cli/exit.ts'

await exitWith(async () => {
  const {gateCommand} = await import('./lib/tools/gate/command.ts')
  return gateCommand(async () => (await import('./lib/catalogue.ts')).catalogue)
})
