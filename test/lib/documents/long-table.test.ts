// Goal: a document with long tables is read exactly as the parser reads it whole. Method: documents of
// random rows, honest and odd, and the two trees side by side.

import fc from 'fast-check'
import type {Root} from 'mdast'
import {remark} from 'remark'
import remarkFrontmatter from 'remark-frontmatter'
import remarkGfm from 'remark-gfm'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {parseLongTables, shortened} from '../../../scripts/lib/documents/long-table.ts'

const parser = remark().use(remarkGfm).use(remarkFrontmatter).freeze()
const whole = (source: string): Root => parser.parse(source)

/** How many characters the parser was given. */
function counted(source: string): {tree: Root; characters: number} {
  let characters = 0
  const tree = parseLongTables(source, (each) => {
    characters += each.length
    return whole(each)
  })
  return {tree, characters}
}

const same = (source: string) =>
  assert.equal(parseLongTables(source, whole), whole(source), JSON.stringify(source))

const row = (index: number) =>
  `| 2026-01-${index} | ✅ Succès | \`abc${index}\` | [rapport](REPORT\\_${index}.md) | alice@example.org, www.example.org | *deux* \\| <br> <!-- step: x --> |`

const ledger = (rows: number, more = '') =>
  `---\na: 1\n---\n\n# Registre\n\n> cité\n\n| Date | Résultat | Commit | Rapport | Qui | Notes |\n|---|:-:|---|---|---|---|\n${Array.from({length: rows}, (_, index) => row(index)).join('\n')}\n${more}`

const long = suite('a long table')

long('is read as the parser reads it, whatever follows', () => {
  for (const rows of [1, 9, 10, 11, 30, 450]) {
    for (const more of [
      '',
      '\nDu texte.\n\n- [ ] un\n',
      'au pied de la table\n',
      '> cité\n',
      '- un\n',
    ])
      same(ledger(rows, more))
  }
  same(ledger(30).trimEnd())
  same(`${ledger(20)}\n## Encore\n\n| a | b |\n|---|---|\n${'| 1 | 2 |\n'.repeat(40)}\nfin\n`)
})

long('costs the parser its new rows only', () => {
  counted(ledger(400))
  const before = counted(ledger(400))
  const after = counted(ledger(401))
  assert.ok(before.characters < 1_000, `${before.characters} characters of ${ledger(400).length}`)
  assert.ok(after.characters < 1_500, `${after.characters}`)
})

long('is read whole where it might not be what it looks like', () => {
  const rows = '| [a] | b |\n'.repeat(30)
  same(`| a | b |\n|---|---|\n${rows}\n[a]: https://example.org\n`)
  same(`| a[^1] | b |\n|---|---|\n${'| x[^1] | b |\n'.repeat(30)}\n[^1]: note\n`)
  same(`\`\`\`\n| a | b |\n|---|---|\n${rows}\`\`\`\n`)
  same(`| a | b |\n${rows}`)
  same(`texte\n| a | b |\n|---|---|\n${rows}`)
  same(`- item\n| a | b |\n|---|---|\n${rows}`)
  same(`<div>\n| a | b |\n|---|---|\n${rows}</div>\n`)
  same(`<!--\n| a | b |\n|---|---|\n${rows}-->\n`)
  same(`| a \`code | b |\n|---|---|\n${'| x` | y |\n'.repeat(30)}`)
  same(`| a | b |\r\n|---|---|\r\n${'| x | y |\r\n'.repeat(30)}`)
  same(`\`|\n${rows}|\`\n`)
})

long('is read as the parser reads it, whatever stands in its rows', () => {
  const piece = fc.constantFrom(
    ...[
      '|',
      '\\|',
      '`',
      '``',
      '*',
      '_',
      '~~',
      '[a]',
      '](b)',
      '<b>',
      '<!--',
      '-->',
      '\\',
      'é',
      '😀',
    ],
    ...[
      ' ',
      'https://example.org/a_b',
      'x@example.org',
      '&amp;',
      '---',
      ':-:',
      '!',
      '^',
      '> ',
      '- ',
    ],
  )
  const line = fc.array(piece, {maxLength: 12}).map((pieces) => `|${pieces.join('')}|`)
  const document = fc.record({
    before: fc.constantFrom('', '# T\n\n', 'texte\n', '> ', '- x\n\n', '<p>\n', '```\n', '1. a\n'),
    head: fc.constantFrom('| a | b |\n|---|---|\n', '| a |\n| --- |\n', '| a | b |\n|--|\n'),
    rows: fc.array(line, {minLength: 14, maxLength: 30}),
    after: fc.constantFrom('', '\n', '\n\ntexte *a* `b`\n', '\ntexte\n', '\n```\n', '\n# T\n'),
  })
  fc.assert(
    fc.property(document, ({before, head, rows, after}) => {
      same(`${before}${head}${rows.join('\n')}${after}`)
    }),
    {numRuns: 100},
  )
})

long('is put together again from what was made of it without its middle', () => {
  const rows = Array.from({length: 30}, (_, index) => `| ${index} | x |\n`).join('')
  const source = `# T\n\n| a | b |\n|---|---|\n${rows}\ntext\n\n| c |\n|---|\n${rows}`
  const short = shortened(source)
  assert.ok(short !== null && short.text.length < source.length / 2)
  assert.is(short?.at.length, 2)
  assert.is(short?.whole(short.text), source)
  assert.is(short?.whole(`${short.text}| more |\n`), `${source}| more |\n`)
  assert.is(short?.whole(short.text.replace('# T', '# Title')), null, 'before it')
  for (const other of ['# T\n', source.replaceAll('\n', '\r\n'), `${source}\n[x]: https://a.b\n`])
    assert.is(shortened(other), null)
})

long.run()
