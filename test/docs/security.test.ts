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
