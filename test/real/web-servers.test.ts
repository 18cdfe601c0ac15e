// Goal: what real web servers serve rightly is proven, and what they serve wrongly is found. Method: nginx,
// Caddy and superstatic over one artifact of odd names, with packed files, clean URLs and caches.

import {mkdirSync, renameSync, rmSync, symlinkSync} from 'node:fs'
import {join} from 'node:path'
import {brotliCompressSync, gzipSync} from 'node:zlib'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {manifestOf} from '../../scripts/lib/artifact/manifest.ts'
import {
  pausesWithin,
  proveServed,
  type ServedInput,
  type ServedProof,
} from '../../scripts/lib/artifact/served.ts'
import {temporaryFolder} from '../helpers/folder.ts'
import {caddy, nginx, superstatic, type WebServer} from './web-servers.ts'

const real = suite('real web servers')

/** Names that people and builders give files, and that mean something else in an address or a pattern. */
const oddNames = [
  ...'icon@2x.png a+b.js $a.js a&b.js a,b.js a:b.js a;b.js a=b.js a!b.js (a).js a*b.js ~a.js'.split(
    ' ',
  ),
  ...["a'b.js", 'a b.js', ' leading.js', 'trailing .js', 'a  b.js', 'tab\tbed.js', 'a"b.js'],
  ...['a<b>.js', 'a`b.js', 'a{b}.js', 'a|b.js', 'a^b.js', 'a[b].js', '[...slug].js', '{{x}}.js'],
  ...['100%.js', '%41.js', '%20.js', '%2F.js', '%2e%2e.js', '%zz.js', '%c3%a9.js', '%25.js'],
  ...[
    'é.js',
    'e\u0301.js',
    '日本語.js',
    'Ж.js',
    'عربى.js',
    '🎉.js',
    '👩‍💻.js',
    'ﬁ.js',
    'a\u00a0b.js',
    'ß.js',
  ],
  ...[
    '..a.js',
    'a..js',
    'a.',
    'noext',
    'A.JS',
    'a.js',
    'con.js',
    'index.js',
    'index.htm',
    '-a.js',
    '--.js',
  ],
  ...['node_modules/@scope/x.js', 'a.b/c.d', 'docs/index.html', 'docs/a.html', 'x.php', 'x.gz.js'],
  ...[
    'a;jsessionid=1.js',
    'http:.js',
    'x'.repeat(200),
    'empty.js',
    'main.dart.js.map',
    '\u200fa.js',
  ],
]
/** `#` and `?` end a path, so they are escaped in an address. */
const marks = ['a#b.js', 'a?b.js', '#.js', 'what?.js']

const page = (title: string) => `<!doctype html><title>${title}</title>`
const body = (name: string) => (name === 'empty.js' ? '' : `// ${name}\n${'abc '.repeat(200)}`)

type Files = Readonly<Record<string, string | Uint8Array>>

const odd = (names: readonly string[]): Files => ({
  ...Object.fromEntries(names.map((name) => [name, body(name)])),
  ...{'index.html': page('app'), '404.html': page('not here'), 'about.html': page('about')},
  ...{'.last_build_id': 'x', 'assets/.env': 'A=1', '.hidden/data.json': '{}'},
  '.well-known/assetlinks.json': '[]',
})

/** The proof of `artifact` on a server over a folder that holds these files. */
async function stand(
  start: (root: string) => Promise<WebServer>,
  {artifact, beside = {}}: {artifact: Files; beside?: Files},
  more: Partial<ServedInput> = {},
): Promise<ServedProof> {
  const [folder, root] = [temporaryFolder(artifact), temporaryFolder({...artifact, ...beside})]
  try {
    const manifest = await manifestOf(folder.path)
    const server = await start(root.path)
    try {
      return await proveServed({url: server.url, manifest, pausesMs: [], ...more})
    } finally {
      await server.close()
    }
  } finally {
    folder.remove()
    root.remove()
  }
}

