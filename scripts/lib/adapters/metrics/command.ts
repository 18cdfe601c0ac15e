// Figures from any program that prints `{"requests": 1200, "errors": 3}`. Null, nothing or nonsense is no
// data, which is never healthy.

import {execFile} from 'node:child_process'
import {z} from 'zod'
import {problem} from '../../domain/problem.ts'
import type {ProjectEnvironment} from '../../domain/project.ts'
import {childEnvironment} from '../../engine/guard/environment.ts'
import type {Metrics} from '../../engine/ports/metrics.ts'
import type {AdapterTools} from '../../engine/tools.ts'
import {settingsOf} from '../settings.ts'

const schema = z.strictObject({
  adapter: z.literal('command'),
  /** The program and its arguments; POSTGATE_SINCE and POSTGATE_UNTIL (ISO 8601, UTC) say the span. */
  run: z.array(z.string().min(1)).min(1),
  timeoutSeconds: z.number().positive().max(300).default(30),
})

const counted = z.number().int().nonnegative()
const printed = z
  .object({requests: counted, errors: counted})
  .refine(({requests, errors}) => errors <= requests)

export function command(tools: AdapterTools, environment: ProjectEnvironment): Metrics {
  const {run, timeoutSeconds} = settingsOf('metrics', schema, environment.metrics)
  return {
    product: 'command',
    async reading({since, until}) {
      const text = await output(tools, run, {
        timeoutMs: timeoutSeconds * 1_000,
        extra: {POSTGATE_SINCE: since.toISOString(), POSTGATE_UNTIL: until.toISOString()},
      })
      const parsed = printed.safeParse(json(text))
      return parsed.success && parsed.data.requests > 0 ? parsed.data : null
    },
  }
}

function output(
  {world, signal}: AdapterTools,
  [program = '', ...words]: readonly string[],
  {timeoutMs, extra}: {timeoutMs: number; extra: Record<string, string>},
): Promise<string> {
  const env = childEnvironment({base: world.environment, mode: 'READ-ONLY', allow: [], extra})
  return new Promise((resolve, reject) => {
    execFile(
      program,
      words,
      {cwd: world.project, env, timeout: timeoutMs, maxBuffer: 1_000_000, signal},
      (error, stdout) => {
        if (error === null) return resolve(stdout)
        reject(
          problem({
            what: {fr: `${program} n’a pas donné de mesures.`, en: `${program} gave no figures.`},
            why: error.message.split('\n')[0] ?? '',
            exit: 3,
          }),
        )
      },
    )
  })
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
