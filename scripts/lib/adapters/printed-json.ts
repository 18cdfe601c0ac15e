// A program of the project that prints JSON about a span of time: run READ-ONLY, with nothing secret.

import {z} from 'zod'
import {withCause} from '../base/cause-line.ts'
import {parsedJson} from '../domain/json.ts'
import {problem} from '../domain/problem.ts'
import {childEnvironment} from '../guard/environment.ts'
import {runProgram} from '../guard/process/run-program.ts'
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
  const {exit, stdout, stderr, failure} = await runProgram({
    ...{program, args: words, env, signal, cwd: world.project},
    ...{timeoutMs: timeoutSeconds * 1_000, outputMost: 1_000_000},
  })
  if (exit === 0) return parsedJson(stdout)
  throw problem({
    what: {fr: `${program} n’a pas donné de mesures.`, en: `${program} gave no figures.`},
    why: withCause(failure ?? `exit ${exit}`, stderr),
    exit: 3,
  })
}
