// Goal: a document without end ends in words, with its line, in little time and memory. Method: documents that nest or go
// on beyond each limit, and just within it.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {DocumentError} from '../../../scripts/lib/documents/document.ts'
import {depthMost, refuseTooLarge} from '../../../scripts/lib/documents/limits.ts'
import {missedItems} from '../../../scripts/lib/documents/missed-items.ts'
import {parse} from '../../../scripts/lib/documents/parse.ts'

const limits = suite('limits')

async function refusal(source: string): Promise<string> {
  try {
    refuseTooLarge(source, 'a.md')
    await parse(source, 'a.md')
  } catch (error) {
    if (error instanceof DocumentError) return error.message
    throw error
  }
  return ''
}

const nested = (levels: number) =>
  Array.from({length: levels}, (_, level) => `${' '.repeat(2 * level)}- a\n`).join('')

limits('lists and quotes nest as deep as people write, and no deeper', async () => {
  assert.is(await refusal(nested(60)), '')
  assert.is(await refusal(`${'> '.repeat(60)}a\n`), '')
  assert.match(await refusal(nested(4_000)), /^a\.md:\d+:1: more than 100 lists or quotes/)
  assert.match(await refusal(`${'>'.repeat(10_000)}a\n`), /^a\.md:1:1: more than 100/)
  assert.match(await refusal(`${'- '.repeat(4_000)}a\n`), /^a\.md:1:1: more than 100/)
  assert.match(await refusal(`${'1. > '.repeat(200)}a\n`), new RegExp(`more than ${depthMost}`))
})

limits('a front matter of a megabyte is refused with its line, unread', async () => {
  const long = Array.from({length: 60_000}, (_, key) => `k${key}: valeur\n`).join('')
  assert.match(await refusal(`---\n${long}---\n# R\n`), /^a\.md:\d{4}:1: the front matter has more/)
  const few = Array.from({length: 100}, (_, key) => `k${key}: valeur\n`).join('')
  assert.is(await refusal(`---\n${few}---\n# R\n`), '')
})

limits('lines, rows and long lines are counted', async () => {
  assert.match(await refusal('a\n'.repeat(5_100)), /^a\.md:5001:1: the document has more/)
  assert.match(
    await refusal(`| a |\n| --- |\n${'| b |\n'.repeat(50_000)}`),
    /^a\.md:2001:1: the tables/,
  )
  assert.match(await refusal(`a\n${'b'.repeat(20_000)}\n`), /^a\.md:2:1: this line has more/)
  assert.is(await refusal('- [ ] **A** : b\n'.repeat(1_500)), '')
})

limits('no line within the limits takes the second look long', async () => {
  const lines = [
    '<',
    '-',
    '<!-',
    '`a',
    '[ ',
    '| ',
    '** ',
    ': ',
    '✅',
    '&#9744;',
    '\\',
    '> ',
    '- ',
    '(',
    '/*',
    'check:',
    '—',
    '1.',
  ]
  for (const part of lines) {
    const source = `# R\n\n## Pré-requis\n\n${part.repeat(Math.floor(15_000 / part.length))}\n`
    const started = performance.now()
    const document = await parse(source, 'a.md').catch((error: unknown) => {
      if (error instanceof DocumentError) return null
      throw error
    })
    const parsed = performance.now()
    if (document !== null) missedItems(document)
    const took = performance.now() - parsed
    assert.ok(took < 3_000 + 2 * (parsed - started), `${part}: ${Math.round(took)} ms`)
  }
})

limits.run()
