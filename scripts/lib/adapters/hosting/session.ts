// A person who signed in with the vendor's CLI itself (`firebase login`) has no token to give us: the
// CLI answers for them. These commands only look; they are fixed here, as git's are, and change nothing.

import {execFile} from 'node:child_process'
import {tmpdir} from 'node:os'
import {childEnvironment} from '../../engine/guard/environment.ts'
import {timeLimit} from '../../engine/time-limit.ts'
import type {AdapterTools} from '../../engine/tools.ts'
import {type ApiAnswer, variable} from './api.ts'

const timeoutMs = 60_000

export interface CliAnswer {
  /** null where it did not start, or was ended. */
  readonly exit: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs `program` from PATH without a shell; `allow` names the variables that it reads. */
export function askCli(
  tools: AdapterTools,
  {
    program,
    args,
    allow,
    cwd = tmpdir(),
  }: {
    program: string
    args: readonly string[]
    allow: readonly string[]
    cwd?: string
  },
): Promise<CliAnswer> {
  const set = allow.flatMap((name) => {
    const value = variable(tools, name)
    return value === null ? [] : [[name, value] as const]
  })
  const env = {
    ...childEnvironment({base: tools.world.environment, mode: 'EXECUTIVE'}),
    ...Object.fromEntries(set),
  }
  return new Promise((resolve) => {
    execFile(
      program,
      [...args],
      {cwd, env, signal: timeLimit(timeoutMs, tools.signal), maxBuffer: 16 * 1024 * 1024},
      (error, stdout, stderr) => {
        const code = error === null ? 0 : error.code
        resolve({exit: typeof code === 'number' ? code : null, stdout, stderr})
      },
    )
  })
}

/** What such a CLI printed, as the answer of the API that it asked. */
export function asAnswer({exit, stdout, stderr}: CliAnswer): ApiAnswer {
  if (exit === 0) return {status: 200, json: parsed(stdout)}
  const said = `${stdout}\n${stderr}`
  if (
    /unauthorized|not authenticated|no existing credentials|failed to authenticate|\b401\b/i.test(
      said,
    )
  )
    return {status: 401, json: undefined}
  if (/not found|could not find|\b404\b/i.test(said)) return {status: 404, json: undefined}
  if (/forbidden|permission|\b403\b/i.test(said)) return {status: 403, json: undefined}
  return {status: 0, json: undefined}
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