const found = ({missing, different, unanswered}: ServedProof) =>
  [...missing, ...different, ...unanswered].map(({path}) => path).sort()

const servers: Readonly<Record<string, (root: string) => Promise<WebServer>>> = {
  nginx: (root) =>
    nginx(root, 'gzip on; gzip_types *; gzip_min_length 1; error_page 404 /404.html;'),
  'nginx with clean URLs': (root) =>
    nginx(
      root,
      `if ($request_uri ~ ^/((.*)/)?index\\.html$) { return 301 /$2; }
       if ($request_uri ~ ^/(.*)\\.html$) { return 301 /$1; }
       location / { try_files $uri $uri.html $uri/index.html =404; }
       error_page 404 /404.html; location = /404.html { internal; }`,
    ),
  caddy: (root) =>
    caddy(
      root,
      'encode zstd gzip\nfile_server\nhandle_errors {\nrewrite * /404.html\nfile_server\n}',
    ),
  'caddy with clean URLs': (root) =>
    caddy(
      root,
      `@page path_regexp page ^/(.*)\\.html$
       redir @page /{re.page.1} 301
       try_files {path} {path}.html
       file_server`,
    ),
  superstatic: (root) => superstatic(root, {}),
  'superstatic with clean URLs': (root) => superstatic(root, {cleanUrls: true}),
  'superstatic with slashes': (root) => superstatic(root, {cleanUrls: true, trailingSlash: true}),
}

for (const [name, start] of Object.entries(servers)) {
  real(`${name}: ${oddNames.length} odd names, and every one of them`, async () => {
    const names = [...oddNames, ...marks.filter((mark) => !neverServed(name).test(mark))]
    const proof = await stand(start, {artifact: odd(names)}, {withholds: true})
    assert.equal(found(proof), [])
    assert.is(proof.verdict, 'pass', JSON.stringify(proof.observed))
    assert.is(proof.files, names.length + 8)
    assert.equal(proof.leftOut, [])
  })
}

/** superstatic leaves such marks escaped when it looks for a file; Caddy's try_files takes what follows a `?` for a query. */
const neverServed = (name: string): RegExp =>
  name.startsWith('superstatic') ? /[#?]/ : name.startsWith('caddy with') ? /\?/ : /^$/

real('what a server never serves, however it is asked, is not proven', async () => {
  const artifact = {...odd([]), ...Object.fromEntries(marks.map((name) => [name, body(name)]))}
  for (const [name, start] of Object.entries(servers)) {
    const lost = marks.filter((mark) => neverServed(name).test(mark)).sort()
    assert.equal(found(await stand(start, {artifact})), lost, name)
  }
})

const script = 'main.dart.js'
const now = `console.log(${'"new"'.repeat(500)})`
const old = now.replaceAll('new', 'old')

const packed: Readonly<Record<string, (text: string) => Buffer>> = {
  gz: (text) => gzipSync(text),
  br: (text) => brotliCompressSync(text),
  zst: zstandard,
}

/** One segment with one raw block (RFC 8878): all that a server and a browser need of a frame. */
function zstandard(text: string): Buffer {
  const bytes = Buffer.from(text)
  const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0, 0, 0, 0, 0, 0, 0])
  head.writeUInt32LE(bytes.length, 5)
  head.writeUIntLE(1 + bytes.length * 8, 9, 3)
  return Buffer.concat([head, bytes])
}

const precompressing: Readonly<
  Record<string, {start: (root: string) => Promise<WebServer>; endings: readonly string[]}>
> = {
  nginx: {start: (root) => nginx(root, 'gzip_static on;'), endings: ['gz']},
  caddy: {
    start: (root) => caddy(root, 'file_server {\nprecompressed zstd br gzip\n}'),
    endings: ['gz', 'br', 'zst'],
  },
}

