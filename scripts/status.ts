#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/lib/loader/zx" "$0" "$@"'
// Says where things stand: the open run, the last ones, what is live and what is owed.

import {exitWith} from './lib/cli/exit.ts'

await exitWith(async () => {
  const {statusCommand} = await import('./lib/tools/status/command.ts')
  return statusCommand(async () => (await import('./lib/catalogue.ts')).catalogue)
})
