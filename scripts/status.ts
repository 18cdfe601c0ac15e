#!/usr/bin/env -S npx zx
// Says where things stand: the open run, the last ones, what is live and what is owed.

import {exitWith} from './lib/cli/exit.ts'

await exitWith(async () => {
  const {statusCommand} = await import('./lib/tools/status/command.ts')
  return statusCommand(async () => (await import('./lib/catalogue.ts')).catalogue)
})
