// Goal: each promise of SECURITY.md names the tests that hold it, and they exist and test something.

import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'

const security = suite('SECURITY.md')
const root = join(import.meta.dirname, '../..')
const text = readFileSync(join(root, 'docs/SECURITY.md'), 'utf8')
const section = /\n## What holds each promise\n([\s\S]*?)\n## /.exec(text)?.[1] ?? ''
const rows = section.split('\n').filter((line) => /^\| (?!---|Promise)/.test(line))
const quotes = rows.map((row) => row.split(' | ')[0]?.replace(/^\| /, '') ?? '')

/** Each bullet of the sections that promise something. What is said not to be promised is none. */
const promises = ['What is promised', 'Secrets', 'Approvals', 'Records, and what anchors them']
  .map((title) => new RegExp(`\\n## ${title}\\n([\\s\\S]*?)\\n## `).exec(text)?.[1] ?? '')
  .flatMap((part) => part.split('\n').filter((line) => line.startsWith('- ')))
  .filter((line) => !line.startsWith('- Not promised'))

security('each promise is quoted in the table of tests', () => {
  assert.ok(promises.length >= 20, `${promises.length} promises`)
  const without = promises.filter((promise) => !quotes.some((quote) => promise.includes(quote)))
  assert.is(without.join('\n'), '')
})

security('names a test for each promise, and each exists', () => {
  assert.ok(rows.length >= 15, `${rows.length} promises`)
  for (const row of rows) {
    const named = [...row.matchAll(/`(test\/[\w./-]+\.ts)`/g)].map(([, path = '']) => path)
    assert.ok(named.length > 0, `no test in: ${row}`)
    for (const path of named) {
      assert.ok(existsSync(join(root, path)), `${path} does not exist`)
      const source = readFileSync(join(root, path), 'utf8')
      assert.match(source, /\.run\(\)|readonly Fault\[\]/, `${path} tests nothing`)
    }
  }
})

security.run()
