import {execFileSync} from 'node:child_process'
import {createHash, hkdfSync} from 'node:crypto'
import fc from 'fast-check'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {createMask} from '../../../scripts/lib/guard/mask.ts'
import {workedMs} from '../../helpers/worked.ts'

const mask = suite('mask')
const secret = 'p@ss "w/ör\\d+é\'s'

const forms: readonly [string, string][] = [
  ['raw', secret],
  ['JSON', JSON.stringify({a: secret})],
  ['JSON inside JSON', JSON.stringify({a: JSON.stringify({b: secret})})],
  ['ASCII JSON', '"p@ss \\"w/\\u00f6r\\\\d+\\u00e9\'s"'],
  ['URL', `https://x/?k=${encodeURIComponent(secret)}`],
  ['lower-case URL', encodeURIComponent(secret).toLowerCase()],
  ['form', new URLSearchParams({k: secret}).toString()],
  ['URL, every byte', [...Buffer.from(secret)].map((byte) => `%${byte.toString(16)}`).join('')],
  ['Latin-1', Buffer.from(secret).toString('latin1')],
  ['base64', Buffer.from(secret).toString('base64')],
  ['base64, shifted by one', Buffer.from(`x${secret}tail`).toString('base64')],
  ['base64, shifted by two', Buffer.from(`xy${secret}tail`).toString('base64url')],
  ['hex', Buffer.from(secret).toString('hex')],
]
for (const [name, text] of forms) {
  mask(`hides a secret as ${name}`, () => {
    const shown = createMask([secret]).mask(text)
    assert.match(shown, '***')
    for (const part of ['ss', 'w/', 'c3M', 'N0Ig', '7373', '%22', '\\d']) {
      if (text.includes(part) && name !== 'base64, shifted by one') {
        assert.not.match(shown, part)
      }
    }
  })
}

mask('leaves no more of a shifted base64 than its neighbours decide', () => {
  const long = 'a-very-long-secret-value'
  for (const before of ['', 'x', 'xy', 'xyz']) {
    const encoded = Buffer.from(`${before}${long}rest`).toString('base64')
    const shown = createMask([long]).mask(encoded)
    assert.ok(shown.length < 16, shown)
  }
})

mask('hides the password of a URL, as written and decoded', () => {
  const {mask: hide} = createMask(['postgresql://u:s%40cretpw@db.example.org:5432/postgres'])
  assert.is(hide('password is s@cretpw or s%40cretpw'), 'password is *** or ***')
  assert.match(hide('db.example.org'), 'db.example.org')
})

mask('hides each line of a private key', () => {
  const key = '-----BEGIN KEY-----\nMIIEvQIBADANBgkq\nhkiG9w0BAQEFAASC\n-----END KEY-----\n'
  assert.is(createMask([key]).mask('x hkiG9w0BAQEFAASC y'), 'x *** y')
})

mask('ignores values that would blacken every page, and says how many', () => {
  const made = createMask(['abc', 'true', '', 'long enough'])
  assert.is(made.ignored, 3)
  assert.is(made.mask('abc true'), 'abc true')
})

mask('overlapping secrets leave nothing of either', () => {
  assert.is(createMask(['abcdef', 'defghi']).mask('xabcdefghiy'), 'x***y')
  assert.is(createMask(['abcd', 'xabcdefg']).mask('-xabcdefg-abcd-'), '-***-***-')
})

mask('a stream shows what the whole would show, however it is cut', () => {
  // No digits of a digest, and then those, which are told apart by what comes later.
  const letters = fc.constantFrom('x', 'y', 'z')
  const digits = fc.constantFrom('a', 'b', '1', '-')
  const word = fc.string({unit: letters, minLength: 4, maxLength: 7})
  const property = fc.property(
    fc.array(word, {minLength: 1, maxLength: 4}),
    fc.array(fc.string({unit: letters, maxLength: 9}), {maxLength: 12}),
    (secrets, chunks) => {
      const made = createMask(secrets)
      const stream = made.stream()
      const shown = chunks.map((chunk) => stream.write(chunk)).join('') + stream.end()
      const whole = made.mask(chunks.join(''))
      assert.is(shown, whole)
      for (const one of secrets) assert.not.match(shown, one)
    },
  )
  fc.assert(property, {numRuns: 120})
  const doubtful = fc.property(
    fc.array(fc.string({unit: digits, minLength: 4, maxLength: 7}), {minLength: 1, maxLength: 4}),
    fc.array(fc.string({unit: digits, maxLength: 12}), {maxLength: 12}),
    (secrets, chunks) => {
      const made = createMask(secrets)
      const stream = made.stream()
      const shown = chunks.map((chunk) => stream.write(chunk)).join('') + stream.end()
      assert.is(shown, made.mask(chunks.join('')))
    },
  )
  fc.assert(doubtful, {numRuns: 120})
})

