// One question to Prometheus over HTTP, or to what speaks its language (VictoriaMetrics, Thanos, Mimir).
// What it left out, or refuses, is said with its own reason.

import {z} from 'zod'
import {httpAnswer} from '../base/http-answer.ts'
import {parsedJson} from '../domain/json.ts'
import {problem} from '../domain/problem.ts'
import type {Text} from '../domain/text.ts'
import type {AdapterTools} from '../kit/adapter-tools.ts'

export const prometheusServer = z.strictObject({
  adapter: z.literal('prometheus'),
  url: z.url(),
  /** Name of an environment variable that holds a bearer token. */
  tokenFrom: z.string().optional(),
  timeoutSeconds: z.number().positive().max(120).default(15),
})

interface Question {
  readonly path: string
  readonly query: string
  readonly [parameter: string]: string
}

/** The `data` of its answer. Throws a `Problem` (3) that says why there is none. */
export async function askPrometheus<D extends z.ZodType>(
  {world, signal}: AdapterTools,
  server: z.output<typeof prometheusServer>,
  data: D,
  {path, ...parameters}: Question,
): Promise<z.output<D>> {
  const url = new URL(path, `${server.url.replace(/\/+$/, '')}/`)
  const token = server.tokenFrom === undefined ? undefined : world.environment[server.tokenFrom]
  if (server.tokenFrom !== undefined && (token ?? '') === '') {
    throw silent({
      fr: `${server.tokenFrom} n’est pas défini dans l’environnement`,
      en: `${server.tokenFrom} is not set in the environment`,
    })
  }
  let text: string
  let status: number
  try {
    const answered = await httpAnswer(world.fetch, url.href, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        ...(token !== undefined && {authorization: `Bearer ${token}`}),
      },
      body: new URLSearchParams({...asGiven, ...parameters}).toString(),
      ...{timeoutMs: server.timeoutSeconds * 1_000, signal},
    })
    status = answered.status
    text = answered.text
  } catch (error) {
    signal.throwIfAborted()
    throw silent(reason(error))
  }
  const body = parsedJson(text)
  const parsed = answer.safeParse(body)
  const read = data.safeParse(parsed.data?.data)
  if (!parsed.success || !read.success) throw silent(errorOf(body) ?? `HTTP ${status}`)
  // What was left out of the answer, or read in a doubtful way.
  if (parsed.data.isPartial) throw silent(partial)
  const [warning] = parsed.data.warnings
  if (warning !== undefined) throw silent(warning)
  return read.data
}

const answer = z.object({
  status: z.literal('success'),
  warnings: z
    .array(z.string())
    .nullish()
    .transform((given) => given ?? []),
  // A cluster of VictoriaMetrics answers 200 with what the nodes that are left know.
  isPartial: z
    .unknown()
    .optional()
    .transform((given) => (given ?? false) !== false),
  data: z.unknown(),
})

/**
 * VictoriaMetrics otherwise moves the span to whole steps, and answers for the last 30 s with what it
 * knew before. Prometheus ignores both.
 */
const asGiven = {nocache: '1', latency_offset: '1ms'}

const partial: Text = {
  fr: 'la réponse est partielle : une partie du cluster n’a pas répondu',
  en: 'the answer is partial: a part of the cluster did not answer',
}

/** A sample's value; NaN for what is no number, an empty or blank text too. */
export const sampleValue = (value: string): number =>
  /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(value) ? Number(value) : Number.NaN

/** The one series of an answer, or none. Throws a `Problem` (3) where there are several. */
export function theOnly<T>(result: readonly T[]): T | undefined {
  if (result.length > 1) throw silent(several(result.length))
  return result[0]
}

/** It did not answer, and why. */
export const silent = (why: Text) =>
  problem({
    what: {
      fr: 'Prometheus n’a pas répondu à la question.',
      en: 'Prometheus did not answer the question.',
    },
    why,
    exit: 3,
  })

const several = (count: number): Text => ({
  fr: `la requête donne ${count} séries, il en faut une : l’entourer de sum(…)`,
  en: `the query gives ${count} series, one is needed: wrap it in sum(…)`,
})

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
