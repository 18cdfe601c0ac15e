#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/lib/loader/zx" "$0" "$@"'
// Which of the three scenarios may run now, which not and why, when each could, and who decides.

import {scriptArguments} from './lib/base/entry.ts'
import {exitWith} from './lib/cli/exit.ts'

await exitWith(async () => {
  const [{decideCommand}, {scenarioDefinitions}] = await Promise.all([
    import('./lib/tools/decide/command.ts'),
    import('./scenarios.ts'),
  ])
  return decideCommand(scriptArguments(), {
    catalogue: async () => (await import('./lib/catalogue.ts')).catalogue,
    scenarios: scenarioDefinitions,
  })
})
