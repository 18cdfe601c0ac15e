// Goal: nothing but the very bytes passes. Method: real servers that are wrong in one way each.

import {existsSync, readFileSync} from 'node:fs'
import type http from 'node:http'
import {join} from 'node:path'
import {gzipSync} from 'node:zlib'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {manifestOf} from '../../../scripts/lib/artifact/manifest.ts'
import {
  isIgnored,
  observeServed,
  proveServed,
  type ServedInput,
} from '../../../scripts/lib/artifact/served.ts'
import {temporaryFolder} from '../../helpers/folder.ts'
import {loopbackServer} from '../../helpers/server.ts'

const served = suite('served bytes')

const files = {
  'index.html': '<!doctype html><title>app</title>',
  'main.dart.js': `console.log(${'"x"'.repeat(2000)})`,
  'version.json': '{"version":"1"}',
  'assets/a b é#?.bin': new Uint8Array(70_000).fill(7),
  'flutter_service_worker.js': '',
  '.last_build_id': 'x',
}

type Handle = (
  path: string,
  file: string,
  response: http.ServerResponse,
  request: http.IncomingMessage,
) => boolean

/** Serves the files like an ordinary server, except where `wrong` answers in its place. */
async function stand(wrong: Handle, more: Partial<ServedInput> = {}) {
  const folder = temporaryFolder(files)
  const server = await loopbackServer((request, response) => {
    const path = decodeURIComponent((request.url ?? '/').slice(1)) || 'index.html'
    const file = join(folder.path, path)
    response.setHeader('content-type', path.endsWith('.html') ? 'text/html' : typeOf(path))
    if (wrong(path, file, response, request)) return
    if (path.startsWith('.') || !existsSync(file)) {
      response.statusCode = 404
      response.end()
      return
    }
    response.end(readFileSync(file))
  })
  try {
    const manifest = await manifestOf(folder.path)
    return {
      proof: await proveServed({url: server.url, manifest, pausesMs: [], ...more}),
      seen: await observeServed({
        url: server.url,
        paths: manifest.files.map((file) => file.path),
        timeoutMs: more.timeoutMs ?? 10_000,
      }).catch(() => null),
    }
  } finally {
    await server.close()
    folder.remove()
  }
}

const typeOf = (path: string) =>
  path.endsWith('.js') ? 'text/javascript' : 'application/octet-stream'

served('pass: every file, / too; what no host serves is said, not counted', async () => {
  const {proof} = await stand(() => false)
  assert.is(proof.verdict, 'pass', JSON.stringify(proof))
  assert.is(proof.files, 6)
  assert.equal(proof.leftOut, ['.last_build_id'])
  assert.match(JSON.stringify(proof.observed), 'never served by nature')
})

served('fail: a partial deployment, naming the files that are missing', async () => {
  const {proof} = await stand((path, _file, response) => {
    if (path !== 'version.json') return false
    response.statusCode = 404
    response.end()
    return true
  })
  assert.is(proof.verdict, 'fail')
  assert.equal(
    proof.missing.map(({path}) => path),
    ['version.json'],
  )
  assert.match(JSON.stringify(proof.observed), 'version.json (HTTP 404)')
})

served('fail: index.html with status 200 in the place of a missing main.dart.js', async () => {
  const {proof, seen} = await stand((path, file, response) => {
    if (path !== 'main.dart.js') return false
    response.setHeader('content-type', 'text/html')
    response.end(readFileSync(join(file, '../index.html')))
    return true
  })
  assert.is(proof.verdict, 'fail')
  assert.match(JSON.stringify(proof.missing), 'index.html in its place')
  assert.not(seen?.files.some(({path}) => path === 'main.dart.js'))
})

served('fail: one byte that differs', async () => {
  const {proof} = await stand((path, file, response) => {
    if (path !== 'main.dart.js') return false
    response.end(String(readFileSync(file)).replace('x', 'y'))
    return true
  })
  assert.is(proof.verdict, 'fail')
  assert.equal(
    proof.different.map(({path}) => path),
    ['main.dart.js'],
  )
})

