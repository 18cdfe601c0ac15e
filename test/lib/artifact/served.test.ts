// Goal: nothing but the very bytes passes. Method: real servers that are wrong in one way each.

import {existsSync, readFileSync} from 'node:fs'
import type http from 'node:http'
import {join} from 'node:path'
import {brotliCompressSync, deflateRawSync, gzipSync} from 'node:zlib'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {manifestOf} from '../../../scripts/lib/artifact/manifest.ts'
import {isIgnored} from '../../../scripts/lib/artifact/not-served.ts'
import {observeServed, proveServed, type ServedInput} from '../../../scripts/lib/artifact/served.ts'
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
      proof: await proveServed({url: server.url, manifest, pausesMs: [], ignored: ['.*'], ...more}),
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
  const {proof} = await stand(() => false, {ignored: ['.*']})
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
  assert.equal([...new Set(asked)].sort(), ['deflate, br, zstd', 'gzip, deflate, br, zstd'])
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
  assert.ok(performance.now() - began < 9_000)
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

/** Each file packed by what is asked for, `wrong` aside: [encoding, path] -> other bytes. */
function packing(wrong: (encoding: string, path: string) => string | null = () => null): Handle {
  const packers: readonly (readonly [string, (bytes: Buffer) => Buffer])[] = [
    ['br', (bytes) => brotliCompressSync(bytes)],
    ['gzip', (bytes) => gzipSync(bytes)],
    ['deflate', (bytes) => deflateRawSync(bytes)],
  ]
  return (path, file, response, request) => {
    if (!existsSync(file)) return false
    const accepted = String(request.headers['accept-encoding']).split(', ')
    const [encoding, pack] = packers.find(([name]) => accepted.includes(name)) ?? [
      'identity',
      (bytes: Buffer) => bytes,
    ]
    const bytes = wrong(encoding, path)
    response.setHeader('content-encoding', encoding)
    response.end(pack(bytes === null ? readFileSync(file) : Buffer.from(bytes)))
    return true
  }
}

served(
  'each form in which browsers get a file is asked for, and one old one is found',
  async () => {
    const {proof} = await stand(packing())
    assert.is(proof.verdict, 'pass', JSON.stringify(proof))
    for (const stale of ['br', 'gzip', 'deflate', 'identity']) {
      const {proof: found} = await stand(
        packing((encoding, path) => (encoding === stale && path === 'main.dart.js' ? 'old' : null)),
      )
      assert.is(found.verdict, 'fail', stale)
      assert.equal(
        found.different.map(({path}) => path),
        ['main.dart.js'],
      )
      assert.match(JSON.stringify(found.observed), stale === 'identity' ? 'SHA-256' : `, ${stale}`)
    }
  },
)

served(
  'fail: an encoding that no browser unpacks, and bytes that are not packed as said',
  async () => {
    for (const encoding of ['compress', 'zstd', 'gzip, br']) {
      const {proof} = await stand((path, file, response) => {
        if (path !== 'main.dart.js') return false
        response.setHeader('content-encoding', encoding)
        response.end(readFileSync(file))
        return true
      })
      assert.is(proof.verdict, 'fail', encoding)
    }
  },
)

served('fail: a file that does not end is given up at the size it should have', async () => {
  const {proof} = await stand((path, _file, response) => {
    if (path !== 'version.json') return false
    const timer = setInterval(() => response.write(Buffer.alloc(1 << 20)), 1)
    response.on('close', () => clearInterval(timer))
    return true
  })
  assert.is(proof.verdict, 'fail')
  assert.match(JSON.stringify(proof.different), /longer than 10486\d\d bytes/)
})

