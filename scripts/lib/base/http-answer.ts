// The one way in which an answer over HTTP is read: whole, within a time and up to a size that holds for
// the unpacked body too, and from the host that was asked. An endless answer, or a small one that unpacks
// to gigabytes, ends here and nowhere else. Artifacts are hashed as they come (artifact/download.ts).

import {timeLimit} from './time-limit.ts'

export interface HttpQuestion {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>> | Headers
  readonly body?: string | URLSearchParams
  /** For the whole answer, redirects and body included. */
  readonly timeoutMs: number
  /** Bytes of the unpacked body; 16 MiB where it is not said. */
  readonly bytesMost?: number
  /** false: the status says all, and no byte of the body is waited for. */
  readonly read?: boolean
  /**
   * `refuse`, the default: an API that was asked with a secret is where it was asked. `here`: a GET is
   * followed as long as it stays on the host. `tell`: the redirect itself is the answer.
   */
  readonly redirects?: 'refuse' | 'here' | 'tell'
  readonly signal?: AbortSignal
}

export interface HttpAnswer {
  readonly status: number
  /** 200 to 299. */
  readonly ok: boolean
  readonly headers: Headers
  readonly bytes: Buffer
  /** `bytes` as UTF-8. */
  readonly text: string
}

/** The answer is longer than anybody meant to read. */
export class TooLong extends Error {
  override readonly name = 'TooLong'
}

/** The answer leads away from the host that was asked, and says nothing about it. */
export class Redirected extends Error {
  override readonly name = 'Redirected'
}

const bytesMostDefault = 16 * 2 ** 20
const hopsMost = 5

/** Any status is an answer. Throws on none, silence, `TooLong` and `Redirected`. */
export async function httpAnswer(
  fetch: typeof globalThis.fetch,
  url: string,
  question: HttpQuestion,
): Promise<HttpAnswer> {
  const limit = timeLimit(question.timeoutMs, question.signal)
  const {method = 'GET', headers = {}, body, redirects = 'refuse'} = question
  let at = new URL(url)
  for (let hops = 0; hops <= hopsMost; hops += 1) {
    const response = await fetch(at.href, {
      ...{method, headers, redirect: 'manual', signal: limit},
      ...(body !== undefined && {body}),
    })
    const location = response.headers.get('location')
    if (location === null || !isRedirect(response.status) || redirects === 'tell') {
      const {status, ok, headers} = response
      const bytes =
        question.read === false
          ? await unread(response)
          : await whole(response, limit, question.bytesMost ?? bytesMostDefault)
      return {status, ok, headers, bytes, text: bytes.toString('utf8')}
    }
    await unread(response)
    const next = URL.canParse(location, at.href) ? new URL(location, at) : null
    if (next === null || redirects === 'refuse' || method !== 'GET' || !staysHere(at, next)) {
      throw new Redirected(`redirects to ${next?.host ?? location}`)
    }
    at = next
  }
  throw new Redirected(`${at.host} redirects in a circle`)
}

const isRedirect = (status: number) => [301, 302, 303, 307, 308].includes(status)

/** The same origin, or its step up from HTTP to HTTPS. */
const staysHere = (from: URL, to: URL) =>
  from.origin === to.origin ||
  (from.hostname === to.hostname &&
    from.protocol === 'http:' &&
    to.protocol === 'https:' &&
    from.port === '' &&
    to.port === '')

async function unread({body}: Response): Promise<Buffer> {
  await body?.cancel()
  return Buffer.alloc(0)
}

async function whole({body}: Response, limit: AbortSignal, bytesMost: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  const reader = body?.getReader()
  const stop = () => void reader?.cancel(limit.reason).catch(() => {})
  limit.addEventListener('abort', stop)
  try {
    let length = 0
    for (;;) {
      const read = await reader?.read()
      limit.throwIfAborted()
      if (read === undefined || read.done) break
      length += read.value.length
      if (length > bytesMost) throw new TooLong(`the answer is longer than ${bytesMost} bytes`)
      chunks.push(read.value)
    }
  } finally {
    limit.removeEventListener('abort', stop)
    // Nothing more is sent, or unpacked, for an answer that was given up.
    stop()
  }
  return Buffer.concat(chunks)
}

/** The same limits behind the signature of `fetch`, for a library that takes one. */
export const boundedFetch =
  (
    fetch: typeof globalThis.fetch,
    limits: Pick<HttpQuestion, 'timeoutMs' | 'bytesMost'>,
  ): typeof globalThis.fetch =>
  async (input, init = {}) => {
    const request = new Request(input, init)
    const {status, headers, bytes} = await httpAnswer(fetch, request.url, {
      ...limits,
      ...{method: request.method, headers: request.headers, redirects: 'here'},
      ...(init.body != null && {body: await request.text()}),
      ...(init.signal != null && {signal: init.signal}),
    })
    const unpacked = new Headers(headers)
    for (const name of ['content-encoding', 'content-length']) unpacked.delete(name)
    const isEmpty = [204, 205, 304].includes(status)
    return new Response(isEmpty ? null : new Uint8Array(bytes), {status, headers: unpacked})
  }
