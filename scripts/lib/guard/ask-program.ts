// Asks a program from PATH something that changes nothing: no shell, fixed words, no input. What acts is
// a step's command instead, and passes the guard.

import {tmpdir} from 'node:os'
import type {World} from '../store/world.ts'
import {childEnvironment} from './environment.ts'
import {type ProgramAnswer, runProgram} from './process/run-program.ts'

const timeoutMs = 60_000

/** `variables` are set besides the few that any child gets; ended after a minute. Never rejects. */
export function askProgram(
  tools: {readonly world: World; readonly signal: AbortSignal},
  {
    program,
    args,
    variables = {},
    cwd = tmpdir(),
  }: {
    program: string
    args: readonly string[]
    variables?: Readonly<Record<string, string>>
    cwd?: string
  },
): Promise<ProgramAnswer> {
  const env = {
    ...childEnvironment({base: tools.world.environment, mode: 'EXECUTIVE'}),
    ...variables,
  }
  return runProgram({
    ...{program, args, env, cwd, timeoutMs, signal: tools.signal},
    outputMost: 16 * 1024 * 1024,
  })
}
