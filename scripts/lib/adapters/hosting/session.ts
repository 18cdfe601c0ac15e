// A person who signed in with the vendor's CLI itself (`firebase login`) has no token to give us: the
// CLI answers for them. These commands only look; they are fixed here, as git's are, and change nothing.

import {causeLine} from '../../base/cause-line.ts'
import {parsedJson} from '../../domain/json.ts'
import {askProgram} from '../../guard/ask-program.ts'
import type {ProgramAnswer} from '../../guard/process/run-program.ts'
import type {AdapterTools} from '../../kit/adapter-tools.ts'
import {type ApiAnswer, variable} from './api.ts'

export type CliAnswer = ProgramAnswer

/** Runs `program` from PATH; `allow` names the variables that it reads. */
export function askCli(
  tools: AdapterTools,
  {
    program,
    args,
    allow,
    cwd,
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
  const variables = Object.fromEntries(set)
  return askProgram(tools, {program, args, variables, ...(cwd !== undefined && {cwd})})
}

/** What such a CLI printed, as the answer of the API that it asked. */
export function asAnswer({exit, stdout, stderr, failure}: CliAnswer): ApiAnswer {
  if (exit === 0) return {status: 200, json: parsedJson(stdout)}
  const said = `${stdout}\n${stderr}`
  const failed = (status: number): ApiAnswer => ({
    ...{status, json: undefined},
    words: causeLine(said) || (failure ?? `exit ${exit}`),
  })
  if (
    /unauthorized|not authenticated|no existing credentials|failed to authenticate|\b401\b/i.test(
      said,
    )
  )
    return failed(401)
  if (/not found|could not find|\b404\b/i.test(said)) return failed(404)
  if (/forbidden|permission|\b403\b/i.test(said)) return failed(403)
  return failed(0)
}
