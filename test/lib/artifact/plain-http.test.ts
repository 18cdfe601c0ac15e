// Goal: the quick way of reading an answer says null to everything that is not plain, so that only the
// careful way judges it. Method: a socket server that writes any bytes, whole or cut anywhere.

import {createHash} from 'node:crypto'
import net from 'node:net'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {createPlainLane, type PlainAnswer} from '../../../scripts/lib/artifact/plain-http.ts'

const plain = suite('plain HTTP answers')

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const ok = (body: string, more = '') =>
  `HTTP/1.1 200 OK\r\ncontent-type: Text/HTML; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${more}\r\n${body}`

interface Asked {
  readonly answers: readonly (PlainAnswer | null | string)[]
  readonly connections: number
  readonly requests: readonly string[]
}

/** Asks once for each of `replies` in turn, one after the other. An empty reply is silence. */
async function ask(replies: readonly string[], cut = 1 << 20, bytesMost = 1 << 30): Promise<Asked> {
  let connections = 0
  const requests: string[] = []
  const left = [...replies]
  const server = net.createServer((socket) => {
    connections += 1
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      requests.push(chunk.toString('latin1'))
      const bytes = Buffer.from(left.shift() ?? '')
      void (async () => {
        for (let at = 0; at < bytes.length; at += cut) {
          socket.write(bytes.subarray(at, at + cut))
          if (at + cut < bytes.length) await new Promise((resolve) => setImmediate(resolve))
        }
      })()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const lane = createPlainLane({timeoutMs: 1_500})
  const answers: (PlainAnswer | null | string)[] = []
  try {
    for (const at of replies.keys())
      answers.push(
        await lane
          .get(new URL(`http://127.0.0.1:${port}/a%20b/${at}?q=1`), {accept: 'identity', bytesMost})
          .catch((error: unknown) => String(error)),
      )
    return {answers, connections, requests}
  } finally {
    lane.close()
    await new Promise((resolve) => server.close(resolve))
  }
}

plain('are read from one connection, wherever their bytes are cut', async () => {
  const bodies = ['<p>été</p>', '', 'x'.repeat(200_000)]
  for (const cut of [1 << 20, 4_096]) {
    const {answers, connections, requests} = await ask(
      bodies.map((body) => ok(body)),
      cut,
    )
    assert.equal(
      answers,
      bodies.map((body) => ({
        ...{status: 200, type: 'text/html'},
        ...{bytes: Buffer.byteLength(body), sha256: sha256(body)},
      })),
    )
    assert.is(connections, 1)
    assert.match(requests[0] ?? '', /^GET \/a%20b\/0\?q=1 HTTP\/1\.1\r\nhost: 127\.0\.0\.1:\d+\r\n/)
  }
  const [bytewise] = (await ask([ok('one byte at a time')], 1)).answers
  assert.is(typeof bytewise === 'object' && bytewise?.sha256, sha256('one byte at a time'))
})

const oddities: Readonly<Record<string, string>> = {
  'another status': 'HTTP/1.1 404 Not Found\r\ncontent-length: 1\r\n\r\nx',
  'a redirect': 'HTTP/1.1 301 Moved\r\nlocation: /x\r\ncontent-length: 0\r\n\r\n',
  'an older protocol': 'HTTP/1.0 200 OK\r\ncontent-length: 1\r\n\r\nx',
  'no length': 'HTTP/1.1 200 OK\r\n\r\nx',
  chunks: 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n',
  'chunks beside a length': ok('x', 'transfer-encoding: chunked\r\n'),
  'two lengths': ok('x', 'content-length: 1\r\n'),
  'a length that is none': 'HTTP/1.1 200 OK\r\ncontent-length: +1\r\n\r\nx',
  'a list of lengths': 'HTTP/1.1 200 OK\r\ncontent-length: 1, 1\r\n\r\nx',
  'an encoding': ok('x', 'content-encoding: gzip\r\n'),
  'a folded line': ok('x', ' folded: 1\r\n'),
  'a name with a space': ok('x', 'content-encoding : gzip\r\n'),
  'more than was announced': `${ok('x')}HTTP/1.1 200 OK\r\n`,
  'a head without end': `HTTP/1.1 200 OK\r\nx: ${'x'.repeat(40_000)}`,
  'no HTTP': 'hello\r\n\r\n',
  'a provisional answer': `HTTP/1.1 100 Continue\r\n\r\n${ok('x')}`,
}

for (const [what, reply] of Object.entries(oddities)) {
  plain(`leave ${what} to the careful way`, async () => {
    assert.equal((await ask([reply])).answers, [null])
  })
}

plain('leave what is longer than it may be to the careful way, before it comes', async () => {
  const endless = 'HTTP/1.1 200 OK\r\ncontent-length: 999999999999\r\n\r\nx'
  assert.equal(
    (await ask([endless, ok('xy'), ok('x')], 1 << 20, 1)).answers.map((is) => is !== null),
    [...[false, false, true]],
  )
})

plain('throw on silence, before the head and within the body', async () => {
  const {answers} = await ask(['', ok('whole').slice(0, -2)])
  for (const answer of answers) assert.match(String(answer), 'no byte for 1.5 s')
})

plain('ask no more of a server that never answers plainly', async () => {
  const {answers, requests} = await ask(Array.from({length: 6}, () => 'HTTP/1.1 200 OK\r\n\r\n'))
  assert.equal(answers, [null, null, null, null, null, null])
  assert.is(requests.length, 3)
})

plain.run()
