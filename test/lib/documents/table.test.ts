import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {parse} from '../../../scripts/lib/documents/parse.ts'
import {findSection} from '../../../scripts/lib/documents/section.ts'
import {
  appendRow,
  appendRows,
  cellText,
  columnOf,
  ensureSectionTable,
  type RowValues,
  tables,
} from '../../../scripts/lib/documents/table.ts'

const table = suite('table')

const risks = `# Runbook

## Risques

| Risque | Probabilité | **Mitigation** |
|--------|:-----------:|----------------|
| Build \`a\\|b\` échoue | Faible | Rollback <!-- risk: build, rollback --> |
| court |

## Historique

| Date | Résultat |
| --- | --- |
`

table('reads cells, their places, sections and comments', async () => {
  const document = await parse(risks, 'a.md')
  const [first, second] = tables(document)
  assert.is(tables(document).length, 2)
  assert.equal(
    first?.header.map(({text}) => text),
    ['Risque', 'Probabilité', 'Mitigation'],
  )
  assert.equal(
    first?.rows[0]?.cells.map(({text}) => text),
    ['Build a|b échoue', 'Faible', 'Rollback'],
  )
  assert.is(first?.rows[0]?.cells[1]?.position.line, 7)
  assert.is(first?.rows[0]?.cells[1]?.position.column, 25)
  assert.equal(first?.rows[0]?.directives[0]?.words, ['build', 'rollback'])
  assert.equal(first?.rows[1]?.directives, [])
  assert.is(first?.section.kind, 'risks')
  assert.is(second?.rows.length, 0)
  assert.equal(tables(document, findSection(document, 'historique')), [second])
  assert.ok(first?.rows[1])
  assert.is(columnOf(first, 'likelihood', 'PROBABILITE'), 1)
  assert.is(cellText(first, first.rows[1], 'Probabilité'), '')
})

async function appended(text: string, values: RowValues): Promise<string> {
  const document = await parse(text, 'a.md')
  const last = tables(document).at(-1)
  assert.ok(last)
  return appendRow(document, last, values)
}

table('appends after the last row, in the columns that are there', async () => {
  const text = await appended(risks, {'Résultat|Result': 'Succès', date: '2026-01-23', Tag: 'x'})
  assert.is(text, `${risks}| 2026-01-23 | Succès |\n`)
})

table('changes nothing else, whatever line endings, prefix, and end of file', async () => {
  const cases: [string, string][] = [
    ['|a|b|\r\n|-|-|\r\n|1|2|\r\ntext\n', '|a|b|\r\n|-|-|\r\n|1|2|\r\n| x | — |\r\ntext\n'],
    ['a|b\n-|-\n1|2', 'a|b\n-|-\n1|2\n| x | — |'],
    ['> | a |\n> | - |\n', '> | a |\n> | - |\n> | x |\n'],
    ['- | a |\n  | - |\n\nend\n', '- | a |\n  | - |\n  | x |\n\nend\n'],
    ['\uFEFF| a |\n| - |\n| 1 |   \n\n', '\uFEFF| a |\n| - |\n| 1 |   \n| x |\n\n'],
    ['| a |\r\n| - |', '| a |\r\n| - |\r\n| x |'],
  ]
  for (const [before, after] of cases) {
    // The row that is a line of text is none of ours.
    const source = before.replace('\ntext', '\n\ntext')
    assert.is(await appended(source, ['x']), after.replace('\ntext', '\n\ntext'))
  }
})

table('escapes text and keeps trusted Markdown', async () => {
  const text = await appended('| a | b |\n| - | - |\n', ['x | <b> *y*\n# z', {markdown: '[l](u)'}])
  const [read] = tables(await parse(text, 'a.md'))
  assert.equal(
    read?.rows[0]?.cells.map((cell) => cell.text),
    ['x | <b> *y*# z', 'l'],
  )
  assert.is(read?.rows.length, 1)
  assert.is(read?.rows[0]?.cells[1]?.source, '[l](u)')
})

table('appends several rows at once', async () => {
  const document = await parse('| a |\n| - |\n', 'a.md')
  const [only] = tables(document)
  assert.ok(only)
  assert.is(appendRows(document, only, [['1'], ['2']]), '| a |\n| - |\n| 1 |\n| 2 |\n')
})

const wanted = {
  titles: ['Historique des exécutions', 'Execution history'],
  columns: ['Date', 'Tag'],
} as const

table('makes heading and table at the end where they are missing', async () => {
  const made = '## Historique des exécutions\n\n| Date | Tag |\n| --- | --- |\n'
  for (const [text, join] of [
    ['# T\n', '\n'],
    ['# T', '\n\n'],
    ['# T\n\n', ''],
    ['', ''],
  ] as const) {
    const {document, table: found} = await ensureSectionTable(await parse(text, 'a.md'), wanted)
    assert.is(document.source, text + join + made)
    assert.is(appendRow(document, found, ['d', 't']), `${text}${join}${made}| d | t |\n`)
  }
})

table('uses the table that is there, under any of the titles', async () => {
  const text = '# T\n\n## Execution history\n\nwords\n\n| When |\n| --- |\n\n## Other\n'
  const document = await parse(text, 'a.md')
  assert.is((await ensureSectionTable(document, wanted)).document, document)
})

table('puts the table into a section that has none', async () => {
  const text = '# T\n\n## Execution history\n\nwords\n\n## Other\n'
  const {document, table: found} = await ensureSectionTable(await parse(text, 'a.md'), wanted)
  const after = text.replace('words\n\n', 'words\n\n| Date | Tag |\n| --- | --- |\n\n')
  assert.is(document.source, after)
  assert.is(found.section.title, 'Execution history')
})

table('says so when an open fence swallows what is added', async () => {
  try {
    await ensureSectionTable(await parse('# T\n\n```\nopen\n', 'a.md'), wanted)
    assert.unreachable()
  } catch (error) {
    assert.match(String(error), /a\.md:5:1: no table can be added.*never closed/)
  }
})

table.run()
