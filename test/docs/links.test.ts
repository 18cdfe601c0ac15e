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
      const known = existsSync(join(root, named)) || named === 'scripts/lib/checks/disk-space.ts'
      if (!known) missing.push(`${path}: ${named}`)
    }
  }
  assert.is(missing.join('\n'), '')
})

links.run()
