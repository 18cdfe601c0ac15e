// Hostile values through every place of a template. The method: the tree of the rendered document has the shape that it
// has with a harmless value, and its text is the value; so nothing in a value acts as Markdown.

import type {Nodes} from 'mdast'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {DocumentError} from '../../../scripts/lib/documents/document.ts'
import {codeSpan, escapeMermaid, withoutWordJoiners} from '../../../scripts/lib/documents/escape.ts'
import {parse} from '../../../scripts/lib/documents/parse.ts'
import {renderTemplate} from '../../../scripts/lib/documents/template.ts'
import {walk} from '../../../scripts/lib/documents/walk.ts'

const template = suite('template')

const hostile = [
  '1. one',
  '1) one',
  '123456789.',
  '- [x] done',
  '- dash',
  '+ plus',
  '* star',
  '> quote',
  '# heading',
  'heading #',
  'heading ##',
  '=====',
  '-----',
  '---',
  '***',
  '___',
  '- - -',
  ':-:',
  '--- | ---',
  '[x] box',
  '[ ] box',
  '*emphasis*',
  '**strong**',
  '_emphasis_',
  'snake_case_name __init__',
  '~~struck~~',
  '~one~',
  '&lt;b&gt; &amp; &#42; &nbsp;',
  '<b>bold</b>',
  '<script>alert(1)</script>',
  '<!-- check: tag -->',
  '-->',
  '<https://example.org>',
  'https://example.org/a_b?c=d&e=f',
  'see http://example.org.',
  'www.example.org',
  'WWW.example.org',
  'someone@example.org',
  'mailto:someone@example.org',
  '[label](https://example.org)',
  '![image](https://example.org/i.png)',
  '[label][ref]',
  '[ref]: https://example.org',
  '[^1]',
  '[^1]: note',
  'a | b',
  'a \\| b',
  '|',
  '`code`',
  '``` fence',
  '~~~ fence',
  'a ` b',
  '\\',
  'ends with a backslash \\',
  '\\\\',
  '\\*',
  'ends with !',
  'two  spaces',
  'line\nbreak',
  'line\r\n\r\n# heading',
  'a\n- [x] forged',
  'a\n\n<!-- postgate:end x -->',
  '    indented code',
  '\ttab',
  '\u202Ereversed\u202C',
  '\u200Emark',
  'nul \u0000 and bell \u0007',
  '↳ ✅ 2026-01-23 14:03:11 UTC · forged',
  'Été : « déjà » 5 % à 10 €',
  '{{ other }} {% raw %}',
  '$math$ $$x$$',
  'a\u00A0b',
  '\uD800 lone',
]

const places: Record<string, string> = {
  paragraph: 'before\n\n{{ value }}\n\nafter\n',
  'middle of a paragraph': 'before\n{{ value }}\nafter\n',
  'inside a sentence': 'before {{ value }} after\n',
  'cell of a table': '| a | b |\n| --- | --- |\n| {{ value }} | x |\n| x | {{ value }} |\n',
  'cell without spaces': '|a|b|\n|---|---|\n|{{ value }}|x|\n',
  item: '- {{ value }}\n- other\n',
  'numbered item': '1. {{ value }}\n2. other\n',
  task: '- [ ] {{ value }}\n- [x] **Title** : {{ value }}\n',
  heading: '# {{ value }}\n\ntext\n',
  'heading with more': '## Run {{ value }}\n',
  'link text': '[{{ value }}](https://example.net)\n',
  'link after it': '{{ value }}[text](https://example.net)\n',
  strong: '**{{ value }}** : x\n',
  quote: '> {{ value }}\n',
}

for (const [place, source] of Object.entries(places)) {
  template(`shows a hostile value as it is: ${place}`, async () => {
    const expected = shape((await rendered(source, 'harmless')).tree)
    for (const value of hostile) {
      const {tree, text} = await rendered(source, value)
      const message = `${place}: ${JSON.stringify(value)}\n${text}`
      assert.is(shape(tree), expected, message)
      const harmless = words((await rendered(source, 'harmless')).tree)
      assert.is(
        words(tree),
        withoutWordJoiners(harmless.replaceAll('harmless', () => withoutWordJoiners(value))),
        message,
      )
    }
  })
}

template('makes code spans that hold any value, also in a table', async () => {
  const source = 'a {{ value | code }} b\n\n| a | b |\n| --- | --- |\n| {{ value | code }} | x |\n'
  const expected = shape((await rendered(source, 'harmless')).tree)
  for (const value of hostile) {
    const {tree, text} = await rendered(source, value)
    const seen = shape(tree)
    if (value.includes('|')) assert.ok(seen.includes('html()text()html()'), text)
    else assert.is(seen, expected, text)
    const content = withoutWordJoiners(value)
    assert.is(words(tree), withoutWordJoiners(`a ${content} bab${content}x`), text)
  }
  assert.is(codeSpan('a``b`'), '``` a``b` ```')
})

template('keeps the lines of a cell by `<br>`', async () => {
  const source = '| a |\n| --- |\n| {{ value | cell }} |\n'
  const {text, tree} = await rendered(source, 'one\n\n- [x] | two')
  assert.is(text, '| a |\n| --- |\n| one<br>\\- \\[x\\] &#124; two |\n')
  assert.is(
    shape(tree),
    'root(table(tableRow(tableCell(text()))tableRow(tableCell(text()html()text()))))',
  )
  for (const value of hostile.filter((each) => !/[\r\n]/.test(each))) {
    const cell = await rendered(source, value)
    assert.is(shape(cell.tree), shape((await rendered(source, 'harmless')).tree), cell.text)
  }
})

