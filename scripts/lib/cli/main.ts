// Where a scenario's command begins: arguments in, and what was asked for is done. Loaded only when the
// scenario's own script was called.

import {type Arguments, parseArguments} from '../base/arguments.ts'
import {showHelp} from '../base/called-as.ts'
import {calledPhase, calledScenario, scriptArguments} from '../base/entry.ts'
import type {Scenario} from '../domain/event.ts'
import type {ScenarioDefinition} from '../kit/scenario.ts'
import {exitWith} from './exit.ts'

/** Runs a scenario's command to its exit code. A phase file called by itself goes on with that phase only. */
export async function main(definition: ScenarioDefinition): Promise<void> {
  if (calledScenario() !== definition.scenario) return // imported, by lint say
  const only = calledPhase()
  await exitWith(async () => {
    const args = parseArguments(scriptArguments(), definition.scenario)
    if (args.help) return scenarioHelp(definition.scenario, args)
    const {scenarioCommand} = await import('./command.ts')
    return scenarioCommand(definition, args, only)
  })
}

async function scenarioHelp(scenario: Scenario, {lang}: Arguments): Promise<number> {
  const {help} = await import('../words/help.ts')
  showHelp(help(scenario, lang))
  return 0
}
