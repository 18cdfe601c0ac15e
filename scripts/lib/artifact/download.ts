// Fetches bodies to hash them: kept-alive connections, streaming, nothing kept in memory. Plain answers
// are read straight from the socket, the rest by node:http (docs/performance.md).

import {createHash} from 'node:crypto'
import http from 'node:http'
import https from 'node:https'
import {createPlainLane} from './plain-http.ts'
import {type Encoding, encodingOf, unpack} from './unpack.ts'

export interface Downloaded {
  readonly status: number
  /** The media type alone, in lower case; empty where none was said. */
  readonly type: string
  readonly bytes: number
  /** Of the unpacked body. */
  readonly sha256: string
  /** How the body came; undefined where it came as it is. */
  readonly packed?: {
    readonly encoding: Encoding
    /** Of the body as it came. */
    readonly sha256: string
  }
}

export interface Downloads {
  /**
   * Follows redirects within the origin. Throws on no answer, silence, and a body that is cut short or
   * longer than `bytesMost` unpacked.
   */
  readonly get: (url: string, asked?: DownloadOptions) => Promise<Downloaded>
  readonly close: () => void
}

export interface DownloadOptions {
  /** `identity` unless told: what comes packed although nobody asked is unpacked too. */
  readonly encodings?: readonly Encoding[]
  readonly bytesMost?: number
}

/** A file nobody knows the size of: more than any application has, and less than fills a machine. */
const bytesMostUnknown = 2 ** 30

/** The host answered, and the body ended too early or could not be unpacked. */
export class CutShort extends Error {
  override readonly name = 'CutShort'
}

/** `timeoutMs` is how long a connection may stay silent; a whole body has ten times that. */
export function createDownloads(options: {
  width: number
  timeoutMs: number
  signal?: AbortSignal
}): Downloads {
  const settings = {keepAlive: true, maxSockets: options.width}
  const agents = {http: new http.Agent(settings), https: new https.Agent(settings)}
  const plain = createPlainLane(options)
  options.signal?.addEventListener('abort', plain.close)
  return {
    // The careful way has the last word: about every answer that is not plain, and every silence.
    get: async (url, {encodings = [], bytesMost = bytesMostUnknown} = {}) => {
      const accept = encodings.join(', ') || 'identity'
      const answer = await plain.get(new URL(url), {accept, bytesMost})
      return answer ?? follow(url, agents, {...options, accept, bytesMost})
    },
    close: () => {
      options.signal?.removeEventListener('abort', plain.close)
      plain.close()
      agents.http.destroy()
      agents.https.destroy()
    },
  }
}

interface Agents {
  readonly http: http.Agent
  readonly https: https.Agent
}
interface Limits {
  readonly accept: string
  readonly bytesMost: number
  readonly timeoutMs: number
  readonly signal?: AbortSignal
}

async function follow(url: string, agents: Agents, limits: Limits): Promise<Downloaded> {
  let at = new URL(url)
  for (let hops = 0; hops < 5; hops++) {
    const answer = await once(at, agents, limits)
    if (answer.location === null) return answer
    const next = new URL(answer.location, at)
    // Another origin may serve the right bytes while the address that users open does not.
    if (next.origin !== at.origin) return answer
    at = next
  }
  throw new Error(`${url} redirects in a circle`)
}

type Answer = Downloaded & {readonly location: string | null}

function once(
  url: URL,
  agents: Agents,
  {accept, bytesMost, timeoutMs, signal}: Limits,
): Promise<Answer> {
  const secure = url.protocol === 'https:'
  return new Promise((resolve, reject) => {
    const request = (secure ? https : http).get(url, {
      agent: secure ? agents.https : agents.http,
      ...(signal === undefined ? {} : {signal}),
      headers: {
        'accept-encoding': accept,
        'cache-control': 'no-cache',
        pragma: 'no-cache',
        'user-agent': 'postgate',
      },
    })
    let silent: Error | undefined
    const silence = () => {
      silent = new Error(`no byte for ${timeoutMs / 1000} s`)
      request.destroy(silent)
    }
    const tooLong = setTimeout(silence, timeoutMs * 10)
    request.setTimeout(timeoutMs, silence)
    // Once the answer has begun, its body says what went wrong.
    let begun = false
    request.on('error', (error) => {
      if (!begun) reject(error)
    })
    request.on('close', () => clearTimeout(tooLong))
    request.on('response', (response) => {
      begun = true
      body(response, bytesMost).then(resolve, (error) => {
        request.destroy()
        reject(silent ?? new CutShort(error instanceof Error ? error.message : String(error)))
      })
    })
  })
}

async function body(response: http.IncomingMessage, bytesMost: number): Promise<Answer> {
  const [raw, hash] = [createHash('sha256'), createHash('sha256')]
  const status = response.statusCode ?? 0
  const encoding = packing(response)
  let bytes = 0
  const came = (async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of response) {
      if (encoding !== undefined) raw.update(chunk)
      yield chunk
    }
    if (!response.complete) throw new Error('the body was cut short')
  })()
  for await (const chunk of encoding === undefined ? came : unpack(encoding, came)) {
    bytes += chunk.length
    if (bytes > bytesMost) throw new Error(`longer than ${bytesMost} bytes`)
    hash.update(chunk)
  }
  return {
    status,
    type: (response.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '',
    bytes,
    sha256: hash.digest('hex'),
    ...(encoding !== undefined && {packed: {encoding, sha256: raw.digest('hex')}}),
    location: status >= 300 && status < 400 ? (response.headers.location ?? null) : null,
  }
}

/** Throws on an encoding that a browser could not unpack. */
function packing({headers}: http.IncomingMessage): Encoding | undefined {
  const name = (headers['content-encoding'] ?? '').trim().toLowerCase()
  if (name === '' || name === 'identity') return undefined
  const encoding = encodingOf(name)
  if (encoding === undefined) throw new Error(`content encoding ${name}`)
  return encoding
}
