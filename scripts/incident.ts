#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/lib/loader/zx" "$0" "$@"'
// Declares an incident from any clone. A critical one on the environment being watched rolls it back.

import {exitWith} from './lib/cli/exit.ts'

await exitWith(async () => {
  const {incidentCommand} = await import('./lib/tools/incident/command.ts')
  return incidentCommand(async () => (await import('./lib/catalogue.ts')).catalogue)
})
