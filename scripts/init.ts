#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/lib/loader/zx" "$0" "$@"'
// Sets a project up: looks at it, asks for the rest, writes what is missing and overwrites nothing.
// With --check it changes nothing and says what this machine still lacks.

import {exitWith} from './lib/cli/exit.ts'

await exitWith(async () => {
  const {initCommand} = await import('./lib/tools/init/command.ts')
  return initCommand(async () => (await import('./lib/catalogue.ts')).catalogue)
})
