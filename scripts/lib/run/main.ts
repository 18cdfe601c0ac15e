// The one place where a command begins and ends: arguments in, exit code out. Only here is everything
// caught; a `Problem` is told as what / why / next, anything else is a defect of ours (70).

import {type Arguments, parseArguments} from '../base/arguments.ts'
import {calledPhase, calledScenario, scriptArguments} from '../base/entry.ts'
import type {Scenario} from '../domain/event.ts'
import {Problem} from '../domain/problem.ts'
import type {Lang} from '../domain/text.ts'
import {lastWordsOf} from '../guard/last-words.ts'
import type {Catalogue} from '../kit/catalogue.ts'
import type {Phase} from '../kit/definition.ts'

export interface ScenarioDefinition {
  readonly scenario: Scenario
  /** Loaded one by one when they are needed, in this order. */
  readonly phases: readonly (() => Promise<Phase>)[]
  /** A freeze has nothing to roll back. */
  readonly rollback: (() => Promise<Phase>) | null
  readonly catalogue: () => Promise<Catalogue>
}

/** Runs a scenario's command to its exit code. A phase file called by itself goes on with that phase only. */
export async function main(definition: ScenarioDefinition): Promise<void> {
  if (calledScenario() !== definition.scenario) return // imported, by lint say
  const only = calledPhase()
  await exitWith(async () => {
    const args = parseArguments(scriptArguments(), definition.scenario)
    if (args.help) return showHelp(definition.scenario, args)
    const {scenarioCommand} = await import('./command.ts')
    return scenarioCommand(definition, args, only)
  })
}

async function showHelp(scenario: Scenario, {lang}: Arguments): Promise<number> {
  const {help} = await import('../words/help.ts')
  process.stdout.write(help(scenario, lang))
  return 0
}

/** Runs any command of the bundle, and turns what it throws into words and an exit code. */
export async function exitWith(command: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await command()
  } catch (thrown) {
    const error = await expected(thrown)
    if (!(error instanceof Problem)) {
      const {defect} = await import('../words/problems.ts')
      process.stderr.write(lastWordsOf(defect(error, requestedLang())))
      process.exitCode = 70
      return
    }
    const {problemWords, problemJson} = await import('../words/problems.ts')
    if (scriptArguments().includes('--json'))
      process.stdout.write(lastWordsOf(problemJson(error, requestedLang())))
    process.stderr.write(lastWordsOf(problemWords(error, requestedLang())))
    process.exitCode = error.parts.exit
  } finally {
    // A library's timer, or work that hangs beyond its time limit, must not keep alive a command that
    // has ended. What was printed is handed over first, and a reader that never reads is not waited for.
    process.stdout.write('', () => process.stderr.write('', () => process.exit()))
    setTimeout(() => process.exit(), 10_000).unref()
  }
}

async function expected(error: unknown): Promise<unknown> {
  if (error instanceof Problem) return error
  const {documentProblem} = await import('../base/document-problem.ts')
  const {diskProblem} = await import('../base/disk-problem.ts')
  return documentProblem(error) ?? diskProblem(error) ?? error
}

function requestedLang(): Lang {
  const words = scriptArguments()
  return words.includes('--lang=en') || words[words.indexOf('--lang') + 1] === 'en' ? 'en' : 'fr'
}
