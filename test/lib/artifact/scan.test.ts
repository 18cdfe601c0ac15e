// Every form in which a secret has been found in a build, and none of the harmless look-alikes.

import {existsSync, readFileSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {gzipSync} from 'node:zlib'
import fc from 'fast-check'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {
  definesPath,
  publicDefines,
  removeDefines,
  writeDefines,
} from '../../../scripts/lib/artifact/defines.ts'
import {scanArtifact} from '../../../scripts/lib/artifact/scan.ts'
import {readKey, refOfUrl, secretKind} from '../../../scripts/lib/domain/secret.ts'
import {readEnvFile} from '../../../scripts/lib/policy/env-file.ts'
import {sha256} from '../../../scripts/lib/store/journal.ts'
import {temporaryFolder} from '../../helpers/folder.ts'

const scan = suite('artifact scan')

const ref = 'abcdefghijklmnopqrst'
const other = 'zzzzzzzzzzyyyyyyyyyy'
const jwt = (claims: Record<string, unknown>) =>
  [{alg: 'HS256', typ: 'JWT'}, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .concat('c2lnbmF0dXJl')
    .join('.')
const password = 'P@ss/w"rd ünïque'

async function found(content: string | Uint8Array, name = 'main.dart.js') {
  const folder = temporaryFolder({[name]: content})
  try {
    const result = await scanArtifact({
      folder: folder.path,
      paths: [name],
      forbidden: [{label: 'DB_PASSWORD', word: password}],
      wanted: [{label: 'URL', word: `https://${ref}.supabase.co`}],
      ref,
    })
    return result
  } finally {
    folder.remove()
  }
}

const wrong: readonly [string, string | Uint8Array, string][] = [
  ['a service_role token', `x="${jwt({role: 'service_role', ref})}"`, 'service-key'],
  ['a key of another project', jwt({role: 'anon', ref: other}), 'foreign-key'],
  ['a secret key', 'k:"sb_secret_abc123"', 'secret-key'],
  ['a database URL', "u='postgresql://u:p@h/db'", 'database-url'],
  ['its short scheme, in capitals', 'POSTGRES://u@h', 'database-url'],
  ['a private key', '-----BEGIN PRIVATE KEY-----', 'private-key'],
  ['a value as it is', `a${password}b`, 'needle'],
  ['a value in JSON', JSON.stringify({password}), 'needle'],
  ['a value in a URL', `?p=${encodeURIComponent(password)}`, 'needle'],
  ['a value in base64', Buffer.from(`user:${password}!`).toString('base64'), 'needle'],
  ['a value in base64url', Buffer.from(`${password}??>`).toString('base64url'), 'needle'],
]
for (const [title, content, type] of wrong) {
  scan(`finds ${title}`, async () => {
    const {found: list} = await found(content)
    assert.ok(
      list.some(({what}) => (what.type === 'secret' ? what.kind : what.type) === type),
      JSON.stringify(list),
    )
    assert.not(JSON.stringify(list).includes(password))
  })
}

scan('finds a secret in a compressed file, and on the border of two reads', async () => {
  const text = `${' '.repeat((1 << 22) - 4)}sb_secret_abc123`
  assert.is((await found(text)).found.length, 1)
  assert.is((await found(gzipSync('sb_secret_abc123'), 'a.js.gz')).found.length, 1)
})

// What is promised, said as plainly as it can be: forms of a word anywhere, and four forms of secrets.
function saidPlainly(text: string): string[] {
  const bytes = Buffer.from(password, 'utf8')
  const json = JSON.stringify(password).slice(1, -1)
  const plain = [password, json, json.replaceAll('/', '\\/'), encodeURIComponent(password)]
  const packed = [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
    return encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6))
  })
  const forms = [
    ...plain.map((form) => Buffer.from(form).toString('latin1')),
    ...packed,
    ...packed.map((form) => form.replaceAll('+', '-').replaceAll('/', '_')),
  ]
  const kinds = new Set<string>()
  if (forms.some((form) => text.includes(form))) kinds.add('needle')
  if (/sb_secret_[\w-]{4}/.test(text)) kinds.add('secret-key')
  if (/postgres(?:ql)?:\/\//i.test(text)) kinds.add('database-url')
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) kinds.add('private-key')
  // Wherever one begins, within another one too.
  for (const [, token = ''] of text.matchAll(/(?=(eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]+))/g)) {
    const key = readKey(token)
    if (key?.role && key.role !== 'anon') kinds.add('service-key')
    if (key?.ref && key.ref !== ref) kinds.add('foreign-key')
  }
  return [...kinds].sort()
}

