// Goal: whatever a browser unpacks, unpacks here to the same bytes, and nothing else does. Method: Node's
// own compressors, Zstandard frames made by the zstd program, cut anywhere.

import {randomBytes} from 'node:crypto'
import {brotliCompressSync, deflateRawSync, deflateSync, gzipSync} from 'node:zlib'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {type Encoding, encodingOf, unpack} from '../../../scripts/lib/artifact/unpack.ts'

const unpacking = suite('unpacking')

async function unpacked(encoding: Encoding, packed: Buffer, cut = 1 << 16): Promise<Buffer> {
  const source = async function* () {
    for (let at = 0; at < packed.length; at += cut) yield packed.subarray(at, at + cut)
  }
  const chunks: Uint8Array[] = []
  for await (const chunk of unpack(encoding, source())) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const text = Buffer.from('<p>été</p>\n'.repeat(3_000))
const noise = randomBytes(20_000)

const packers: readonly (readonly [string, Encoding, (bytes: Buffer) => Buffer])[] = [
  ['gzip', 'gzip', (bytes) => gzipSync(bytes)],
  [
    'gzip in two members',
    'gzip',
    (bytes) => Buffer.concat([gzipSync(bytes.subarray(0, 99)), gzipSync(bytes.subarray(99))]),
  ],
  ['deflate', 'deflate', (bytes) => deflateSync(bytes)],
  ['deflate without its header', 'deflate', (bytes) => deflateRawSync(bytes)],
  ['Brotli', 'br', (bytes) => brotliCompressSync(bytes)],
]

for (const [name, encoding, pack] of packers) {
  unpacking(`${name}: wherever it is cut`, async () => {
    for (const bytes of [text, noise, Buffer.from('x')])
      for (const cut of [97, 4_096])
        assert.ok((await unpacked(encoding, pack(bytes), cut)).equals(bytes), `${cut}`)
  })

  unpacking(`${name}: cut short or damaged is an error`, async () => {
    const packed = pack(text)
    for (const broken of [packed.subarray(0, -9), Buffer.from('<!doctype html>')])
      await unpacked(encoding, broken).then(
        (bytes) => assert.not(bytes.equals(text)),
        (error: unknown) => assert.instance(error, Error),
      )
  })
}

// The text above by `zstd -19`, and by `zstd -1 --no-content-size --no-check`; then nothing at all.
const frames = [
  'KLUv/QRorQAAaDxwPsOpdMOpPC9wPgoBAEgY0OcXmlvHnw==',
  'KLUv/QBIrQAAaDxwPsOpdMOpPC9wPgoBAEgY0OcX',
].map((base64) => Buffer.from(base64, 'base64'))
const emptyFrame = Buffer.from('KLUv/SQAAQAAmenYUQ==', 'base64')

unpacking('Zstandard: one frame, several, and none of it, wherever it is cut', async () => {
  for (const cut of [1, 7, 4_096]) {
    for (const frame of frames)
      assert.ok((await unpacked('zstd', frame, cut)).equals(text), `${cut}`)
    const both = await unpacked('zstd', Buffer.concat(frames), cut)
    assert.ok(both.equals(Buffer.concat([text, text])))
    assert.is((await unpacked('zstd', emptyFrame, cut)).length, 0)
  }
})

const refused = async (packed: Buffer) => {
  try {
    await unpacked('zstd', packed, 5)
  } catch (error) {
    return String(error)
  }
  return 'unpacked'
}

unpacking('Zstandard: cut short, damaged, or no such thing is an error', async () => {
  for (const frame of frames) assert.match(await refused(frame.subarray(0, -6)), /Error/)
  assert.match(await refused(Buffer.from('<!doctype html>')), /Error/)
})

unpacking('Zstandard: a window that browsers do not give is refused before it is', async () => {
  const magic = [0x28, 0xb5, 0x2f, 0xfd]
  // 2^27 bytes, said as a window; the same as one segment, with a size of eight bytes.
  const [window, segment] = [
    [...magic, 0x00, 17 << 3, 1, 0, 0],
    [...magic, 0xe0, 0, 0, 0, 8, 0, 0, 0, 0, 1, 0, 0],
  ]
  for (const head of [window, segment])
    assert.match(await refused(Buffer.from(head)), 'a window above 8 MiB')
})

unpacking('an encoding by the names that servers give it', () => {
  assert.is(encodingOf('GZip'), 'gzip')
  assert.is(encodingOf(' x-gzip'), 'gzip')
  assert.is(encodingOf('zstd'), 'zstd')
  for (const other of ['', 'identity', 'compress', 'gzip, br', 'aws-chunked'])
    assert.is(encodingOf(other), undefined)
})

unpacking.run()
