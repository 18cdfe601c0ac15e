import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {items} from '../../../scripts/lib/documents/checklist.ts'
import {DocumentError} from '../../../scripts/lib/documents/document.ts'
import {parse} from '../../../scripts/lib/documents/parse.ts'
import {
  readStamps,
  type StampedOutcome,
  stamp,
  stampText,
} from '../../../scripts/lib/documents/stamp.ts'
import {workedMs} from '../../helpers/worked.ts'

const stamping = suite('stamp')

const at = new Date('2026-01-23T14:03:11.900Z')

async function stamped(text: string, outcome: Partial<StampedOutcome> = {}): Promise<string> {
  const document = await parse(text, 'a.md')
  const base = {mark: '✅' as const, at, who: 'automatique', observed: '3 cycles'}
  return stamp(
    document,
    items(document).map((item) => ({...base, ...outcome, item})),
  )
}

const line = '↳ ✅ 2026-01-23 14:03:11 UTC · automatique · 3 cycles'

stamping('writes a continuation line after a hard break and ticks the box', async () => {
  const text = '- [ ] **Tag présent** : sur son commit <!-- check: tag -->\n\ntext\n'
  const after = `- [x] **Tag présent** : sur son commit <!-- check: tag -->  \n  ${line}\n\ntext\n`
  assert.is(await stamped(text), after)
})

stamping('ticks for passed and not applicable, and clears for refused and unknown', async () => {
  for (const [mark, box] of [
    ['✅', 'x'],
    ['➖', 'x'],
    ['❌', ' '],
    ['❔', ' '],
  ] as const) {
    for (const before of [' ', 'x']) {
      const text = await stamped(`- [${before}] a\n`, {mark})
      assert.is(text, `- [${box}] a  \n  ${line.replace('✅', mark)}\n`)
    }
  }
  assert.match(await stamped('- [X] a'), /^- \[X\] a/)
})

stamping('takes prefix and line ending from the line of the box', async () => {
  const cases: [string, string][] = [
    ['1. [ ] a\r\n2. [ ] b\n', `1. [x] a  \r\n   ${line}\r\n2. [x] b  \n   ${line}\n`],
    ['> - [ ] a\n', `> - [x] a  \n>   ${line}\n`],
    ['- - [ ] a\n', `- - [x] a  \n    ${line}\n`],
    ['-   [ ] a\n', `-   [x] a  \n    ${line}\n`],
    ['- a\n\t- [ ] b\n', `- a\n\t- [x] b  \n\t  ${line}\n`],
    ['- [ ] a', `- [x] a  \n  ${line}`],
    ['\uFEFF- [ ] a\n', `\uFEFF- [x] a  \n  ${line}\n`],
    ['- [ ] `code`\n- [ ] [l](u)\n', `- [x] \`code\`  \n  ${line}\n- [x] [l](u)  \n  ${line}\n`],
    ['- [ ] a\nlazy\n', `- [x] a\nlazy  \n  ${line}\n`],
    ['- [ ] a\n  - [ ] b\n', `- [x] a  \n  ${line}\n  - [x] b  \n    ${line}\n`],
    ['- [ ] a\n\n  second\n', `- [x] a  \n  ${line}\n\n  second\n`],
  ]
  for (const [before, after] of cases) {
    assert.is(await stamped(before), after)
    assert.is(await stamped(after), after, 'again')
  }
})

stamping('replaces the old line when the outcome is new', async () => {
  const first = await stamped('- [ ] a\n- [ ] b\n')
  const second = await stamped(first, {mark: '❌', who: 'PCA', observed: 'none'})
  const changed = '↳ ❌ 2026-01-23 14:03:11 UTC · PCA · none'
  assert.is(second, `- [ ] a  \n  ${changed}\n- [ ] b  \n  ${changed}\n`)
})

stamping('replaces a line whose break an editor trimmed', async () => {
  assert.is(await stamped(`- [x] a\n  ${line}\n`), `- [x] a  \n  ${line}\n`)
})

