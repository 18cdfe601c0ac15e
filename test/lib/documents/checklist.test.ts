import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {checklist, items} from '../../../scripts/lib/documents/checklist.ts'
import {directives} from '../../../scripts/lib/documents/directive.ts'
import {parse} from '../../../scripts/lib/documents/parse.ts'

const comments = suite('directive')

comments('reads name, parameters, quoted values and flags with their places', async () => {
  const text =
    'x\n\n<!-- check: nightly-green cycles=2 label="two \\"full\\" cycles" optional -->\n'
  const {
    directives: [read],
    problems,
  } = directives(await parse(text, 'a.md'))
  assert.equal(problems, [])
  assert.is(read?.kind, 'check')
  assert.is(read?.name, 'nightly-green')
  assert.equal(read?.parameters.get('cycles'), {value: '2', line: 3, column: 34})
  assert.is(read?.parameters.get('label')?.value, 'two "full" cycles')
  assert.ok(read?.flags.has('optional'))
  assert.is(text.slice(read?.position.offset, read?.end), text.trim().slice(3))
})

comments('reads every kind, lists of words, and the bare ones', async () => {
  const text = [
    '<!-- step: build -->',
    '<!-- trigger: error-rate above=5% within=30m samples=200 -->',
    '<!-- attest: value=window roles="QA Lead,PCA" -->',
    '<!-- risk: build, served-bytes, rollback -->',
    '<!-- rule: no-force -->',
    '<!-- condition: check:staging-validated check:nightly-green -->',
    '<!-- optional -->',
    '<!-- attest -->',
  ].join('\n\n')
  const {directives: read, problems} = directives(await parse(text, 'a.md'))
  assert.equal(problems, [])
  assert.equal(
    read.map(({kind, words}) => `${kind} ${words.join('+')}`.trim()),
    [
      'step build',
      'trigger error-rate',
      'attest',
      'risk build+served-bytes+rollback',
      'rule no-force',
      'condition check:staging-validated+check:nightly-green',
      'optional optional',
      'attest',
    ],
  )
  assert.is(read[1]?.parameters.get('above')?.value, '5%')
})

comments('places values over lines, in quotes and in lists', async () => {
  const text = '> - a <!-- check: tag\n>   above=3\n>   below=4 -->\n'
  const {
    directives: [read],
    problems,
  } = directives(await parse(text, 'a.md'))
  assert.equal(problems, [])
  assert.equal(read?.parameters.get('below'), {value: '4', line: 3, column: 11})
})

comments('says where a malformed one is wrong', async () => {
  const wrong: [string, RegExp][] = [
    ['<!-- chek: tag -->', /^a\.md:1:6: `chek:` is not known: write `check:`/],
    ['<!-- setp: tag -->', /write `step:`/],
    ['<!-- tirgger: x -->', /write `trigger:`/],
    ['<!-- Check: tag -->', /write `check:`/],
    ['<!-- check: tag a="b -->', /^a\.md:1:19: a: the quote is never closed/],
    ['<!-- check: tag a=1 a=2 -->', /^a\.md:1:21: `a` is given twice/],
    ['<!-- check: tag a= -->', /a: a value is missing/],
    ['<!-- check: tag =1 -->', /neither a name, a flag nor key=value/],
    ['<!-- check: -->', /needs a name/],
    ['<!-- check: a=1 -->', /needs a name/],
    ['<!-- check tag cycles=2 -->', /lacks its colon/],
    ['<!-- optionnal -->', /write `optional`/],
    ['text <!-- check: tag a="b"c -->', /not expected here/],
    ['<!-- check: tag', /never closed/],
  ]
  for (const [text, message] of wrong) {
    const {directives: read, problems} = directives(await parse(text, 'a.md'))
    assert.equal(read, [], text)
    assert.is(problems.length, 1, text)
    assert.match(problems[0]?.message ?? '', message)
  }
})

