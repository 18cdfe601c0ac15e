// Goal: no link of a page leads nowhere. Method: lint's own link rule, on every page.

import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {parse} from '../../scripts/lib/documents/parse.ts'
import {linkFindings} from '../../scripts/lib/tools/lint/links.ts'
import {root} from './generated.ts'
import {pages} from './pages.ts'

const links = suite('pages')

/** Files that a reader makes with the page on adding. */
const examples = new Set([
  'scripts/lib/checks/disk-space.ts',
  'scripts/lib/triggers/disk-full.ts',
  'scripts/lib/adapters/hosting/share.ts',
  'scripts/lib/domain/views/release-notes.ts',
  'templates/release-notes.md',
])

links('have no link to a file or a heading that is not there', async () => {
  const broken: string[] = []
  for (const path of pages.filter((each) => !each.startsWith('docs/examples/'))) {
    const document = await parse(readFileSync(join(root, path), 'utf8'), path)
    for (const {at, reason} of await linkFindings(document, join(root, path))) {
      broken.push(`${path}:${at.line} ${reason}`)
    }
  }
  assert.is(broken.join('\n'), '')
})

links('name no script, folder or document that is not there', () => {
  const missing: string[] = []
  for (const path of pages.filter((each) => !each.startsWith('docs/examples/'))) {
    const text = readFileSync(join(root, path), 'utf8')
    for (const [, named = ''] of text.matchAll(
      /(?<![\w/])((?:scripts|templates|test)\/[\w./-]+\.\w+)/g,
    )) {
      const known =
        existsSync(join(root, named)) || (path === 'docs/adding-a-check.md' && examples.has(named))
      if (!known) missing.push(`${path}: ${named}`)
    }
  }
  assert.is(missing.join('\n'), '')
})

links.run()
