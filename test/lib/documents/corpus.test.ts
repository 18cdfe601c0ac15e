// Any Markdown: the reader never throws; stamping all items is idempotent, reads back, and leaves the tree otherwise equal.
// Tried on real documents and the specifications' examples where they are there, and always on documents made up here.

import {existsSync, readdirSync, readFileSync} from 'node:fs'
import fc from 'fast-check'
import type {Nodes} from 'mdast'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {blocks} from '../../../scripts/lib/documents/block.ts'
import {checklist, items} from '../../../scripts/lib/documents/checklist.ts'
import type {Document} from '../../../scripts/lib/documents/document.ts'
import {fences} from '../../../scripts/lib/documents/fences.ts'
import {markedEntries} from '../../../scripts/lib/documents/mark.ts'
import {conflictMarkers, metadata} from '../../../scripts/lib/documents/metadata.ts'
import {parse} from '../../../scripts/lib/documents/parse.ts'
import {sections} from '../../../scripts/lib/documents/section.ts'
import {
  readStamps,
  type StampedOutcome,
  stamp,
  unstampable,
} from '../../../scripts/lib/documents/stamp.ts'
import {appendRow, tables} from '../../../scripts/lib/documents/table.ts'

const corpus = suite('corpus')

const folder = new URL('../../../../shared/corpus/', import.meta.url)
const isThere = existsSync(folder)

const who = 'PCA • Ada `x` | [a](b)'
const observed = '<b> *x* https://example.org \\'

if (isThere) {
  corpus('holds for every real document', async () => {
    const names = readdirSync(folder).filter((name) => /\.(md|txt)$/.test(name))
    assert.ok(names.length > 50)
    let count = 0
    for (const name of names)
      count += await holds(readFileSync(new URL(name, folder), 'utf8'), name)
    assert.ok(count > 1000, `${count} items stamped`)
  })

  corpus('holds for every example of the specifications', async () => {
    const lines = readFileSync(new URL('SPEC-EXAMPLES.jsonl', folder), 'utf8').trim().split('\n')
    assert.ok(lines.length > 1000)
    for (const line of lines) {
      const example: unknown = JSON.parse(line)
      if (typeof example !== 'object' || example === null || !('markdown' in example)) continue
      const text = String(example.markdown)
      await holds(text, line.slice(0, 80))
      await holds(`- [ ] ${text}`, `as a task: ${line.slice(0, 80)}`)
    }
  })
}

const fragment = fc.constantFrom(
  '- [ ] ',
  '- [x] ',
  '* [X] ',
  '1. [ ] ',
  '-   [ ] ',
  '- - [ ] ',
  '- ',
  '1. ',
  '> ',
  '  ',
  '    ',
  '\t',
  '\n',
  '\n\n',
  '\r\n',
  '\r',
  'word',
  ' ',
  '`',
  '```\n',
  '~~~\n',
  '**',
  '*',
  '_',
  '[',
  ']',
  '(u)',
  '[l](u)',
  '[l]: /u',
  '<!-- check: tag -->',
  '<!--',
  '-->',
  '<b>',
  '<details>\n',
  '| a | b |\n',
  '| --- | --- |\n',
  '|',
  '# ',
  '---\n',
  '===\n',
  '\\',
  '  \n',
  '✅ ',
  '↳ ✅ 2026-01-23 14:03:11 UTC · me\n',
  '[ ]',
  'https://example.org',
  'é',
  '&amp;',
  '[^1]',
  '\uFEFF',
  '\u00A0',
  '- [ ] **T** : x\n',
  '<!-- postgate:begin x -->\n',
  '<<<<<<< a\n',
  '**k** : v  \n',
)

corpus(
  isThere
    ? 'holds for documents that are made up'
    : 'holds for documents that are made up (the real ones are not here)',
  async () => {
    const documents = fc.array(fragment, {maxLength: 30}).map((parts) => parts.join(''))
    await fc.assert(
      fc.asyncProperty(documents, async (text) => {
        await holds(text, JSON.stringify(text))
      }),
      {numRuns: 1500, seed: 20260123},
    )
  },
)

corpus.run()

/** How many items were stamped. */
async function holds(text: string, name: string): Promise<number> {
  const before = await parse(text, 'a.md')
  readEverything(before)
  const outcomes = outcomesOf(before)
  const stamped = stamp(before, outcomes)
  const after = await parse(stamped, 'a.md')
  assert.is(treeOf(after.tree), treeOf(before.tree), `${name}\n${text}\n-----\n${stamped}`)
  assert.is(stamp(after, outcomesOf(after)), stamped, `${name}: stamped twice`)
  const read = readStamps(after).filter((one) => one.who === who && one.observed === observed)
  assert.is(read.length, outcomes.length, `${name}: read back\n${stamped}`)
  const texts = (document: Document) => items(document).map((item) => [item.title, item.text])
  assert.equal(texts(after), texts(before), name)
  return outcomes.length
}

function outcomesOf(document: Document): StampedOutcome[] {
  return items(document)
    .filter((item) => unstampable(document, item) === null)
    .map((item) => ({item, mark: '✅', at: new Date('2026-01-23T14:03:11Z'), who, observed}))
}

function readEverything(document: Document): void {
  checklist(document)
  metadata(document)
  conflictMarkers(document.source)
  blocks(document)
  fences(document)
  for (const section of sections(document)) markedEntries(document, section)
  for (const table of tables(document)) appendRow(document, table, ['x'])
}

/** The tree without places, boxes and stamps. */
function treeOf(tree: Nodes): string {
  return JSON.stringify(tree, (key, value: unknown) => {
    if (key === 'position' || key === 'checked') return undefined
    return Array.isArray(value) ? withoutStamp(value) : value
  })
}

function withoutStamp(children: unknown[]): unknown[] {
  const last = children.at(-1)
  if (typeof last !== 'object' || last === null || !('value' in last)) return children
  const lines = String(last.value).split('\n')
  if (!/^↳ ✅ \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC · /.test(lines.at(-1) ?? '')) return children
  const rest = children.slice(0, -1)
  if (lines.length > 1) return [...rest, {...last, value: lines.slice(0, -1).join('\n')}]
  const before = rest.at(-1)
  const isBreak =
    typeof before === 'object' && before !== null && 'type' in before && before.type === 'break'
  return isBreak ? rest.slice(0, -1) : children
}