for (const [name, {start, endings}] of Object.entries(precompressing)) {
  const besides = (text: string) =>
    Object.fromEntries(
      endings.map((ending) => [`${script}.${ending}`, packed[ending]?.(text) ?? '']),
    )
  const artifact = {'index.html': page('app'), [script]: now}

  real(`${name}: packed files of this build are right`, async () => {
    const proof = await stand(start, {artifact: {...artifact, ...besides(now)}})
    assert.equal([proof.verdict, proof.files], ['pass', 3 + endings.length])
  })

  for (const ending of endings) {
    real(`${name}: an old ${script}.${ending} beside the new ${script} is found`, async () => {
      const stale = {[`${script}.${ending}`]: packed[ending]?.(old) ?? ''}
      const proof = await stand(start, {artifact, beside: {...besides(now), ...stale}})
      assert.equal(found(proof), [script])
      assert.match(JSON.stringify(proof.observed), /, (?:gzip|br|zstd)\)/)
    })
  }
}

real('nginx that keeps names with a dot to itself, and one that lost one', async () => {
  const denies = (root: string) => nginx(root, 'location ~ /\\.(?!well-known) { deny all; }')
  const proof = await stand(denies, {artifact: odd(['a.js'])}, {withholds: true})
  assert.is(proof.verdict, 'pass', JSON.stringify(proof.observed))
  assert.equal([...proof.leftOut].sort(), ['.hidden/data.json', '.last_build_id', 'assets/.env'])
  const lost = (root: string) => {
    rmSync(join(root, '.hidden/data.json'))
    return nginx(root, '')
  }
  assert.equal(found(await stand(lost, {artifact: odd(['a.js'])}, {withholds: true})), [
    '.hidden/data.json',
  ])
})

real('a single-page rewrite hides no file that is missing', async () => {
  for (const start of [
    (root: string) => nginx(root, 'location / { try_files $uri /index.html; }'),
    (root: string) => caddy(root, 'try_files {path} /index.html\nfile_server'),
    (root: string) => superstatic(root, {rewrites: [{source: '**', destination: '/index.html'}]}),
  ]) {
    const lost = (root: string) => {
      rmSync(join(root, 'a.js'))
      return start(root)
    }
    const artifact = {'index.html': page('app'), 'a.js': 'a', 'b.js': 'b'}
    assert.is((await stand(start, {artifact})).verdict, 'pass')
    const proof = await stand(lost, {artifact})
    assert.equal(found(proof), ['a.js'])
    assert.match(JSON.stringify(proof.observed), 'index.html in its place')
  }
})

real(
  'nginx with open_file_cache serves the release before until its cache is asked anew',
  async () => {
    const [before, after] = [
      temporaryFolder({'index.html': page('before'), [script]: old}),
      temporaryFolder({'index.html': page('after'), [script]: now}),
    ]
    const root = temporaryFolder()
    const current = join(root.path, 'current')
    const switchTo = (release: string) => {
      symlinkSync(release, join(root.path, '.next'))
      renameSync(join(root.path, '.next'), current)
    }
    mkdirSync(join(root.path, 'releases'))
    switchTo(before.path)
    const server = await nginx(
      current,
      'open_file_cache max=1000 inactive=60s; open_file_cache_valid 6s;',
    )
    const prove = async (folder: string, ms: number) =>
      proveServed({url: server.url, manifest: await manifestOf(folder), pausesMs: pausesWithin(ms)})
    try {
      assert.is((await prove(before.path, 0)).verdict, 'pass')
      switchTo(after.path)
      assert.equal(found(await prove(after.path, 0)), ['', 'index.html', script])
      assert.is((await prove(after.path, 20_000)).verdict, 'pass')
      // And back, as a rollback does.
      switchTo(before.path)
      assert.is((await prove(before.path, 0)).verdict, 'fail')
      assert.is((await prove(before.path, 20_000)).verdict, 'pass')
    } finally {
      await server.close()
      for (const folder of [before, after, root]) folder.remove()
    }
  },
)

real.run()
