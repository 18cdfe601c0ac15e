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
  const letters = fc.constantFrom('a', 'b', 'c')
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
  fc.assert(property, {numRuns: 500})
})

mask('holds back only what could begin a secret', () => {
  const stream = createMask(['secret']).stream()
  assert.is(stream.write('hello se'), 'hello ')
  assert.is(stream.write('cr'), '')
  assert.is(stream.write('et!'), '***!')
  assert.is(stream.write('sec'), '')
  assert.is(stream.end(), 'sec')
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
