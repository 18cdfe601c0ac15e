#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/lib/loader/zx" "$0" "$@"'
// One-shot validation for CI: the project's own checks in the checkpoint, then everything that a scenario
// would ask first. One table, one exit code, never green when something failed or is not known.

import {exitWith} from './lib/cli/exit.ts'

await exitWith(async () => {
  const {oneShotCommand} = await import('./lib/tools/one-shot/one-shot.ts')
  return oneShotCommand(async () => (await import('./lib/catalogue.ts')).catalogue)
})
