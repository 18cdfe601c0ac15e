// The scenario that three-steps.ts measures: three commands in one phase, through the whole engine.

import {parseArguments} from '../../scripts/lib/base/arguments.ts'
import {isCalled, scriptArguments} from '../../scripts/lib/base/entry.ts'
import {scenarioCommand} from '../../scripts/lib/cli/command.ts'
import {exitWith} from '../../scripts/lib/cli/exit.ts'
import {pass} from '../../scripts/lib/domain/verdict.ts'
import {phase, type Step} from '../../scripts/lib/kit/definition.ts'

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
