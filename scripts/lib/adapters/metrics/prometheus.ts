// Prometheus, asked for requests and errors per second over the watch. No data is an empty 200 there,
// and a metric that does not exist is no error: here each is no reading, or says what is wrong.

import {z} from 'zod'
import type {ProjectEnvironment} from '../../domain/project.ts'
import type {AdapterTools} from '../../kit/adapter-tools.ts'
import type {Metrics} from '../../kit/ports/metrics.ts'
import {askPrometheus, prometheusServer, sampleValue, theOnly} from '../prometheus-api.ts'
import {settingsOf} from '../settings.ts'
import {type Rates, reachOf, type Span, total} from './rates.ts'

const schema = prometheusServer.extend({
  /** PromQL, requests per second, one series: `sum(rate(http_requests_total[1m]))`. */
  requests: z.string().min(1),
  /** PromQL, errors per second: `sum(rate(http_requests_total{code=~"5.."}[1m])) or vector(0)`. */
  errors: z.string().min(1),
  /** How often it is asked for a value; best no longer than the range in the queries. */
  stepSeconds: z.number().int().positive().default(15),
})
type Settings = z.output<typeof schema>

const data = z.object({
  resultType: z.literal('matrix'),
  result: z.array(z.object({values: z.array(z.tuple([z.number(), z.string()]))})),
})

/** Prometheus refuses more than 11,000 points. */
const pointsMost = 1_000

export function prometheusMetrics(tools: AdapterTools, environment: ProjectEnvironment): Metrics {
  const settings = settingsOf('metrics', schema, environment.metrics)
  return {
    product: 'prometheus',
    async reading({since, until}) {
      // The first value is the one whose range begins at `since`: an earlier one would count what
      // users of the version before met.
      const first =
        since.getTime() / 1_000 +
        Math.max(settings.stepSeconds, reachOf(settings.requests), reachOf(settings.errors))
      const end = until.getTime() / 1_000
      const step = Math.max(settings.stepSeconds, Math.ceil((end - first) / pointsMost))
      const span = {start: first, end, step}
      if (end - first < step) return null
      const [requests, errors] = await Promise.all([
        series(tools, settings, settings.requests, span),
        series(tools, settings, settings.errors, span),
      ])
      return total(requests, errors, span)
    },
  }
}

/** Values by their time; null where Prometheus has no series. */
async function series(
  tools: AdapterTools,
  settings: Settings,
  query: string,
  {start, end, step}: Span,
): Promise<Rates | null> {
  const {result} = await askPrometheus(tools, settings, data, {
    path: 'api/v1/query_range',
    query,
    start: String(start),
    end: String(end),
    step: String(step),
  })
  const only = theOnly(result)
  return only === undefined
    ? null
    : new Map(only.values.map(([at, value]) => [at, sampleValue(value)]))
}
