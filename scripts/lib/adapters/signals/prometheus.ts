// Counts with one PromQL query at the end of the span. A query without a series is no answer, not zero:
// nothing may say zero where the source has gone silent.

import {z} from 'zod'
import type {AdapterTools} from '../../kit/adapter-tools.ts'
import type {Signal} from '../../kit/ports/signals.ts'
import {askPrometheus, prometheusServer, sampleValue, theOnly} from '../prometheus-api.ts'
import {settingsOf} from '../settings.ts'

const schema = prometheusServer.extend({
  /** PromQL; `$span` is the time since the deployment: `sum(increase(app_errors_total[$span]))`. */
  query: z.string().min(1),
  /** Where a person reads more. */
  link: z.url().optional(),
})

const sample = z.tuple([z.number(), z.string()])

// One number is a vector for one server and a scalar for the other.
const data = z.discriminatedUnion('resultType', [
  z.object({resultType: z.literal('vector'), result: z.array(z.object({value: sample}))}),
  z
    .object({resultType: z.literal('scalar'), result: sample})
    .transform(({result: value}) => ({resultType: 'scalar' as const, result: [{value}]})),
])

export function prometheusSignal(
  tools: AdapterTools,
  given: Readonly<Record<string, unknown>>,
): Signal {
  const settings = settingsOf('signals', schema, given)
  return {
    product: 'prometheus',
    async count({since, until}) {
      const seconds = Math.max(1, Math.round((until.getTime() - since.getTime()) / 1_000))
      const {result} = await askPrometheus(tools, settings, data, {
        path: 'api/v1/query',
        query: settings.query.replaceAll('$span', `${seconds}s`),
        time: String(until.getTime() / 1_000),
      })
      const only = theOnly(result)
      const value = only === undefined ? Number.NaN : sampleValue(only.value[1])
      // increase() extrapolates: a part of an error is an error.
      if (!Number.isFinite(value) || value < 0) return null
      return {count: Math.ceil(value), link: settings.link}
    },
  }
}