mask('holds back only what could begin a secret', () => {
  const stream = createMask(['secret']).stream()
  assert.is(stream.write('hello se'), 'hello ')
  assert.is(stream.write('cr'), '')
  assert.is(stream.write('et!'), '***!')
  assert.is(stream.write('sec'), '')
  assert.is(stream.end(), 'sec')
})

/** A value as another program would carry it, in the middle of something else. */
const carried = 'canari-9fLw&Kq7x/Zx81mQ-é"\'Tr0ub4dor'
const run = (program: string, args: readonly string[], input: string) =>
  execFileSync(program, args, {input, encoding: 'utf8'})
const noise = (at: number) => 'x'.repeat(at)
const wrap = (text: string, width: number, end = '\n') =>
  (text.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join(end)
const carriers: readonly [string, (text: string) => string][] = [
  ['base64 in lines of 76', (text) => wrap(Buffer.from(noise(50) + text).toString('base64'), 76)],
  [
    'base64 in lines of 64',
    (text) => wrap(Buffer.from(noise(40) + text).toString('base64'), 64, '\r\n'),
  ],
  [
    'base64 in lines of 20, indented and quoted',
    (text) => wrap(Buffer.from(text).toString('base64'), 20, '\n> '),
  ],
  [
    'base64 in lines, inside JSON',
    (text) => JSON.stringify(wrap(Buffer.from(text).toString('base64'), 20)),
  ],
  ['the base64 program', (text) => run('base64', [], noise(70) + text)],
  ['od -x', (text) => run('od', ['-x'], noise(5) + text)],
  ['od -An -tx1', (text) => run('od', ['-An', '-tx1'], noise(3) + text)],
  ['od -tx1z', (text) => run('od', ['-A', 'x', '-tx1'], noise(9) + text)],
  [
    'hexadecimal with colons',
    (text) =>
      Buffer.from(text)
        .toString('hex')
        .replace(/(..)(?=.)/g, '$1:'),
  ],
  [
    'hexadecimal with 0x',
    (text) => [...Buffer.from(text)].map((byte) => `0x${byte.toString(16)}`).join(', '),
  ],
  [
    'hexadecimal with \\x',
    (text) =>
      [...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).toUpperCase()}`).join(''),
  ],
  ['a URL inside a URL', (text) => encodeURIComponent(`https://x/?k=${encodeURIComponent(text)}`)],
  ['a form inside a URL', (text) => encodeURIComponent(new URLSearchParams({k: text}).toString())],
  [
    'HTML',
    (text) =>
      text
        .replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
        .replace('&#38;', '&amp;')
        .replace('&#34;', '&quot;'),
  ],
  [
    'HTML by number',
    (text) => [...text].map((char) => `&#x${char.codePointAt(0)?.toString(16)};`).join(''),
  ],
  [
    'colours in between',
    (text) => [...text].map((char) => `\u001b[1;3${char.length}m${char}\u001b[0m`).join(''),
  ],
  ['a value of a JSON secret', (text) => `key: ${text}`],
]
for (const [name, carry] of carriers) {
  mask(`nothing of a secret is left by ${name}`, () => {
    const secrets = name.includes('JSON secret')
      ? [
          JSON.stringify({
            type: 'service_account',
            private_key: carried,
            project_id: 'comptoir-prod',
          }),
        ]
      : [carried]
    const text = `before ${carry(carried)} behind`
    const shown = createMask(secrets).mask(text)
    assert.match(shown, '***')
    // Of a line at most three bytes stay at an edge: no twelve characters in a row that the noise has not.
    const bare = (each: string) => each.replace(colours, '').replace(/[\s:,>]|0x|\\x/g, '')
    const [whole, left, alone] = [bare(carry(carried)), bare(shown), bare(carry(''))]
    for (let at = 0; at + 12 <= whole.length; at += 1) {
      const part = whole.slice(at, at + 12)
      const noisy = [part.slice(0, 6), part.slice(-6)].some((end) => alone.includes(end))
      if (!noisy) assert.not(left.includes(part), `${part} is left in ${shown}`)
    }
  })
}
const colours = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g')

mask('a JSON secret does not blot the names in it', () => {
  const secret = JSON.stringify({
    ...{
      type: 'service_account',
      project_id: 'comptoir-prod',
      token_uri: 'https://oauth2.example/token',
    },
    private_key: 'AAAAB3NzaC1-secret',
  })
  const text = 'comptoir-prod https://oauth2.example/token service_account'
  assert.is(createMask([secret]).mask(text), text)
})

mask('a key on one line is hidden as the lines that a program makes of it', () => {
  const value =
    '-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADANBgkq\\nhkiG9w0BAQEFAASC\\n-----END PRIVATE KEY-----\\n'
  const {mask: hide} = createMask([value])
  assert.is(hide(value), '***')
  const shown = hide(`key:\n${value.replaceAll('\\n', '\n')}`)
  assert.not.match(shown, /MIIEv|hkiG9/)
  assert.is(createMask(['say \\"abra\\" twice']).mask('say "abra" twice'), '***')
})

mask('what a value is the base64 of is hidden too, with the values of its JSON', () => {
  const account = JSON.stringify({
    type: 'service_account',
    project_id: 'comptoir-prod',
    private_key: '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\n-----END PRIVATE KEY-----\n',
    pin: '4711x',
  })
  for (const packed of [
    Buffer.from(account).toString('base64'),
    Buffer.from(account).toString('base64url'),
  ]) {
    const {mask: hide} = createMask([packed])
    for (const each of [packed, account, 'MIIEvQIBADANBgkq', '4711x']) assert.is(hide(each), '***')
    assert.is(hide('comptoir-prod'), 'comptoir-prod')
  }
  // A token is bytes without a meaning.
  const token = 'c2FsdC1zYWx0LXNhbHQA'
  assert.is(createMask([token]).mask('salt-salt-salt'), 'salt-salt-salt')
})

mask('a digest stays what it is, whatever short or long values stand in it by chance', () => {
  const digest = (text: string) => createHash('sha256').update(text).digest('hex')
  const digests = Array.from({length: 400}, (_, index) => digest(String(index)))
  const text = digests.map((each, index) => `${index}: ${each} and ${each.slice(0, 40)}\n`).join('')
  const short = digests.map((each) => each.slice(9, 13))
  // Binary values have any bytes: four in a row of them stand in some digest, six do not.
  const long = Array.from({length: 40}, (_, index) =>
    Buffer.from(hkdfSync('sha512', `${index}`, '', 'a value', 500)).toString('latin1'),
  )
  assert.is(createMask([...short, ...long]).mask(text), text)
  const stream = createMask(short).stream()
  assert.is([...text].map((char) => stream.write(char)).join('') + stream.end(), text)
})

mask('a short value of digits is masked outside of digests', () => {
  const made = createMask(['4711', 'cafe1'])
  for (const [text, shown] of [
    ['4711', '***'],
    ['pin=4711, x4711y', 'pin=***, x***y'],
    ['code4711 cafe1234', 'code*** ***234'],
    [`${'a'.repeat(27)}4711 cafe1`, `${'a'.repeat(27)}*** ***`],
    [`${'a'.repeat(28)}4711 cafe1`, `${'a'.repeat(28)}4711 ***`],
  ] as const) {
    assert.is(made.mask(text), shown)
    const stream = made.stream()
    assert.is([...text].map((char) => stream.write(char)).join('') + stream.end(), shown)
  }
})

mask('dumps and lines are masked as well when they come in pieces', () => {
  for (const program of [['od', '-x'], ['base64']]) {
    const [name = '', ...args] = program
    const text = run(name, args, noise(20) + carried)
    const stream = createMask([carried]).stream()
    const shown = [...text].map((char) => stream.write(char)).join('') + stream.end()
    assert.match(shown, '***')
    assert.ok(shown.length < text.length - carried.length, shown)
  }
})

mask('takes linear time over dumps, lines and colours', () => {
  const made = createMask(Array.from({length: 20}, (_, index) => `${carried}${index}`))
  const piece = run('od', ['-x'], carried.slice(0, 9).repeat(3)) + '\u001b[1m\n'.repeat(20)
  const time = (times: number) => {
    const text = piece.repeat(times)
    const began = workedMs()
    made.mask(text)
    return workedMs() - began
  }
  const least = (times: number) => Math.min(...[1, 2, 3].map(() => time(times)))
  const [short, long] = [least(200), least(1_600)]
  assert.ok(long < 8 * Math.max(short, 2) * 4, `${short} ms, ${long} ms`)
})

mask('takes linear time', () => {
  const made = createMask(Array.from({length: 50}, (_, index) => `${'a'.repeat(40)}${index}`))
  const time = (length: number) => {
    const text = 'a'.repeat(length)
    const began = workedMs()
    made.mask(text)
    return workedMs() - began
  }
  const least = (length: number) => Math.min(...[1, 2, 3].map(() => time(length)))
  const [short, long] = [least(50_000), least(400_000)]
  assert.ok(long < 8 * Math.max(short, 2) * 4, `${short} ms, ${long} ms`)
})

mask.run()