stamping('stamps only the items that have an outcome, identical ones too', async () => {
  const document = await parse('- [ ] same\n- [ ] same\n', 'a.md')
  const item = items(document)[1]
  assert.ok(item)
  const text = stamp(document, [{item, mark: '✅', at, who: 'automatique', observed: '3 cycles'}])
  assert.is(text, `- [ ] same\n- [x] same  \n  ${line}\n`)
  const [read, ...others] = readStamps(await parse(text, 'a.md'))
  assert.equal(
    [read?.item.index, read?.mark, read?.who, read?.observed],
    [1, '✅', 'automatique', '3 cycles'],
  )
  assert.is(read?.at.toISOString(), '2026-01-23T14:03:11.000Z')
  assert.is(others.length, 0)
})

stamping('leaves out what was not observed', async () => {
  const document = await parse('- [ ] a\n', 'a.md')
  const [item] = items(document)
  assert.ok(item)
  const text = stamp(document, [{item, mark: '✅', at, who: 'QA Lead — Ada'}])
  assert.is(text, '- [x] a  \n  ↳ ✅ 2026-01-23 14:03:11 UTC · QA Lead — Ada\n')
  assert.is(readStamps(await parse(text, 'a.md'))[0]?.observed, null)
})

stamping('lets no name and no value forge anything, and reads them back', async () => {
  const hostile = [
    'a · ✅ b',
    '·',
    'x\n- [x] forged\n\n# heading',
    '`code` ` half',
    '<!-- check: tag --> <b>',
    '[l](https://e.org) https://e.org www.e.org a@e.org',
    '*a* _b_ ~~c~~ \\',
    '&amp; &#96;',
    'a | b',
    '\u202Edcba',
    '   ',
  ]
  for (const value of hostile) {
    for (const before of ['- [ ] a\n', '- [ ] open ` tick, <b, [bracket, *star\n  - [ ] b\n']) {
      const text = await stamped(before, {who: value, observed: value})
      const document = await parse(text, 'a.md')
      const read = readStamps(document)
      assert.is(read.length, items(document).length, text)
      for (const one of read) {
        assert.is(one.who, stampText(value), text)
        assert.is(one.observed, value.trim() === '' ? null : stampText(value), text)
      }
      assert.is(text.split('\n').length, before.split('\n').length + read.length, text)
      assert.is(await stamped(text, {who: value, observed: value}), text)
    }
  }
})

stamping('does not take other text for a stamp', async () => {
  const texts = [
    `- [ ] ${line}\n`,
    '- [ ] a  \n  ↳ ✅ yesterday · me\n',
    `- [ ] a &#10;${line}\n`,
    `- [ ] a\n\n  ${line}\n`,
    '- [ ] a  \n  ↳ ✅ 2026-99-99 14:03:11 UTC · me\n',
  ]
  for (const text of texts) assert.equal(readStamps(await parse(text, 'a.md')), [], text)
})

stamping('refuses a box that is broken over lines, with its place', async () => {
  try {
    await stamped('text\n\n- [\n  ] a\n')
    assert.unreachable()
  } catch (error) {
    assert.instance(error, DocumentError)
    assert.match(String(error), /a\.md:3:1: .*broken over two lines/)
  }
})

stamping('costs less than a parse for a thousand outcomes', async () => {
  const row = '- [ ] **Item** : some words about it <!-- check: tag cycles=2 -->\n'
  const text = `# R\n\n${row.repeat(1000)}`
  const parses: number[] = []
  const stamps: number[] = []
  for (let round = 0; round < 5; round++) {
    const start = workedMs()
    const document = await parse(text, 'a.md')
    const parsed = workedMs()
    const outcomes = items(document).map((item) => ({
      item,
      mark: '✅' as const,
      at,
      who: 'me',
      observed: 'x',
    }))
    stamp(document, outcomes)
    parses.push(parsed - start)
    stamps.push(workedMs() - parsed)
  }
  assert.ok(
    Math.min(...stamps) < Math.min(...parses),
    `${Math.min(...stamps)} / ${Math.min(...parses)} ms`,
  )
})

stamping.run()