scan('finds what is promised and nothing else, whatever stands beside it', async () => {
  const latin = (word: string) => Buffer.from(word, 'utf8').toString('latin1')
  const [head, body] = jwt({role: 'service_role', ref}).split('.')
  const piece = fc.constantFrom(
    ...[latin(password), latin(password).slice(0, -1), latin(encodeURIComponent(password))],
    ...[latin(JSON.stringify(password).slice(1, -1)), 'sb_secret_', 'sb_secret_abc', 'a1_-', '.'],
    ...[
      'Postgres',
      'postgresql',
      '://',
      'POSTGRESQL://',
      '-----BEGIN ',
      'RSA ',
      'PRIVATE KEY-----',
    ],
    ...[' ', '"', jwt({role: 'service_role', ref}), jwt({role: 'anon', ref}), 'eyJ', '.eyJ', '-'],
    ...[
      jwt({role: 'anon', ref: other}),
      `${head}.${body}.`,
      `${head}.`,
      Buffer.from(`x${password}`).toString('base64'),
    ],
    ...[
      Buffer.from(`xy${password}`).toString('base64url'),
      Buffer.from(password).toString('base64'),
    ],
  )
  await fc.assert(
    fc.asyncProperty(fc.array(piece, {maxLength: 12}), async (pieces) => {
      const text = pieces.join('')
      const {found: list} = await found(Buffer.from(text, 'latin1'))
      const kinds = list.map(({what}) => (what.type === 'secret' ? what.kind : what.type))
      assert.equal([...new Set(kinds)].sort(), saidPlainly(text), JSON.stringify(text))
    }),
    {numRuns: 300},
  )
})

scan('hashes each file as it reads it', async () => {
  const {files} = await found('x'.repeat((1 << 22) + 7))
  assert.is(files[0]?.sha256, sha256('x'.repeat((1 << 22) + 7)))
  const packed = Buffer.concat([gzipSync('a'), Buffer.alloc(70_000)])
  assert.is((await found(packed, 'a.gz')).files[0]?.sha256, sha256(packed))
  assert.is((await found('')).files[0]?.bytes, 0)
})

scan('leaves the public key, look-alikes and the right address alone', async () => {
  const {found: list, seen} = await found(
    `${jwt({role: 'anon', ref})} sb_publishable_abc https:\\/\\/${ref}.supabase.co eyJhbGciOi postgres`,
  )
  assert.equal(list, [])
  assert.ok(seen.has('URL'))
})

scan('an address that is not inside is not seen', async () => {
  assert.not((await found(`https://${other}.supabase.co`)).seen.has('URL'))
})

const secret = suite('secrets by their form')

secret('reads what a key says it is', () => {
  assert.equal(readKey(jwt({role: 'anon', ref})), {role: 'anon', ref})
  assert.is(readKey('sb_publishable_x'), null)
  assert.is(secretKind(jwt({role: 'service_role', ref})), 'service-key')
  assert.is(secretKind(jwt({role: 'anon', ref})), null)
})

secret('reads the project that an address names', () => {
  assert.is(refOfUrl(`https://${ref}.supabase.co/x`), ref)
  assert.is(refOfUrl(`http://127.0.0.1:54321/${ref}`), ref)
  assert.is(refOfUrl(`https://${ref}.supabase.co.evil.example`), null)
  assert.is(refOfUrl(`https://evil.example/a/${ref}`), null)
  assert.is(refOfUrl('https://api.example.org'), null)
})

const defines = suite('defines file')

defines('holds only the public values, privately, and is gone afterwards', async () => {
  const folder = temporaryFolder({
    '.env': `URL=https://${ref}.supabase.co\nKEY=${jwt({role: 'anon', ref})}\nDB=postgresql://x\n`,
  })
  try {
    const env = await readEnvFile(join(folder.path, '.env'))
    const values = publicDefines(env, {SUPABASE_URL: 'URL', SUPABASE_ANON_KEY: 'KEY'})
    const path = definesPath(join(folder.path, 'cache'), 'staging')
    await writeDefines(path, values)
    await writeDefines(path, values)
    assert.equal(Object.keys(JSON.parse(readFileSync(path, 'utf8'))), [
      'SUPABASE_URL',
      'SUPABASE_ANON_KEY',
    ])
    assert.is(statSync(path).mode & 0o777, 0o600)
    await removeDefines(path)
    assert.not(existsSync(path))
  } finally {
    folder.remove()
  }
})

defines('refuses a missing and a secret value, naming all keys and no value', async () => {
  const folder = temporaryFolder({'.env': 'DB=postgresql://hidden\nS=sb_secret_hidden\n'})
  try {
    const env = await readEnvFile(join(folder.path, '.env'), '.env')
    let said = ''
    try {
      publicDefines(env, {A: 'MISSING', B: 'DB', C: 'S'})
    } catch (error) {
      said = JSON.stringify(error)
    }
    for (const key of ['MISSING', 'DB', 'S ']) assert.match(said, key)
    said = ''
    try {
      publicDefines(env, {APP_ENV: {value: 'STAGING'}, ADMIN: {value: 'sb_secret_hidden'}})
    } catch (error) {
      said = JSON.stringify(error)
    }
    assert.match(said, 'ADMIN (postgate.yaml) is a secret key')
    assert.not.match(said, 'APP_ENV')
    assert.not(said.includes('hidden'))
  } finally {
    folder.remove()
  }
})

scan.run()
secret.run()
defines.run()
