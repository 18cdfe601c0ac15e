// Prometheus, asked for requests and errors per second over the watch. No data is an empty 200 there,
// and a metric that does not exist is no error: here each is no reading, or says what is wrong.

import {z} from 'zod'
import type {ProjectEnvironment} from '../../domain/project.ts'
import type {Metrics} from '../../engine/ports/metrics.ts'
import {timeLimit} from '../../engine/time-limit.ts'
import type {AdapterTools} from '../../engine/tools.ts'
import {settingsOf} from '../settings.ts'
import {type Rates, reachOf, type Span, silent, total} from './rates.ts'

const schema = z.strictObject({
  adapter: z.literal('prometheus'),
  url: z.url(),
  /** PromQL, requests per second, one series: `sum(rate(http_requests_total[1m]))`. */
  requests: z.string().min(1),
  /** PromQL, errors per second: `sum(rate(http_requests_total{code=~"5.."}[1m])) or vector(0)`. */
  errors: z.string().min(1),
  /** How often it is asked for a value; best no longer than the range in the queries. */
  stepSeconds: z.number().int().positive().default(15),
  /** Name of an environment variable that holds a bearer token. */
  tokenFrom: z.string().optional(),
  timeoutSeconds: z.number().positive().max(120).default(15),
})
type Settings = z.output<typeof schema>

const answer = z.object({
  status: z.literal('success'),
  /** What was left out of the answer, or read in a doubtful way. */
  warnings: z.array(z.string()).default([]),
  data: z.object({
    resultType: z.literal('matrix'),
    result: z.array(z.object({values: z.array(z.tuple([z.number(), z.string()]))})),
  }),
})

/** Prometheus refuses more than 11,000 points. */
const pointsMost = 1_000

export function prometheus(tools: AdapterTools, environment: ProjectEnvironment): Metrics {
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
  {world, signal}: AdapterTools,
  settings: Settings,
  query: string,
  span: Span,
): Promise<Rates | null> {
  const url = new URL('api/v1/query_range', `${settings.url.replace(/\/+$/, '')}/`)
  const token = settings.tokenFrom === undefined ? undefined : world.environment[settings.tokenFrom]
  if (settings.tokenFrom !== undefined && (token ?? '') === '') {
    throw silent({
      fr: `${settings.tokenFrom} n’est pas défini dans l’environnement`,
      en: `${settings.tokenFrom} is not set in the environment`,
    })
  }
  let text: string
  let status: number
  try {
    const response = await world.fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        ...(token !== undefined && {authorization: `Bearer ${token}`}),
      },
      body: new URLSearchParams({query, ...mapped(span)}).toString(),
      redirect: 'error',
      signal: timeLimit(settings.timeoutSeconds * 1_000, signal),
    })
    status = response.status
    text = await response.text()
  } catch (error) {
    signal.throwIfAborted()
    throw silent(reason(error))
  }
  const body = json(text)
  const parsed = answer.safeParse(body)
  if (!parsed.success) throw silent(errorOf(body) ?? `HTTP ${status}`)
  const {warnings, data} = parsed.data
  const [warning] = warnings
  if (warning !== undefined) throw silent(warning)
  const {result} = data
  if (result.length > 1) {
    throw silent({
      fr: `la requête donne ${result.length} séries, il en faut une : l’entourer de sum(…)`,
      en: `the query gives ${result.length} series, one is needed: wrap it in sum(…)`,
    })
  }
  const [only] = result
  return only === undefined ? null : new Map(only.values.map(([at, value]) => [at, Number(value)]))
}

const mapped = (span: Span) => ({
  start: String(span.start),
  end: String(span.end),
  step: String(span.step),
})

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** `fetch failed` alone says nothing: its cause does. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const {cause} = error
  if (!(cause instanceof Error)) return error.message
  return 'code' in cause ? String(cause.code) : cause.message
}

function errorOf(body: unknown): string | undefined {
  const error: unknown =
    typeof body === 'object' && body !== null ? Reflect.get(body, 'error') : undefined
  return typeof error === 'string' ? error : undefined
}
