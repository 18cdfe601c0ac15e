// Asks a vendor's REST API. What it answers is parsed by the caller's schema.

import {type HttpQuestion, httpAnswer} from '../../base/http-answer.ts'
import {parsedJson} from '../../domain/json.ts'
import {problem} from '../../domain/problem.ts'
import type {AdapterTools} from '../../kit/adapter-tools.ts'

export interface ApiAnswer {
  readonly status: number
  /** undefined where the body is no JSON. */
  readonly json: unknown
  /** What a CLI printed that failed. */
  readonly words?: string
}

const timeoutMs = 30_000

/** Any status is an answer. Throws a `Problem` (3) where none comes; secrets stand in headers only. */
export async function ask(
  tools: AdapterTools,
  url: string,
  init: Pick<HttpQuestion, 'method' | 'headers' | 'body'> = {},
): Promise<ApiAnswer> {
  try {
    const {status, text} = await httpAnswer(tools.world.fetch, url, {
      ...init,
      timeoutMs,
      signal: tools.signal,
    })
    return {status, json: parsedJson(text)}
  } catch (error) {
    tools.signal.throwIfAborted()
    const host = new URL(url).host
    const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error
    throw problem({
      what: {fr: `${host} ne répond pas.`, en: `${host} does not answer.`},
      why: inner instanceof Error ? inner.message : String(inner),
      next: {
        fr: 'vérifiez le réseau, puis relancez la même commande',
        en: 'check the network, then run the same command again',
      },
      exit: 3,
    })
  }
}

/** A `Problem` (3) for a status that is no answer to the question. */
export const vendorRefusal = (
  vendor: string,
  {status, words}: {readonly status: number; readonly words?: string | undefined},
) =>
  problem({
    what:
      status === 0
        ? {fr: `${vendor} ne répond pas.`, en: `${vendor} does not answer.`}
        : {
            fr: `${vendor} refuse de répondre (HTTP ${status}).`,
            en: `${vendor} refuses to answer (HTTP ${status}).`,
          },
    ...(words !== undefined && words !== '' && {why: words}),
    ...((words ?? '') === '' && (status === 401 || status === 403)
      ? {
          why: {
            fr: 'le jeton est absent, périmé, ou sans droit sur ce site',
            en: 'the token is absent, expired, or has no right to this site',
          },
        }
      : {}),
    exit: 3,
  })

/** A variable of the process, else of the environment's env file; null where neither has it. */
export const variable = (tools: AdapterTools, name: string): string | null =>
  tools.world.environment[name] || tools.env?.get(name) || null

/** Those of these variables that are set, for one command alone. None in a READ-ONLY phase. */
export function variables(
  tools: AdapterTools,
  names: readonly string[],
): Readonly<Record<string, string>> {
  if (tools.mode === 'READ-ONLY') return {}
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = variable(tools, name)
      return value === null ? [] : [[name, value] as const]
    }),
  )
}
