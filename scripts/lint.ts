#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/lib/loader/zx" "$0" "$@"'
// Proves that runbooks, templates and scripts agree, both ways. 0: they do; 2: each finding with its place.

import {scriptArguments} from './lib/base/entry.ts'
import {exitWith} from './lib/cli/exit.ts'

await exitWith(async () => {
  const [{lintCommand}, {catalogue}, {scenarioDefinitions}] = await Promise.all([
    import('./lib/tools/lint/command.ts'),
    import('./lib/catalogue.ts'),
    import('./scenarios.ts'),
  ])
  return lintCommand(scriptArguments(), {catalogue, scenarios: scenarioDefinitions})
})
