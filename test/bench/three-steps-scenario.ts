// The scenario that three-steps.ts measures: three commands in one phase, through the whole engine.

import {pass} from '../../scripts/lib/domain/verdict.ts'
import {parseArguments} from '../../scripts/lib/engine/arguments.ts'
import {scenarioCommand} from '../../scripts/lib/engine/command.ts'
import {phase, type Step} from '../../scripts/lib/engine/definition.ts'
import {isCalled, scriptArguments} from '../../scripts/lib/engine/entry.ts'
import {exitWith} from '../../scripts/lib/engine/main.ts'

const step = (id: string): Step => ({
  id,
  act: ({$}) => $`true ${id}`,
  done: async (_context, _parameters, results) => pass(`exit ${results?.[0]?.exitCode ?? '?'}`),
})

const commands = phase({
  id: 'commands',
  runbook: 'runbooks/freeze.md',
  number: 1,
  mode: 'READ-ONLY',
  steps: [step('one'), step('two'), step('three')],
})

if (isCalled(import.meta.url)) {
  await exitWith(async () =>
    scenarioCommand(
      {
        scenario: 'freeze',
        phases: [async () => commands],
        rollback: null,
        catalogue: async () => (await import('../../scripts/lib/catalogue.ts')).catalogue,
      },
      parseArguments(scriptArguments(), 'freeze'),
    ),
  )
}
