// Goal: the constants that the guard reads are the words that bash makes. Method: texts put together
// from the shell's special characters; where the guard reads a simple command, bash runs it.

import {spawnSync} from 'node:child_process'
import fc from 'fast-check'
import {parse} from 'unbash'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {simple} from '../../../../scripts/lib/guard/authorised/words.ts'

const words = suite('words')

const pieces =
  `a|b|-|=|:|~|/|.|,|'|"|\\|$|$'|$"|{|}|[|]|(|)|*|?|!|#|%|^|@|+|<|>|&|;| |\t|\n|\\\n|\\n|\\'|\\"|\\x41|\\u00e9|\\101|\\c|\\e|é|x=|''|""|'a b'|"c d"|$'\\t'|1|2>&1|~/|^x|=~|{a,b}|{1..2}`.split(
    '|',
  )
const text = fc
  .array(fc.constantFrom(...pieces), {minLength: 1, maxLength: 9})
  .map((parts) => parts.join(''))

words('the constants read are the words that bash makes', () => {
  let read = 0
  const property = fc.property(text, (tail) => {
    const source = `args ${tail}`
    const script = parse(source)
    const [statement, ...more] = script.commands
    const command = statement?.command
    if (script.errors?.length || more.length > 0 || statement?.background) return
    if (command?.type !== 'Command') return
    const found = simple(command, source)
    if (!found.ok || found.value.redirections.length > 0) return
    read++
    const run = spawnSync('bash', ['-c', `args() { printf '%s\\0' "$@"; }; ${source}`], {
      cwd: '/usr',
      encoding: 'utf8',
      env: {PATH: process.env.PATH, LC_ALL: 'C.UTF-8', HOME: '/home-of-nobody'},
    })
    if (run.status !== 0 && run.stdout === '' && /syntax error/.test(run.stderr)) return
    const [, ...expected] = found.value.words
    const given = expected.length === 0 ? '\0' : expected.map((word) => `${word}\0`).join('')
    assert.is(run.stdout, given, JSON.stringify(source))
  })
  fc.assert(property, {numRuns: Number(process.env.RUNS ?? 250)})
  assert.ok(read > 10)
})

words.run()
