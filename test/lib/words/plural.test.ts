// Goal: a count stands with the word that fits it; nobody reads "1 answer(s)". Method: the sources.

import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {globbySync} from 'globby'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {inLang} from '../../../scripts/lib/domain/text.ts'
import {counted, resetSize} from '../../../scripts/lib/words/observed.ts'

const plural = suite('plural forms')
const root = join(import.meta.dirname, '../../..')

plural('no text leaves its form open', () => {
  const open: string[] = []
  for (const path of globbySync(['scripts/**/*.ts', 'templates/*.md', 'runbooks/*.md'], {
    cwd: root,
  }))
    for (const [index, line] of readFileSync(join(root, path), 'utf8').split('\n').entries())
      if (/[a-zà-ÿ]\((?:s|es|e|x|ies)\)/i.test(line.replaceAll('http(s)', '')) && !isCode(line))
        open.push(`${path}:${index + 1} ${line.trim()}`)
  assert.equal(open, [])
})

/** `refs(s)` outside a text is a call. */
const isCode = (line: string) =>
  !/['`"|>][^'`]*[a-zà-ÿ]\((?:s|es|e|x|ies)\)[^'`]*['`"|]/i.test(line)

plural('French counts none as one, English as many', () => {
  const of = (count: number, lang: 'fr' | 'en') =>
    inLang(counted(count, ['ligne', 'lignes'], ['row', 'rows']), lang)
  assert.equal(
    [0, 1, 2].map((count) => of(count, 'fr')),
    ['0 ligne', '1 ligne', '2 lignes'],
  )
  assert.equal(
    [0, 1, 2].map((count) => of(count, 'en')),
    ['0 rows', '1 row', '2 rows'],
  )
  const size = resetSize({tables: 14, migrations: 1, references: 1})
  assert.is(inLang(size, 'fr'), '14 tables, 1 migration, 1 référentiel conservé')
})

plural.run()