served('fail: the right bytes of a script that calls itself a page', async () => {
  const {proof} = await stand((path, file, response) => {
    if (path !== 'main.dart.js') return false
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end(readFileSync(file))
    return true
  })
  assert.is(proof.verdict, 'fail')
})

served('pass: a server that compresses although identity was asked for', async () => {
  const asked: (string | undefined)[] = []
  const {proof} = await stand((path, file, response, request) => {
    asked.push(request.headers['accept-encoding'])
    if (path.startsWith('.')) return false
    response.setHeader('content-encoding', 'gzip')
    response.end(gzipSync(readFileSync(file)))
    return true
  })
  assert.is(proof.verdict, 'pass', JSON.stringify(proof))
  assert.ok(asked.every((encoding) => encoding === 'identity'))
})

served('fail: a body that is cut short, plain or compressed', async () => {
  for (const encoding of ['', 'gzip']) {
    const {proof} = await stand((path, file, response) => {
      if (path !== 'main.dart.js') return false
      const body = encoding === 'gzip' ? gzipSync(readFileSync(file)) : readFileSync(file)
      if (encoding === 'gzip') response.setHeader('content-encoding', encoding)
      response.setHeader('content-length', body.length)
      response.write(body.subarray(0, body.length >> 1), () => response.destroy())
      return true
    })
    assert.is(proof.verdict, 'fail', JSON.stringify(proof))
    assert.equal(
      proof.different.map(({path}) => path),
      ['main.dart.js'],
    )
  }
})

served('unknown: a server that accepts and says nothing, given up within the time', async () => {
  const began = performance.now()
  const {proof} = await stand(() => true, {width: 4, timeoutMs: 400})
  assert.is(proof.verdict, 'unknown')
  assert.ok(performance.now() - began < 6_000)
})

served('unknown: nobody listens', async () => {
  const folder = temporaryFolder({'index.html': ''})
  try {
    const server = await loopbackServer(() => {})
    await server.close()
    const manifest = await manifestOf(folder.path)
    const proof = await proveServed({url: server.url, manifest, pausesMs: []})
    assert.is(proof.verdict, 'unknown')
    assert.match(JSON.stringify(proof.observed), 'ECONNREFUSED')
  } finally {
    folder.remove()
  }
})

served('waits for a host that needs a moment, and only for what is not right yet', async () => {
  let looks = 0
  const paths: string[] = []
  const {proof} = await stand(
    (path, _file, response) => {
      paths.push(path)
      if (path !== 'version.json' || ++looks > 2) return false
      response.statusCode = 404
      response.end()
      return true
    },
    {pausesMs: [1, 1, 1]},
  )
  assert.is(proof.verdict, 'pass')
  assert.is(looks >= 3, true)
  assert.is(paths.slice(6, 8).join(), 'version.json,version.json')
})

served('follows a redirect within the site, not to another one', async () => {
  const elsewhere = await loopbackServer((_request, response) => response.end('{"version":"1"}'))
  try {
    const {proof} = await stand((path, _file, response) => {
      if (path !== 'version.json' && path !== 'index.html') return false
      if (path === 'index.html' && response.req.url === '/') return false
      response.statusCode = 301
      response.setHeader('location', path === 'index.html' ? '/' : `${elsewhere.url}/version.json`)
      response.end()
      return true
    })
    assert.equal(
      proof.missing.map(({path}) => path),
      ['version.json'],
    )
  } finally {
    await elsewhere.close()
  }
})

served('an artifact without files proves nothing', async () => {
  const proof = await proveServed({
    url: 'http://127.0.0.1:1',
    manifest: {files: [], bytes: 0, digest: ''},
  })
  assert.is(proof.verdict, 'unknown')
})

served('left out: dot files except .well-known, folders, exact paths', () => {
  assert.ok(isIgnored('a/.b/c'))
  assert.not(isIgnored('.well-known/assetlinks.json'))
  assert.ok(isIgnored('maps/x.map', ['maps/']))
  assert.ok(isIgnored('_headers', ['_headers']))
  assert.not(isIgnored('x/_headers', ['_headers']))
})

served.run()
