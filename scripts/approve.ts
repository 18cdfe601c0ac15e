#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/lib/loader/zx" "$0" "$@"'
// Signs an approval: shows what it is about, asks for the tag in the approver's own typing, and publishes
// the signed statement where any clone can read it.

import {exitWith} from './lib/cli/exit.ts'

await exitWith(async () => {
  const {approveCommand} = await import('./lib/tools/approve/command.ts')
  return approveCommand(async () => (await import('./lib/catalogue.ts')).catalogue)
})
