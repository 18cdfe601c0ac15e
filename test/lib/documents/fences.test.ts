import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {blocks, newBlock, readBlock, replaceBlock} from '../../../scripts/lib/documents/block.ts'
import {fences} from '../../../scripts/lib/documents/fences.ts'
import {parse} from '../../../scripts/lib/documents/parse.ts'

const fence = suite('fences')

fence('reads language, section and the place of each line', async () => {
  const text = `## Phase 1 : x (READ-ONLY)

\`\`\`Bash title="a"
# comment
git log \\
  --oneline
\`\`\`

    indented code

1. item
   ~~~sh
   npm ci
   ~~~

> \`\`\`
> quoted

\`\`\`text
open
`
  const read = fences(await parse(text, 'a.md'))
  assert.equal(
    read.map(({language, meta, content, closed}) => [language, meta, content, closed]),
    [
      ['bash', 'title="a"', '# comment\ngit log \\\n  --oneline', true],
      ['sh', '', 'npm ci', true],
      ['', '', 'quoted', false],
      ['text', '', 'open', false],
    ],
  )
  assert.equal(
    read.map(({lines}) => lines.map(({position}) => `${position.line}:${position.column}`)),
    [['4:1', '5:1', '6:1'], ['13:4'], ['17:3'], ['20:1']],
  )
  assert.is(read[0]?.section.phase?.number, 1)
})

fence.run()

const block = suite('block')

const text = `# Backlog

mine <!-- a comment -->

<!-- postgate:begin todo -->

- old

<!-- postgate:end todo -->
  mine too
`

block('reads and replaces its content, and nothing outside', async () => {
  const document = await parse(text, 'a.md')
  assert.is(readBlock(document, 'todo').content, '- old')
  assert.is(readBlock(document, 'todo').position.line, 5)
  const written = replaceBlock(document, 'todo', '- new\n- other\n')
  assert.is(written, text.replace('- old', '- new\n- other'))
  const again = await parse(written, 'a.md')
  assert.is(readBlock(again, 'todo').content, '- new\n- other')
  assert.is(replaceBlock(again, 'todo', '- new\n- other'), written)
  assert.is(replaceBlock(document, 'todo', ''), text.replace('\n\n- old\n\n', '\n'))
})

block('keeps line endings and the byte order mark of the document', async () => {
  const windows = `\uFEFF${text.replaceAll('\n', '\r\n')}`
  const written = replaceBlock(await parse(windows, 'a.md'), 'todo', 'x\ny')
  assert.is(written, windows.replace('- old', 'x\r\ny'))
})

block('reads back what it writes first', async () => {
  const document = await parse(`# T\n\n${newBlock('a', '| x |\n| - |')}\n`, 'a.md')
  assert.is(readBlock(document, 'a').content, '| x |\n| - |')
})

block('takes no marker in a fence for one, and writes none', async () => {
  const document = await parse(`\`\`\`\n${text}\`\`\`\n`, 'a.md')
  assert.equal(blocks(document), {blocks: [], problems: []})
  assert.throws(() => newBlock('a', '<!-- postgate:end a -->'), /must not hold a marker/)
})

block('places markers that are missing, doubled or unbalanced', async () => {
  const begin = '<!-- postgate:begin todo -->\n'
  const end = '<!-- postgate:end todo -->\n'
  const wrong: [string, RegExp][] = [
    ['# T\n', /a\.md:2:1: the block "todo" is missing/],
    [begin, /a\.md:1:1: this block is never ended/],
    [end, /a\.md:1:1: .*ends no block/],
    [end + begin, /a\.md:1:1: .*ends no block/],
    [begin + begin + end, /a\.md:1:1: this block is never ended/],
    [begin + end + begin + end, /a\.md:3:1: .*a second time/],
    [`${begin}<!-- postgate:end other -->\n${end}`, /a\.md:2:1: .*other` ends no block/],
    [`${begin}\n\`\`\`\nopen\n${end}`, /a\.md:1:1: this block is never ended/],
  ]
  for (const [source, message] of wrong) {
    const document = await parse(source, 'a.md')
    assert.throws(() => replaceBlock(document, 'todo', 'x'), message, source)
  }
})

block.run()