/** Another artifact on the same ordinary server, which also serves names with a dot where it is told. */
async function standOf(
  own: Readonly<Record<string, string | Uint8Array>>,
  wrong: Handle,
  more: Partial<ServedInput> = {},
) {
  const folder = temporaryFolder(own)
  const asked: string[] = []
  const server = await loopbackServer((request, response) => {
    asked.push(request.url ?? '')
    const path = decodeURI((request.url ?? '/').slice(1))
      .replace(/%3f/gi, '?')
      .replace(/%23/g, '#')
    const file = join(folder.path, path || 'index.html')
    if (wrong(path, file, response, request)) return
    if (!existsSync(file)) return void response.writeHead(404).end()
    response.end(readFileSync(file))
  })
  try {
    const manifest = await manifestOf(folder.path)
    return {asked, proof: await proveServed({url: server.url, manifest, pausesMs: [], ...more})}
  } finally {
    await server.close()
    folder.remove()
  }
}

served(
  'names are asked for as browsers ask: what may stand in an address stands there',
  async () => {
    const names = [
      ...`a@2x.png a+b.js $a.js a&b.js a,b.js a:b.js a;b.js a=b.js a!b.js (a).js a'b.js a*b.js a~b.js`.split(
        ' ',
      ),
      ...[
        'a b.js',
        ' a .js',
        'a%20b.js',
        '100%.js',
        'a?b.js',
        'a#b.js',
        'é.js',
        'e\u0301.js',
        '日本.js',
        '🎉.js',
        'a\u00a0b.js',
      ],
      ...[
        'a"b.js',
        'a<b>.js',
        'a`b.js',
        'a{b}.js',
        'a|b.js',
        'a^b.js',
        'a[b].js',
        '%41.js',
        '..a.js',
        'a..js',
        'node_modules/@x/y.js',
      ],
    ]
    const own = Object.fromEntries(names.map((name) => [name, `// ${name}`]))
    const {proof, asked} = await standOf({...own, 'index.html': 'x'}, () => false)
    assert.is(proof.verdict, 'pass', JSON.stringify(proof.observed))
    assert.is(proof.files, names.length + 2)
    const plain = asked.filter((path) => /^\/[\w.@+$&,:;=!()'*~-]*$/.test(path)).length
    assert.is(plain, 17)
    assert.ok(asked.includes('/a%20b.js') && asked.includes('/100%25.js'))
    assert.ok(asked.includes('/a%3Fb.js') && asked.includes('/a%23b.js'))
  },
)

served('a server that knows such a name only as it is written is right', async () => {
  const {proof} = await standOf(
    {'index.html': 'x', 'img@2x.png': 'y'},
    (_path, file, response, {url}) => {
      if (!url?.includes('%40')) return false
      response.end(readFileSync(join(file, '../index.html')))
      return true
    },
  )
  assert.is(proof.verdict, 'pass', JSON.stringify(proof.observed))
})

served('404.html answered as what it is: its bytes are right, others are not', async () => {
  const own = {'index.html': 'x', '404.html': 'not here', 'fr/404.html': 'pas ici', 'a.html': 'a'}
  const as404: Handle = (path, file, response) => {
    if (!path.endsWith('404.html')) return false
    response.writeHead(404, {'content-type': 'text/html'}).end(readFileSync(file))
    return true
  }
  assert.is((await standOf(own, as404)).proof.verdict, 'pass')
  const others: Handle = (path, _file, response) => {
    if (path !== '404.html') return false
    response.writeHead(404).end('the server’s own')
    return true
  }
  assert.equal(
    (await standOf(own, others)).proof.missing.map(({path}) => path),
    ['404.html'],
  )
  const wholly: Handle = (path, file, response) => {
    if (path !== 'a.html') return false
    response.writeHead(404).end(readFileSync(file))
    return true
  }
  assert.equal(
    (await standOf(own, wholly)).proof.missing.map(({path}) => path),
    ['a.html'],
  )
})

served('clean URLs: pages without their ending, an index without its name', async () => {
  const own = {'index.html': 'x', 'about.html': 'about', 'docs/index.html': 'docs'}
  const {proof} = await standOf(own, (path, file, response) => {
    const clean = `/${path.replace(/\.html$/, '').replace(/(?:^|\/)index$/, '')}`
    if (path.endsWith('.html')) {
      response.writeHead(301, {location: clean}).end()
      return true
    }
    const page = [`${file}.html`, join(file, 'index.html')].find((each) => existsSync(each))
    if (path === '' || page === undefined) return false
    response.end(readFileSync(page))
    return true
  })
  assert.is(proof.verdict, 'pass', JSON.stringify(proof.observed))
})

const dotted = {
  ...{'index.html': 'x', '.last_build_id': 'y', '.hidden/data.json': '{}', 'assets/.env': 'A=1'},
  '.well-known/assetlinks.json': '[]',
}
const hides =
  (pattern: RegExp, status: number): Handle =>
  (path, _file, response) => {
    if (!pattern.test(path)) return false
    response.writeHead(status).end()
    return true
  }

served('names with a dot that are served are compared', async () => {
  const right = await standOf(dotted, () => false, {withholds: true})
  assert.equal([right.proof.verdict, right.proof.files], ['pass', 6])
  const wrong = await standOf(
    dotted,
    (path, _file, response) => path === '.hidden/data.json' && response.end('old') !== undefined,
    {withholds: true},
  )
  assert.equal(
    wrong.proof.different.map(({path}) => path),
    ['.hidden/data.json'],
  )
})

served(
  'names with a dot that the server keeps to itself are not expected, nor waited for',
  async () => {
    const anyDot = /(?:^|\/)\.(?!well-known)/
    for (const status of [403, 404]) {
      const {proof} = await standOf(dotted, hides(anyDot, status), {
        ...{withholds: true, pausesMs: [60_000]},
      })
      assert.is(proof.verdict, 'pass', JSON.stringify(proof.observed))
      assert.is(proof.files, 3)
      assert.equal([...proof.leftOut].sort(), [
        '.hidden/data.json',
        '.last_build_id',
        'assets/.env',
      ])
    }
    const forbidden = await standOf(dotted, hides(/\.env$/, 403), {withholds: true})
    assert.equal([forbidden.proof.verdict, forbidden.proof.leftOut], ['pass', ['assets/.env']])
  },
)

served('one that is served tells that the others should be', async () => {
  const {proof} = await standOf(dotted, hides(/data\.json$/, 404), {withholds: true})
  assert.equal(
    proof.missing.map(({path}) => path),
    ['.hidden/data.json'],
  )
})

served('.well-known is never kept back, and a host that was given a name serves it', async () => {
  for (const withholds of [true, false]) {
    const {proof} = await standOf(dotted, hides(/^\.well-known/, 403), {withholds})
    assert.equal(
      proof.missing.map(({path}) => path),
      ['.well-known/assetlinks.json'],
    )
  }
  const {proof} = await standOf(dotted, hides(/^\.hidden/, 404), {ignored: ['**/.*']})
  assert.equal(
    proof.missing.map(({path}) => path),
    ['.hidden/data.json'],
  )
})

served('left out: dot files except .well-known, names anywhere, folders, exact paths', () => {
  assert.ok(isIgnored('a/.b/c', ['.*']))
  assert.not(isIgnored('.well-known/assetlinks.json', ['.*']))
  assert.ok(isIgnored('.well-known/.hidden', ['.*']))
  assert.ok(isIgnored('maps/x.map', ['maps/']))
  assert.ok(isIgnored('_headers', ['_headers']))
  assert.not(isIgnored('x/_headers', ['_headers']))
  assert.ok(isIgnored('x/_headers', ['**/_headers']) && isIgnored('_headers', ['**/_headers']))
  assert.ok(isIgnored('assets/.env', ['**/.*']) && isIgnored('.last_build_id', ['**/.*']))
  assert.not(isIgnored('.hidden/data.json', ['**/.*']))
  const logs = ['**/debug.*.log']
  assert.ok(isIgnored('a/debug.1.log', logs) && isIgnored('debug.a.b.log', logs))
  assert.not(isIgnored('debug.log', logs) || isIgnored('xdebug.1.log', logs))
  assert.ok(isIgnored('.firebase/a', ['.firebase/*']))
  assert.not(isIgnored('.firebase/a/b', ['.firebase/*']) || isIgnored('b/a', ['.firebase/*']))
  assert.not(isIgnored('debug-1-log', logs) || isIgnored('debug.1.log/x', logs))
})

served.run()
