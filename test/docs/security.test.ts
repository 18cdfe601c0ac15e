// Goal: each sentence of SECURITY.md that promises something, and each of the common rules, names tests by
// file and title, and these are there. What is no promise is said to be a limit.

import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'

const security = suite('SECURITY.md')
const root = join(import.meta.dirname, '../..')
const text = readFileSync(join(root, 'docs/SECURITY.md'), 'utf8')
const sectionOf = (title: string) =>
  new RegExp(`\\n## ${title}\\n([\\s\\S]*?)\\n## `).exec(text)?.[1] ?? ''
const [promised = '', ruled = ''] = sectionOf('What holds each promise').split('\nThe rules of ')
const rowsOf = (part: string) =>
  part
    .split('\n')
    .filter((line) => /^\| (?!---|Promise|Rule)/.test(line))
    .map((line) => line.slice(2, -2).split(' | '))
const rows = rowsOf(promised)
const rules = rowsOf(ruled)

/** Each sentence of the sections that promise something. */
const sentences = [
  'What is promised',
  'The guard.s four layers',
  'Secrets',
  'Approvals',
  'Records, and what anchors them',
]
  .flatMap((title) => sectionOf(title).split('\n'))
  .filter((line) => line !== '')
  .flatMap((line) =>
    line
      .replace(/^- /, '')
      .replaceAll('**', '')
      .split(/(?<=\.)\s+(?=[A-Z“"`])/),
  )
  .filter((sentence) => !/^Not promised|^\[architecture|^`npm run/.test(sentence))

security('each sentence that promises something is in the table of tests', () => {
  assert.ok(sentences.length >= 60, `${sentences.length} sentences`)
  const without = sentences.filter((each) => !rows.some(([quote = '']) => each.includes(quote)))
  assert.is(without.join('\n'), '')
})

security('what is called a limit says no', () => {
  for (const [quote = '', tests = ''] of rows.filter(([, each]) => each?.startsWith('a limit'))) {
    const limit = sentences.find((each) => each.includes(quote)) ?? quote
    assert.match(
      limit,
      /\b(not?|none|nothing|stay|only|Protect|Limits|can)\b/i,
      `${quote}: ${tests}`,
    )
  }
})

security('each common rule is in the table of rules', () => {
  const source = readFileSync(join(root, 'runbooks/common-rules.md'), 'utf8')
  const names = [...source.matchAll(/<!-- rule: ([\w-]+)/g)].map(([, name]) => `\`${name}\``)
  assert.ok(names.length >= 6, `${names.length} rules`)
  assert.equal(rules.map(([name]) => name).sort(), names.sort())
})

security('each test that is named is there, by its title', () => {
  assert.ok(rows.length >= 50, `${rows.length} rows`)
  for (const [quote = '', tests = ''] of [...rows, ...rules]) {
    const files = tests.split(/(?=`test\/)/).filter((part) => part.startsWith('`test/'))
    if (!tests.startsWith('a limit')) assert.ok(files.length > 0, `no test for: ${quote}`)
    for (const part of files) {
      const [, path = ''] = /^`([\w./-]+)`/.exec(part) ?? []
      assert.ok(existsSync(join(root, path)), `${path} does not exist`)
      const source = readFileSync(join(root, path), 'utf8')
      assert.match(source, /\.run\(\)|readonly Fault\[\]/, `${path} tests nothing`)
      const titles = [...part.matchAll(/“([^”]+)”/g)].map(([, title = '']) => title)
      assert.ok(titles.length > 0, `${path}: no title for: ${quote}`)
      for (const title of titles) assert.ok(source.includes(title), `${path} has no “${title}”`)
    }
  }
})

security.run()
