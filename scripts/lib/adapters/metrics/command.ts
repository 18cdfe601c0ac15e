// Figures from any program that prints `{"requests": 1200, "errors": 3}`. Null, nothing or nonsense is no
// data, which is never healthy.

import {z} from 'zod'
import type {ProjectEnvironment} from '../../domain/project.ts'
import type {AdapterTools} from '../../kit/adapter-tools.ts'
import type {Metrics} from '../../kit/ports/metrics.ts'
import {printedJson, programSchema} from '../printed-json.ts'
import {settingsOf} from '../settings.ts'

const counted = z.number().int().nonnegative()
const printed = z
  .object({requests: counted, errors: counted})
  .refine(({requests, errors}) => errors <= requests)

export function commandMetrics(tools: AdapterTools, environment: ProjectEnvironment): Metrics {
  const settings = settingsOf('metrics', programSchema, environment.metrics)
  return {
    product: 'command',
    async reading(span) {
      const parsed = printed.safeParse(await printedJson(tools, settings, span))
      return parsed.success && parsed.data.requests > 0 ? parsed.data : null
    },
  }
}
