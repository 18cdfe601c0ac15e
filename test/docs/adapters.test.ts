// Goal: docs/adapters.md speaks of every adapter that can be named, and each claim has tests that exist.
// Method: its tables, against the catalogue and the disk.

import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {catalogue} from '../../scripts/lib/catalogue.ts'
import {root} from './generated.ts'

const adapters = suite('adapters page')

interface Row {
  readonly section: string
  readonly name: string
  readonly tests: readonly string[]
}

/** The rows of each table; the first cell names the adapter, the last links its tests. */
function rows(): Row[] {
  const found: Row[] = []
  let section = ''
  for (const line of readFileSync(join(root, 'docs/adapters.md'), 'utf8').split('\n')) {
    section = /^## (.*)/.exec(line)?.[1] ?? section
    const cells = line.split('|').slice(1, -1)
    if (cells.length !== 5 || /^ (---|Adapter|Part) $/.test(cells[0] ?? '')) continue
    const links = [...(cells[4] ?? '').matchAll(/\]\(\.\.\/(test\/[^)]+)\)/g)]
    found.push({
      section,
      name: /`([^`]+)`/.exec(cells[0] ?? '')?.[1] ?? '',
      tests: links.map(([, path = '']) => path),
    })
  }
  return found
}

const sections = {
  hosting: 'Hosting',
  builder: 'Builder',
  database: 'Database',
  ci: 'Continuous integration and forge',
  metrics: 'Metrics',
  notify: 'Notification',
} as const

adapters('has a row for every adapter of the catalogue, and for no other', () => {
  for (const kind of ['hosting', 'builder', 'database', 'ci', 'metrics', 'notify'] as const) {
    const told = rows().filter(({section}) => section === sections[kind])
    assert.equal(
      [...new Set(told.map(({name}) => name))].sort(),
      Object.keys(catalogue[kind]).sort(),
      kind,
    )
  }
})

adapters('names tests for each claim, and they exist', () => {
  for (const {section, name, tests} of rows()) {
    assert.ok(tests.length > 0, `${section}: ${name} names no test`)
    for (const path of tests) {
      assert.match(path, /\.test\.ts$/)
      assert.ok(existsSync(join(root, path)), path)
    }
  }
})

adapters.run()
