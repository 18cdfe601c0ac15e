// Unpacks what a web server packs: gzip, deflate, Brotli and Zstandard, as a stream and as browsers do.

import {type Duplex, pipeline} from 'node:stream'
import {createBrotliDecompress, createGunzip, createInflate, createInflateRaw} from 'node:zlib'

type Bytes = AsyncIterable<Uint8Array>

/** The encodings that a browser asks for over HTTPS, in its own order. */
export const browserEncodings = ['gzip', 'deflate', 'br', 'zstd'] as const
export type Encoding = (typeof browserEncodings)[number]

/** An encoding by the name in `content-encoding`; undefined where a browser could not unpack it. */
export function encodingOf(name: string): Encoding | undefined {
  const known = name
    .trim()
    .toLowerCase()
    .replace(/^x-gzip$/, 'gzip')
  return browserEncodings.find((each) => each === known)
}

/**
 * The unpacked bytes, as they come. Throws on bytes that are not packed so, or that end too early; no
 * byte at all is an empty file.
 */
export async function* unpack(encoding: Encoding, packed: Bytes): AsyncGenerator<Uint8Array> {
  const chunks = packed[Symbol.asyncIterator]()
  let first = await chunks.next()
  while (!first.done && first.value.length === 0) first = await chunks.next()
  if (first.done) return
  const whole = (async function* () {
    yield first.value
    yield* {[Symbol.asyncIterator]: () => chunks}
  })()
  yield* decoded(encoding, whole, first.value)
}

function decoded(encoding: Encoding, packed: Bytes, first: Uint8Array): Bytes {
  switch (encoding) {
    case 'gzip':
      return through(packed, createGunzip())
    case 'br':
      return through(packed, createBrotliDecompress())
    case 'deflate':
      // Some servers leave the zlib header out, and browsers take both.
      return through(packed, ((first[0] ?? 0) & 0x0f) === 8 ? createInflate() : createInflateRaw())
    case 'zstd':
      return unzstd(packed)
    default:
      return encoding satisfies never
  }
}

/** What goes wrong on either side ends both, and is thrown to who reads. */
async function* through(packed: Bytes, decoder: Duplex): AsyncGenerator<Uint8Array> {
  pipeline(packed, decoder, () => {})
  yield* decoder
}

/** What browsers give a frame to look back over (RFC 9659); beyond it they show nothing. */
const windowMost = 8 * 2 ** 20
const headMost = 18

async function* unzstd(packed: Bytes): AsyncGenerator<Uint8Array> {
  const {Decompress} = await import('fzstd')
  let ready: Uint8Array[] = []
  const decoder = new Decompress((chunk) => ready.push(chunk))
  let head = Buffer.alloc(0)
  for await (const chunk of packed) {
    if (head.length < headMost) {
      head = Buffer.concat([head, chunk.subarray(0, headMost - head.length)])
      if ((windowOf(head) ?? 0) > windowMost) throw new Error('a window above 8 MiB')
    }
    decoder.push(chunk)
    yield* ready
    ready = []
  }
  decoder.push(new Uint8Array(0), true)
  yield* ready
}

/** Bytes that the frame says it looks back over (RFC 8878, 3.1.1.1); null before its head is there. */
function windowOf(head: Buffer): number | null {
  const descriptor = head[4]
  const next = head[5]
  if (descriptor === undefined || next === undefined) return null
  if ((descriptor & 0x20) === 0) {
    const base = 2 ** (10 + (next >> 3))
    return base + (base / 8) * (next & 7)
  }
  // One segment: as much as all of it.
  const at = 5 + ([0, 1, 2, 4][descriptor & 3] ?? 0)
  const sizes = [1, 2, 4, 8] as const
  const size = sizes[descriptor >> 6] ?? 1
  if (head.length < at + size) return null
  return size === 8
    ? Number(head.readBigUInt64LE(at))
    : head.readUIntLE(at, size) + (size === 2 ? 256 : 0)
}
