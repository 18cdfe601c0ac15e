// One HTTP request of a smoke test, with its verdict where nobody answers.

import {type HttpQuestion, httpAnswer} from '../base/http-answer.ts'
import {parsedJson} from '../domain/json.ts'
import {fail, type Judgement, unknown} from '../domain/verdict.ts'
import type {Context} from '../kit/context.ts'
import {cause} from '../words/observed.ts'

export interface SmokeAnswer {
  readonly status: number
  readonly type: string
  readonly text: string
  /** The body as JSON; undefined where it is none. */
  readonly json: unknown
  /** The `content-range` header. */
  readonly range: string | null
}

type Init = Pick<HttpQuestion, 'method' | 'headers' | 'body'>

const timeoutMs = 20_000

/** Asks twice before it gives up: a refused connection is a fail, silence or no name is unknown. */
export async function request(
  context: Context,
  url: string,
  init: Init = {},
): Promise<SmokeAnswer | Judgement> {
  const first = await once(context, url, init)
  // Only what changes nothing is asked a second time.
  return 'verdict' in first && (init.method ?? 'GET') === 'GET' ? once(context, url, init) : first
}

async function once(context: Context, url: string, init: Init): Promise<SmokeAnswer | Judgement> {
  try {
    const {status, headers, text} = await httpAnswer(context.world.fetch, url, {
      ...init,
      redirects: 'here',
      ...{timeoutMs, signal: context.signal},
    })
    return {
      status,
      type: headers.get('content-type') ?? '',
      text,
      json: parsedJson(text),
      range: headers.get('content-range'),
    }
  } catch (error) {
    context.signal.throwIfAborted()
    const why = cause(error)
    return /ECONNREFUSED|ECONNRESET|other side closed|terminated/.test(why)
      ? fail({fr: `personne ne répond (${why})`, en: `nobody answers (${why})`})
      : unknown({fr: `pas de réponse (${why})`, en: `no answer (${why})`})
  }
}
