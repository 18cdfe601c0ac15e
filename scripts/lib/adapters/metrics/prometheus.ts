// Prometheus, asked for requests and errors per second over the watch. Its traps all look like health:
// no data is an empty 200, 0/0 is "NaN", a metric that does not exist is no error. Here each is null.

import {z} from 'zod'
import {problem} from '../../domain/problem.ts'
import type {ProjectEnvironment} from '../../domain/project.ts'
import type {Metrics} from '../../engine/ports/metrics.ts'
import {timeLimit} from '../../engine/time-limit.ts'
import type {AdapterTools} from '../../engine/tools.ts'
import {settingsOf} from '../settings.ts'

const schema = z.strictObject({
  adapter: z.literal('prometheus'),
  url: z.url(),
  /** PromQL, requests per second, one series: `sum(rate(http_requests_total[1m]))`. */
  requests: z.string().min(1),
  /** PromQL, errors per second: `sum(rate(http_requests_total{code=~"5.."}[1m])) or vector(0)`. */
  errors: z.string().min(1),
  stepSeconds: z.number().int().positive().default(15),
  /** Name of an environment variable that holds a bearer token. */
  tokenFrom: z.string().optional(),
  timeoutSeconds: z.number().positive().max(120).default(15),
})
type Settings = z.output<typeof schema>

const answer = z.object({
  status: z.literal('success'),
  data: z.object({
    resultType: z.literal('matrix'),
    result: z.array(z.object({values: z.array(z.tuple([z.number(), z.string()]))})),
  }),
})

/** Less than this share of the points due is no reading. */
const enough = 0.9
/** Prometheus refuses more than 11,000 points. */
const pointsMost = 1_000

export function prometheus(tools: AdapterTools, environment: ProjectEnvironment): Metrics {
  const settings = settingsOf('metrics', schema, environment.metrics)
  return {
    product: 'prometheus',
    async reading({since, until}) {
      const seconds = (until.getTime() - since.getTime()) / 1_000
      const step = Math.max(settings.stepSeconds, Math.ceil(seconds / pointsMost))
      if (seconds < step) return null
      const span = {start: since.getTime() / 1_000, end: until.getTime() / 1_000, step}
      const [requests, errors] = await Promise.all([
        series(tools, settings, settings.requests, span),
        series(tools, settings, settings.errors, span),
      ])
      return total(requests, errors, span)
    },
  }
}

interface Span {
  readonly start: number
  readonly end: number
  readonly step: number
}

/** Values by their time; null where Prometheus has no series. */
async function series(
  {world, signal}: AdapterTools,
  settings: Settings,
  query: string,
  span: Span,
): Promise<ReadonlyMap<number, number> | null> {
  const url = new URL('api/v1/query_range', `${settings.url.replace(/\/+$/, '')}/`)
  const token = settings.tokenFrom === undefined ? undefined : world.environment[settings.tokenFrom]
  let body: unknown
  let status = 0
  try {
    const response = await world.fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        ...(token !== undefined && {authorization: `Bearer ${token}`}),
      },
      body: new URLSearchParams({query, ...mapped(span)}).toString(),
      signal: timeLimit(settings.timeoutSeconds * 1_000, signal),
    })
    status = response.status
    body = await response.json()
  } catch (error) {
    signal.throwIfAborted()
    throw silent(error instanceof Error ? error.message : String(error))
  }
  const parsed = answer.safeParse(body)
  if (!parsed.success) throw silent(errorOf(body) ?? `HTTP ${status}`)
  const {result} = parsed.data.data
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

/** Rates times the step; null where anything is missing, NaN, or the denominator is zero. */
function total(
  requests: ReadonlyMap<number, number> | null,
  errors: ReadonlyMap<number, number> | null,
  {start, end, step}: Span,
): {requests: number; errors: number} | null {
  if (requests === null || errors === null) return null
  const due = Math.floor((end - start) / step) + 1
  let asked = 0
  let failed = 0
  let points = 0
  for (const [at, rate] of requests) {
    const wrong = errors.get(at)
    if (!Number.isFinite(rate) || wrong === undefined || !Number.isFinite(wrong)) continue
    points += 1
    asked += rate * step
    failed += wrong * step
  }
  if (points < due * enough || asked <= 0) return null
  return {requests: Math.round(asked), errors: Math.round(failed)}
}

function errorOf(body: unknown): string | undefined {
  const error: unknown =
    typeof body === 'object' && body !== null ? Reflect.get(body, 'error') : undefined
  return typeof error === 'string' ? error : undefined
}

const silent = (why: string | {fr: string; en: string}) =>
  problem({
    what: {
      fr: 'Prometheus n’a pas répondu à la question.',
      en: 'Prometheus did not answer the question.',
    },
    why,
    exit: 3,
  })