comments('leaves any other comment alone', async () => {
  const texts = [
    '<!-- TODO: say more -->',
    '<!-- check whether this works -->',
    '<!-- note: check: tag -->',
    '<!-- postgate:begin x -->',
    '<!-- markdownlint-disable -->',
    '<!---->',
    '<!-- a: b -->',
    '`<!-- chek: tag -->`',
    '```\n<!-- chek: tag -->\n```',
    '    <!-- chek: tag -->',
  ]
  for (const text of texts) {
    assert.equal(directives(await parse(text, 'a.md')), {directives: [], problems: []}, text)
  }
})

comments.run()

const reading = suite('checklist')

reading('reads title, text, box, section and directive', async () => {
  const text = `# R

## Prerequisites

### Mandatory

- [ ] **Tag present** : \`v1\` on its commit <!-- check: tag max-age=30m -->
- [x] ✅ **Signed** — by [the manager](https://example.org) <!-- optional -->
- [ ] plain words without a bold lead that go on and on
`
  const {
    items: [tag, signed, plain],
    problems,
  } = checklist(await parse(text, 'a.md'))
  assert.equal(problems, [])
  assert.is(tag?.title, 'Tag present')
  assert.is(tag?.text, 'Tag present : v1 on its commit')
  assert.is(tag?.detail, 'v1 on its commit')
  assert.is(tag?.directive?.name, 'tag')
  assert.is(tag?.section.title, 'Mandatory')
  assert.is(tag?.section.kind, 'prerequisites')
  assert.equal(tag?.position, {line: 7, column: 1, offset: text.indexOf('- [ ]')})
  assert.is(signed?.title, 'Signed')
  assert.is(signed?.detail, 'by the manager')
  assert.equal([signed?.checked, signed?.optional, signed?.directive], [true, true, null])
  assert.is(plain?.title, 'plain words without a bold lead that go…')
})

reading('finds tasks where remark finds them, and nowhere else', async () => {
  const text = `- plain
  - [ ] under a plain item
    1. [ ] ordered
       - [x] deep
- - [ ] doubled
> * [X] quoted

+ [ ] plus

\`\`\`
- [ ] fenced
\`\`\`

<!--
- [ ] in a comment
-->

    - [ ] indented code

- [ ]
- [~] other
- [ ]no space
- [\u00A0] no-break
`
  const read = items(await parse(text, 'a.md'))
  assert.equal(
    read.map(({title, parentIndex}) => [title, parentIndex]),
    [
      ['under a plain item', null],
      ['ordered', 0],
      ['deep', 1],
      ['doubled', null],
      ['quoted', null],
      ['plus', null],
    ],
  )
})

reading('gives a comment to the innermost task that holds it', async () => {
  const text = `- [ ] outer

  - plain <!-- check: outer -->
  - [ ] inner
    <!-- check: inner -->
`
  const {items: read, problems} = checklist(await parse(text, 'a.md'))
  assert.equal(problems, [])
  assert.equal(
    read.map(({directive}) => directive?.name),
    ['outer', 'inner'],
  )
})

reading('reports two directives in an item and directives without an item', async () => {
  const text = `- [ ] one <!-- check: a --> <!-- step: b -->
- plain <!-- check: c -->

<!-- step: d -->

| a | b |
| --- | --- |
| risk <!-- risk: x --> | <!-- check: y --> |

<!-- rule: z -->
`
  const {problems} = checklist(await parse(text, 'a.md'))
  assert.equal(
    problems.map(({line, ruleId}) => [line, ruleId]),
    [
      [1, 'two-directives'],
      [2, 'directive-without-item'],
      [4, 'directive-without-item'],
    ],
  )
})

reading('reports a directive that a formatter moved out of its item', async () => {
  // What prettier 3.10.1 makes of a second line of a task (findings/prettier-moves-a-comment-out-of-a-task.sh).
  const moved = '- [ ] plain text\n<!-- check: a -->\n- [ ] next\n'
  const {problems} = checklist(await parse(moved, 'a.md'))
  assert.equal(
    problems.map(({line, ruleId}) => [line, ruleId]),
    [[2, 'directive-without-item']],
  )
})

reading('reports a task that a line below turns into a heading', async () => {
  const {items: read, problems} = checklist(await parse('- [ ] task\n  ---\n', 'a.md'))
  assert.equal([read.length, problems[0]?.line, problems[0]?.ruleId], [0, 1, 'task-as-heading'])
})

reading.run()
