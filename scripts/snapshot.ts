#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/lib/loader/zx" "$0" "$@"'
// Takes the shape of PROD's database, read-only, into the file that the project commits: what a reset
// of STAGING brings back.

import {scriptArguments} from './lib/base/entry.ts'
import {exitWith} from './lib/cli/exit.ts'

await exitWith(async () => {
  const {snapshotCommand} = await import('./lib/tools/snapshot/command.ts')
  return snapshotCommand(
    async () => (await import('./lib/catalogue.ts')).catalogue,
    scriptArguments(),
  )
})
