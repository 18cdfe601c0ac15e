// Asks a program from PATH something that changes nothing: no shell, fixed words, no input. What acts is
// a step's command instead, and passes the guard.

import {execFile} from 'node:child_process'
import {tmpdir} from 'node:os'
import {timeLimit} from '../base/time-limit.ts'
import type {World} from '../store/world.ts'
import {childEnvironment} from './environment.ts'

export interface ProgramAnswer {
  /** null where it did not start, or was ended. */
  readonly exit: number | null
  readonly stdout: string
  readonly stderr: string
}

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
  const signal = timeLimit(timeoutMs, tools.signal)
  return new Promise((resolve) => {
    execFile(
      program,
      [...args],
      {cwd, env, signal, maxBuffer: 16 * 1024 * 1024},
      (error, stdout, stderr) => {
        const code = error === null ? 0 : error.code
        resolve({exit: typeof code === 'number' ? code : null, stdout, stderr})
      },
    )
  })
}
