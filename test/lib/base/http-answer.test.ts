// Goal: no answer takes more memory or time than was meant, and none comes from another host.
// Method: real servers that never end, unpack to gigabytes, trickle, or lead away.

import type {RequestListener} from 'node:http'
import {Readable} from 'node:stream'
import {createGzip} from 'node:zlib'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {
  boundedFetch,
  type HttpQuestion,
  httpAnswer,
  Redirected,
  TooLong,
} from '../../../scripts/lib/base/http-answer.ts'
import {bodyOf, loopbackServer} from '../../helpers/server.ts'

const http = suite('answers over HTTP')

const quick = {timeoutMs: 20_000}

async function asked(handle: RequestListener, question: Partial<HttpQuestion> = {}, path = '/') {
  const server = await loopbackServer(handle)
  try {
    return await httpAnswer(fetch, server.url + path, {...quick, ...question})
  } finally {
    await server.close()
  }
}

async function thrown(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise
  } catch (error) {
    assert.instance(error, Error)
    return error instanceof Error ? error : new Error()
  }
  throw new Error('there was an answer')
}

const zeros = Buffer.alloc(1 << 20)
const endless = () =>
  Readable.from(
    (function* () {
      for (;;) yield zeros
    })(),
  )

http('a whole answer: any status, its headers, its bytes and its text', async () => {
  const answer = await asked((_, response) =>
    response.writeHead(503, {'x-why': 'full'}).end('trop tôt'),
  )
  assert.equal(
    [answer.status, answer.ok, answer.headers.get('x-why'), answer.text, answer.bytes.length],
    [503, false, 'full', 'trop tôt', 9],
  )
})

http('a body that fits to the byte is taken, one byte more is not', async () => {
  const body: RequestListener = (_, response) => response.end('x'.repeat(1_000))
  assert.is((await asked(body, {bytesMost: 1_000})).bytes.length, 1_000)
  assert.instance(await thrown(asked(body, {bytesMost: 999})), TooLong)
})

http('an endless answer ends at its size, and the server is told', async () => {
  let sent = 0
  let closed = () => {}
  const told = new Promise<void>((resolve) => {
    closed = resolve
  })
  const server = await loopbackServer((_, response) => {
    const source = endless().on('data', () => {
      sent += zeros.length
    })
    response.on('close', () => {
      source.destroy()
      closed()
    })
    source.pipe(response)
  })
  try {
    assert.instance(await thrown(httpAnswer(fetch, server.url, quick)), TooLong)
    await told
    assert.ok(sent < 64 * 2 ** 20, `${sent} bytes were sent`)
  } finally {
    await server.close()
  }
})

http('what unpacks without end ends at the size of what is unpacked', async () => {
  const began = performance.now()
  const before = process.memoryUsage().rss
  const error = await thrown(
    asked((_, response) => {
      response.setHeader('content-encoding', 'gzip')
      const source = endless()
      response.on('close', () => source.destroy())
      source.pipe(createGzip({level: 1})).pipe(response)
    }),
  )
  assert.instance(error, TooLong)
  assert.ok(process.memoryUsage().rss - before < 300 * 2 ** 20)
  assert.ok(performance.now() - began < 15_000)
})

http('a body that trickles has the time of the answer, not of each byte', async () => {
  const began = performance.now()
  const error = await thrown(
    asked(
      (_, response) => {
        const timer = setInterval(() => response.write('.'), 50)
        response.on('close', () => clearInterval(timer))
      },
      {timeoutMs: 400},
    ),
  )
  assert.is(error.name, 'TimeoutError')
  assert.ok(performance.now() - began < 5_000)
})

http('a body that is not wanted is not waited for', async () => {
  const answer = await asked((_, response) => void endless().pipe(response), {read: false})
  assert.equal([answer.status, answer.bytes.length], [200, 0])
})

http('the caller’s own signal ends it', async () => {
  const own = new AbortController()
  setTimeout(() => own.abort(new Error('stopped by a person')), 50)
  const error = await thrown(asked(() => {}, {signal: own.signal}))
  assert.is(error.message, 'stopped by a person')
})

http('an API is not followed anywhere, and its secret is not carried on', async () => {
  const met: (string | undefined)[] = []
  const other = await loopbackServer((request, response) => {
    met.push(request.headers.authorization)
    response.end('{}')
  })
  try {
    for (const redirects of ['refuse', 'here'] as const) {
      const error = await thrown(
        asked((_, response) => response.writeHead(302, {location: other.url}).end(), {
          headers: {authorization: 'Bearer secret'},
          redirects,
        }),
      )
      assert.instance(error, Redirected)
      assert.match(error.message, new URL(other.url).host)
    }
    assert.equal(met, [])
  } finally {
    await other.close()
  }
})

http('a page is followed within its host, and no further than five times', async () => {
  const page: RequestListener = (request, response) =>
    request.url === '/new'
      ? response.end('page')
      : response.writeHead(301, {location: '/new'}).end()
  assert.is((await asked(page, {redirects: 'here'}, '/old')).text, 'page')
  assert.instance(await thrown(asked(page, {}, '/old')), Redirected)
  assert.is((await asked(page, {redirects: 'tell'}, '/old')).status, 301)
  const circle: RequestListener = (_, response) => response.writeHead(302, {location: '/'}).end()
  assert.match((await thrown(asked(circle, {redirects: 'here'}))).message, 'in a circle')
  const nowhere: RequestListener = (_, response) =>
    response.writeHead(302, {location: 'http://['}).end()
  assert.instance(await thrown(asked(nowhere, {redirects: 'here'})), Redirected)
})

http('what was sent is not sent again to where a redirect leads', async () => {
  const bodies: string[] = []
  const error = await thrown(
    asked(
      async (request, response) => {
        bodies.push(await bodyOf(request))
        response.writeHead(307, {location: '/again'}).end()
      },
      {method: 'POST', body: 'password', redirects: 'here'},
    ),
  )
  assert.instance(error, Redirected)
  assert.equal(bodies, ['password'])
})

http(
  'behind the signature of fetch: method, headers, body, status, and the same limits',
  async () => {
    const server = await loopbackServer(async (request, response) => {
      if (request.url === '/endless') return void endless().pipe(response)
      if (request.url === '/gone') return void response.writeHead(204).end()
      if (request.url === '/moved') return void response.writeHead(301, {location: '/'}).end()
      response.setHeader('content-encoding', 'gzip')
      const packed = createGzip()
      packed.pipe(response.writeHead(201))
      packed.end(`${request.method} ${request.headers['x-a'] ?? ''} ${await bodyOf(request)}`)
    })
    try {
      const bounded = boundedFetch(fetch, quick)
      const made = await bounded(server.url, {method: 'POST', headers: {'x-a': 'b'}, body: 'c'})
      assert.equal([made.status, await made.text()], [201, 'POST b c'])
      assert.is((await bounded(`${server.url}/gone`)).status, 204)
      assert.is(await (await bounded(`${server.url}/moved`)).text(), 'GET  ')
      assert.instance(await thrown(bounded(`${server.url}/endless`)), TooLong)
      const aborted = bounded(server.url, {signal: AbortSignal.abort(new Error('no'))})
      assert.is((await thrown(aborted)).message, 'no')
    } finally {
      await server.close()
    }
  },
)

http.run()
