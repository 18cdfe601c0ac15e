// A scenario's command in this process, from its arguments to its exit code, with everything it says.

import {diskProblem} from '../../scripts/lib/base/disk-problem.ts'
import {documentProblem} from '../../scripts/lib/base/document-problem.ts'
import {scenarioCommand} from '../../scripts/lib/cli/command.ts'
import type {ProblemParts} from '../../scripts/lib/domain/problem.ts'
import {Problem} from '../../scripts/lib/domain/problem.ts'
import type {ScenarioDefinition} from '../../scripts/lib/kit/scenario.ts'
import {problemWords} from '../../scripts/lib/words/problems.ts'
import type {Flags} from './stage.ts'

export interface Ended {
  readonly exit: number
  readonly said: string
  /** Thrown rather than told. */
  readonly problem: ProblemParts | null
  /** A defect of ours (70). */
  readonly defect: string | null
}

let turn: Promise<unknown> = Promise.resolve()

/** One at a time: what is printed belongs to one command. */
export function runCommand(definition: ScenarioDefinition, flags: Flags): Promise<Ended> {
  const next = turn.then(() => runNow(definition, flags))
  turn = next.catch(() => {})
  return next
}

async function runNow(definition: ScenarioDefinition, flags: Flags): Promise<Ended> {
  const {write} = process.stdout
  let said = ''
  process.stdout.write = (chunk: string | Uint8Array) => {
    said += String(chunk)
    return true
  }
  const args = {
    ...{
      help: false,
      plan: false,
      answersTemplate: false,
      status: false,
      json: false,
      sandbox: true,
      exit: false,
    },
    lang: 'en',
    ...flags,
  } as const
  try {
    const exit = await scenarioCommand(definition, args)
    return {exit, said, problem: null, defect: null}
  } catch (thrown) {
    const error = documentProblem(thrown) ?? diskProblem(thrown) ?? thrown
    if (error instanceof Problem)
      return {
        exit: error.parts.exit,
        said: said + problemWords(error, 'en'),
        problem: error.parts,
        defect: null,
      }
    const defect = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return {exit: 70, said, problem: null, defect}
  } finally {
    process.stdout.write = write
  }
}
