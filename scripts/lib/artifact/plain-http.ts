// The plain answer of a web server, read straight from the socket: 200, a length, no encoding. node:http
// costs as much for each small file as its hash does. Whatever is not plain is null: the caller asks
// again with node:http, which knows the rest. So nothing here can make a proof pass that should not.

import {createHash, type Hash} from 'node:crypto'
import net from 'node:net'
import tls from 'node:tls'

export interface PlainAnswer {
  readonly status: 200
  /** The media type alone, in lower case; empty where none was said. */
  readonly type: string
  readonly bytes: number
  readonly sha256: string
}

export interface PlainQuestion {
  /** The encodings asked for. */
  readonly accept: string
  readonly bytesMost: number
}

export interface PlainLane {
  /** null: not plain, no whole answer, or a longer one than `bytesMost`. Throws only on silence. */
  readonly get: (url: URL, asked: PlainQuestion) => Promise<PlainAnswer | null>
  readonly close: () => void
}

const headMax = 32_768
const readBytes = 1 << 17
// A server that never answers plainly is not asked everything twice.
const oddMax = 3

/** `timeoutMs` is how long a connection may stay silent; a whole answer has ten times that. */
export function createPlainLane({timeoutMs}: {timeoutMs: number}): PlainLane {
  const idle = new Map<string, Connection[]>()
  const open = new Set<Connection>()
  const odd = new Map<string, number>()
  let closed = false
  return {
    get: async (url, asked) => {
      const {origin} = url
      if (closed || (odd.get(origin) ?? 0) >= oddMax) return null
      const connection = idle.get(origin)?.pop() ?? connect(url, timeoutMs)
      open.add(connection)
      try {
        const answer = await connection.ask(url, asked)
        if (answer === null) odd.set(origin, (odd.get(origin) ?? 0) + 1)
        return answer
      } finally {
        if (connection.reusable()) idle.set(origin, [...(idle.get(origin) ?? []), connection])
        else open.delete(connection)
      }
    },
    close: () => {
      closed = true
      for (const connection of open) connection.destroy()
    },
  }
}

interface Connection {
  readonly ask: (url: URL, asked: PlainQuestion) => Promise<PlainAnswer | null>
  readonly reusable: () => boolean
  readonly destroy: () => void
}

interface Pending {
  readonly bytesMost: number
  readonly resolve: (answer: PlainAnswer | null) => void
  readonly reject: (error: Error) => void
  readonly tooLong: NodeJS.Timeout
}

interface Body {
  readonly hash: Hash
  readonly type: string
  readonly bytes: number
  readonly keep: boolean
  left: number
}

const nothing = Buffer.alloc(0)

function connect(url: URL, timeoutMs: number): Connection {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const secure = url.protocol === 'https:'
  const place = {
    ...{host, port: Number(url.port || (secure ? 443 : 80))},
    // One buffer for all that comes: a stream would make a new one for each piece.
    onread: {
      buffer: Buffer.allocUnsafe(readBytes),
      callback: (length: number, buffer: Uint8Array) => {
        received(Buffer.from(buffer.buffer, buffer.byteOffset, length))
        return true
      },
    },
  }
  const socket = secure
    ? tls.connect({
        ...place,
        ALPNProtocols: ['http/1.1'],
        ...(net.isIP(host) === 0 && {servername: host}),
      })
    : net.connect(place)
  let pending: Pending | undefined
  let head: Buffer = nothing
  let body: Body | undefined

  const settle = (end: (waiting: Pending) => void) => {
    const waiting = pending
    pending = undefined
    head = nothing
    body = undefined
    if (waiting === undefined) return
    clearTimeout(waiting.tooLong)
    end(waiting)
  }
  const giveUp = () => {
    socket.destroy()
    settle(({resolve}) => resolve(null))
  }
  const silence = () => {
    socket.destroy()
    settle(({reject}) => reject(new Error(`no byte for ${timeoutMs / 1000} s`)))
  }
  const take = (chunk: Buffer, {left}: Body): boolean => {
    if (body === undefined || chunk.length > left) return false
    body.hash.update(chunk)
    body.left = left - chunk.length
    if (body.left > 0) return true
    const {hash, type, bytes, keep} = body
    if (!keep) socket.destroy()
    settle(({resolve}) => resolve({status: 200, type, bytes, sha256: hash.digest('hex')}))
    return true
  }
  socket.setNoDelay(true)
  socket.setTimeout(timeoutMs, silence)
  socket.on('error', giveUp)
  socket.on('close', giveUp)
  /** `chunk` is overwritten afterwards. */
  const received = (chunk: Buffer) => {
    // Bytes that nobody asked for: what follows could be anybody's answer.
    if (pending === undefined) return giveUp()
    if (body !== undefined) {
      if (!take(chunk, body)) giveUp()
      return
    }
    const seen = head.length === 0 ? chunk : Buffer.concat([head, chunk])
    const end = seen.indexOf('\r\n\r\n')
    if (end < 0) {
      head = Buffer.from(seen)
      if (head.length > headMax) giveUp()
      return
    }
    const plain = readHead(seen.toString('latin1', 0, end))
    if (plain === null || plain.bytes > pending.bytesMost) return giveUp()
    body = {...plain, hash: createHash('sha256'), left: plain.bytes}
    if (!take(seen.subarray(end + 4), body)) giveUp()
  }
  return {
    ask: (asked, {accept, bytesMost}) =>
      new Promise((resolve, reject) => {
        if (socket.destroyed) return resolve(null)
        pending = {bytesMost, resolve, reject, tooLong: setTimeout(silence, timeoutMs * 10)}
        socket.write(
          `GET ${asked.pathname}${asked.search} HTTP/1.1\r\nhost: ${asked.host}\r\naccept-encoding: ${accept}\r\ncache-control: no-cache\r\npragma: no-cache\r\nuser-agent: postgate\r\n\r\n`,
        )
      }),
    reusable: () => !socket.destroyed && pending === undefined,
    destroy: () => giveUp(),
  }
}

/** What is needed of a plain answer's head; null where anything in it is out of the ordinary. */
function readHead(text: string): Pick<Body, 'type' | 'bytes' | 'keep'> | null {
  const [status = '', ...lines] = text.split('\r\n')
  if (!/^HTTP\/1\.1 200(?: |$)/.test(status)) return null
  let length: string | undefined
  let type = ''
  let keep = true
  for (const line of lines) {
    const [, name = '', value = ''] = /^([!#$%&'*+.^`|~\w-]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? []
    switch (name.toLowerCase()) {
      case '':
      case 'transfer-encoding':
      case 'trailer':
      case 'upgrade':
        return null
      case 'content-length':
        if (length !== undefined || !/^\d{1,15}$/.test(value)) return null
        length = value
        break
      case 'content-encoding':
        if (value.toLowerCase() !== 'identity') return null
        break
      case 'content-type':
        type = value.split(';')[0]?.trim().toLowerCase() ?? ''
        break
      case 'connection':
        keep = value.toLowerCase() === 'keep-alive'
        break
      default:
    }
  }
  return length === undefined ? null : {type, bytes: Number(length), keep}
}
