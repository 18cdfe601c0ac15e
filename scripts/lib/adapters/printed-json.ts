// A program of the project that prints JSON about a span of time: run READ-ONLY, with nothing secret.

import {execFile} from 'node:child_process'
import {z} from 'zod'
import {parsedJson} from '../domain/json.ts'
import {problem} from '../domain/problem.ts'
import {childEnvironment} from '../guard/environment.ts'
import type {AdapterTools} from '../kit/adapter-tools.ts'

export const programSchema = z.strictObject({
  adapter: z.literal('command'),
  /** The program and its arguments; POSTGATE_SINCE and POSTGATE_UNTIL (ISO 8601, UTC) say the span. */
  run: z.array(z.string().min(1)).min(1),
  timeoutSeconds: z.number().positive().max(300).default(30),
})

/** What it printed; undefined for what is no JSON. Throws a `Problem` (3) where it fails or takes too long. */
export async function printedJson(
  {world, signal}: AdapterTools,
  {run: [program = '', ...words], timeoutSeconds}: z.output<typeof programSchema>,
  {since, until}: {since: Date; until: Date},
): Promise<unknown> {
  const extra = {POSTGATE_SINCE: since.toISOString(), POSTGATE_UNTIL: until.toISOString()}
  const env = childEnvironment({base: world.environment, mode: 'READ-ONLY', allow: [], extra})
  const limits = {timeout: timeoutSeconds * 1_000, maxBuffer: 1_000_000, signal}
  const text = await new Promise<string>((resolve, reject) => {
    execFile(program, words, {cwd: world.project, env, ...limits}, (error, stdout) => {
      if (error === null) return resolve(stdout)
      reject(
        problem({
          what: {fr: `${program} n’a pas donné de mesures.`, en: `${program} gave no figures.`},
          why: error.message.split('\n')[0] ?? '',
          exit: 3,
        }),
      )
    })
  })
  return parsedJson(text)
}
