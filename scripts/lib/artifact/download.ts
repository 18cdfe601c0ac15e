// Fetches bodies to hash them: kept-alive connections, streaming, nothing kept in memory. Plain answers
// are read straight from the socket, the rest by node:http (docs/performance.md).

import {createHash} from 'node:crypto'
import http from 'node:http'
import https from 'node:https'
import {Writable} from 'node:stream'
import {pipeline} from 'node:stream/promises'
import {createBrotliDecompress, createGunzip, createInflate} from 'node:zlib'
import {createPlainLane} from './plain-http.ts'

export interface Downloaded {
  readonly status: number
  /** The media type alone, in lower case; empty where none was said. */
  readonly type: string
  readonly bytes: number
  /** Of the decoded body. */
  readonly sha256: string
}

export interface Downloads {
  /** Follows redirects within the origin. Throws on no answer, silence, and a body cut short. */
  readonly get: (url: string) => Promise<Downloaded>
  readonly close: () => void
}

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
    get: async (url) => (await plain.get(new URL(url))) ?? follow(url, agents, options),
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

function once(url: URL, agents: Agents, {timeoutMs, signal}: Limits): Promise<Answer> {
  const secure = url.protocol === 'https:'
  return new Promise((resolve, reject) => {
    const request = (secure ? https : http).get(url, {
      agent: secure ? agents.https : agents.http,
      ...(signal === undefined ? {} : {signal}),
      headers: {
        'accept-encoding': 'identity',
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
      body(response).then(resolve, (error) =>
        reject(silent ?? new CutShort(error instanceof Error ? error.message : String(error))),
      )
    })
  })
}

async function body(response: http.IncomingMessage): Promise<Answer> {
  const hash = createHash('sha256')
  let bytes = 0
  const add = (chunk: Buffer) => {
    hash.update(chunk)
    bytes += chunk.length
  }
  const decoder = decoderOf(response.headers['content-encoding'])
  if (decoder === null) {
    await new Promise<void>((resolve, reject) => {
      response.on('data', add).on('end', resolve).on('error', reject)
      response.on('close', () => reject(new Error('the connection closed too early')))
    })
  } else {
    const sink = new Writable({
      write: (chunk, _encoding, done) => {
        add(chunk)
        done()
      },
    })
    await pipeline(response, decoder, sink)
  }
  if (!response.complete) throw new Error('the body was cut short')
  const status = response.statusCode ?? 0
  return {
    status,
    type: (response.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '',
    bytes,
    sha256: hash.digest('hex'),
    location: status >= 300 && status < 400 ? (response.headers.location ?? null) : null,
  }
}

/** Some servers compress although identity was asked for: the bytes meant are the decoded ones. */
function decoderOf(encoding: string | undefined) {
  switch ((encoding ?? 'identity').trim().toLowerCase()) {
    case '':
    case 'identity':
      return null
    case 'gzip':
    case 'x-gzip':
      return createGunzip()
    case 'br':
      return createBrotliDecompress()
    case 'deflate':
      return createInflate()
    default:
      throw new Error(`content encoding ${encoding}`)
  }
}