template('lets http and https links through and nothing else', async () => {
  const source = '[text]({{ value | url }})\n'
  const cases: [string, string][] = [
    ['https://example.org/a b?c=d&e=(f)', 'https://example.org/a%20b?c=d&e=%28f%29'],
    ['http://example.org/a_b~c', 'http://example.org/a_b~c'],
    ['javascript:alert(1)', '#'],
    ['JaVaScRiPt:alert(1)', '#'],
    ['data:text/html,x', '#'],
    ['//example.org', '#'],
    ['', '#'],
    [
      'https://example.org/)[x](javascript:alert(1)',
      'https://example.org/%29%5Bx%5D%28javascript:alert%281%29',
    ],
  ]
  for (const [value, url] of cases) {
    const {tree} = await rendered(source, value)
    assert.is(shape(tree), 'root(paragraph(link(text())))')
    assert.equal(urls(tree), [url], value)
  }
  const label = '{{ value | link: "the _run_" }}\n'
  assert.is(
    shape((await rendered(label, 'https://example.org')).tree),
    'root(paragraph(link(text())))',
  )
  assert.is(shape((await rendered(label, 'javascript:x')).tree), 'root(paragraph(text()))')
  const path = '[x]({{ value | path }})\n'
  assert.equal(urls((await rendered(path, 'docs/a (1).md')).tree), ['docs/a%20%281%29.md'])
  assert.equal(urls((await rendered(path, 'javascript:x')).tree), ['#'])
})

template('makes fences longer than any fence in the value', async () => {
  for (const value of [...hostile, '```\n# out\n```', '````\n```']) {
    const {tree, text} = await rendered("before\n\n{{ value | fence: 'text' }}\n\nafter\n", value)
    assert.is(shape(tree), 'root(paragraph(text())code()paragraph(text()))', text)
  }
})

template('leaves nothing of a value for Mermaid to read', () => {
  for (const value of hostile) {
    assert.not.match(escapeMermaid(value), /["`:<>[\]{}()|%]|--|\n|;(?<!#\d+;)/)
  }
  assert.is(escapeMermaid('a "b" : c'), 'a #34;b#34; #58; c')
})

template('prints an empty value as a dash, whatever the filter', async () => {
  const source =
    '{{ a }}|{{ b }}|{{ a | cell }}|{{ a | code }}|{{ a | mermaid }}|{{ a | markdown }}'
  assert.is(await renderTemplate(source, 't.md', {a: '', b: null}), '—|—|—|—|—|—')
})

template('lets only blocks that were rendered before go in as they are', async () => {
  const view = {block: '**strong**'}
  assert.is(await renderTemplate('{{ block | markdown }}', 't.md', view), '**strong**')
  assert.is(await renderTemplate('{{ block }}', 't.md', view), '\\*\\*strong\\*\\*')
})

template('places an unknown placeholder', async () => {
  const source = '# Report\n\nTag: {{ tag }}\nBy {{ run.validater }}\n'
  const view = {tag: 't', run: {validator: 'x'}}
  const error = await failure(source, view)
  assert.is(`${error.path}:${error.line}:${error.column}`, 'templates/report.md:4:7')
  assert.match(error.reason.en, /run\.validater.*did you mean "run\.validator"/)
})

template('places an unknown filter, and knows no `raw`', async () => {
  const error = await failure('a\n{{ tag | cod }}\n', {tag: 't'})
  assert.is(`${error.line}:${error.column}`, '2:10')
  assert.match(error.reason.en, /unknown filter "cod"; did you mean "code"/)
  assert.match((await failure('{{ tag | raw }}', {tag: 't'})).reason.en, /raw/)
})

template('places errors after lines that hold only a tag', async () => {
  const source = '{% for x in list %}\n- {{ x }}\n{% endfor %}\n  {{ wrong }}\n'
  const error = await failure(source, {list: ['a']})
  assert.is(`${error.line}:${error.column}`, '4:6')
})

template('places a tag that is never closed', async () => {
  const error = await failure('a\n\n{% for x in list %}\n{{ x }}\n', {list: []})
  assert.is(error.line, 3)
})

template('leaves no line for a tag that stands alone', async () => {
  const source = '| a |\n| --- |\n{% for x in list %}\n| {{ x }} |\n{% endfor %}\n\nend\n'
  const text = await renderTemplate(source, 't.md', {list: ['1', '2']})
  assert.is(text, '| a |\n| --- |\n| 1 |\n| 2 |\n\nend\n')
})

template.run()

async function rendered(source: string, value: string): Promise<{text: string; tree: Nodes}> {
  const text = await renderTemplate(source, 't.md', {value})
  return {text, tree: (await parse(text, 't.md')).tree}
}

async function failure(
  source: string,
  view: Parameters<typeof renderTemplate>[2],
): Promise<DocumentError> {
  try {
    await renderTemplate(source, 'templates/report.md', view)
  } catch (error) {
    if (error instanceof DocumentError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

function shape(node: Nodes): string {
  const inside = 'children' in node ? node.children.map(shape).join('') : ''
  const detail = node.type === 'listItem' ? `:${node.checked}` : ''
  return `${node.type}${detail}(${inside})`
}

function words(tree: Nodes): string {
  let text = ''
  walk(tree, (node) => {
    if (node.type === 'text' || node.type === 'inlineCode') text += node.value
    else if (node.type === 'paragraph') text += ' '
  })
  return withoutWordJoiners(text)
}

function urls(tree: Nodes): string[] {
  const found: string[] = []
  walk(tree, (node) => {
    if (node.type === 'link') found.push(node.url)
  })
  return found
}
