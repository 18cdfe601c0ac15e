// An answers file, as people write it: what is wrong is said at its line, what is empty is not answered.

import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {Problem} from '../../../../scripts/lib/domain/problem.ts'
import {inLang, type Text} from '../../../../scripts/lib/domain/text.ts'
import {openPolicy} from '../../../../scripts/lib/policy/policy.ts'
import {parseProject} from '../../../../scripts/lib/policy/project-file.ts'
import {readRunbook} from '../../../../scripts/lib/policy/runbook.ts'
import {answersFor} from '../../../../scripts/lib/run/asking/answers-file.ts'
import {answersTemplate} from '../../../../scripts/lib/tools/plan/answers-template.ts'
import {temporaryFolder} from '../../../helpers/folder.ts'

const file = suite('an answers file')
const root = join(import.meta.dirname, '../../../..')
const runbook = await readRunbook(
  '# Essai\n\n## Pré-requis\n\n- [ ] **Validation métier** : faite.\n- [ ] **Fenêtre** : dite. <!-- attest: value=window optional -->\n',
  'r.md',
)

async function read(source: string) {
  const folder = temporaryFolder()
  const path = join(folder.path, 'answers.yaml')
  writeFileSync(path, source)
  const warned: string[] = []
  const said = (text: Text) => inLang(text, 'fr').replaceAll(folder.path, '')
  try {
    const answers = await answersFor(
      {
        ...{checkpoint: {tag: 'v1'}, runbook, policy: openPolicy({root, bundle: root})},
        world: {clock: {now: () => new Date('2026-01-23T15:00:00Z'), wait: async () => {}}},
        terminal: {warn: (text) => void warned.push(said(text))},
      },
      path,
    )
    return {answers, warned, error: ''}
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const {what, why = ''} = error.parts
    return {answers: null, warned, error: `${said(what)} ${said(why)}`}
  } finally {
    folder.remove()
  }
}

const head = `tag: v1
date: 2026-01-23T14:00:00Z
operator: {role: QA Lead, name: Ada}
`

for (const [what, body, at] of [
  ['a key that nobody knows', 'answers:\n  A:\n    observed: x\n    observd: y\n', ':7:'],
  ['a word that is none of the three', 'answers:\n  A:\n    answer: oui\n    observed: x\n', ':6:'],
  [
    'an answer without its observation',
    'answers:\n  B: {observed: x}\n  A:\n    answer: no\n',
    ':7:',
  ],
  [
    'a name that is missing',
    'answers:\n  A:\n    by: {role: PCA, name: ""}\n    observed: x\n',
    ':6:',
  ],
  ['a part that nobody knows', 'answer:\n  A: {observed: x}\n', ':4:1 '],
  ['what is no YAML', 'answers:\n  A: {observed: x\n', ':6:'],
] as const) {
  file(`${what} is said at its line`, async () => {
    const {error} = await read(head + body)
    assert.match(error, `/answers.yaml${at}`)
  })
}

file('a date that is none is said at its line, with one that would be', async () => {
  const {error} = await read(head.replace('2026-01-23T14:00:00Z', 'mardi prochain'))
  assert.match(error, /answers\.yaml:2:7 .*« mardi prochain » n’est pas une date ; écrire 2026-/)
  assert.is((await read(head.replace('2026-01-23T14:00:00Z', '2026-01-23'))).error, '')
})

file('a title that is nearly one of the runbook’s says which, and where', async () => {
  const {warned} = await read(`${head}answers:\n  Validation metier: {observed: x}\n`)
  assert.is(warned.length, 1)
  assert.match(warned[0] ?? '', /:5 : « Validation metier ».*« Validation métier »/)
})

file('a title of another scenario is no fault', async () => {
  const {warned, error} = await read(`${head}answers:\n  Périmètre: {observed: x}\n`)
  assert.equal([warned, error], [[], ''])
})

file('a template is read as it is written, and answers nothing', async () => {
  const session = Object.assign(JSON.parse('{}'), {
    checkpoint: {tag: 'v1'},
    runbook,
    policy: openPolicy({root, bundle: root}),
    world: {clock: {now: () => new Date('2026-01-23T14:00:00Z')}, operator: 'Ada “A” O’Hara: #1'},
    terminal: {lang: 'fr'},
  })
  const base = {detail: 'à dire ; # ici', optional: false, open: false, roles: [], example: null}
  const template = await answersTemplate(session, {
    asked: [
      {...base, title: 'Validation métier', when: 'will', roles: ['PCA']},
      {...base, title: 'Titre: "cité" # 1', when: 'will', optional: true, example: '1 – 2'},
      {...base, title: 'Peut-être', when: 'may'},
    ],
    confirmations: [{phase: 'reset', expected: 'STAGING'}],
    ...{role: 'QA Lead', command: 'npx zx scripts/staging.ts --answers FILE'},
  })
  const {answers, error} = await read(template)
  assert.is(error, '')
  assert.equal(answers?.operator, {role: 'QA Lead', name: 'Ada “A” O’Hara: #1'})
  assert.is(answers?.of({id: 'x', title: 'Validation métier'}), undefined)
  assert.is.not(answers?.confirmation('reset'), 'STAGING')
  const filled = template
    .replace(/("Titre[\s\S]*?observed: )""/, '$1"vu"')
    .replace(/# ("Peut-être":)\n {2}# /, '$1\n  ')
    .replace(/# ( {2}answer)/g, '$1')
    .replace(/# ( {2}observed: )""/g, '$1"oui, vu"')
  const again = await read(filled)
  assert.is(again.error, '')
  const by = {role: 'QA Lead', name: 'Ada “A” O’Hara: #1'}
  const {at, ...answered} = again.answers?.of({id: 'x', title: 'Titre: "cité" # 1'}) ?? {}
  assert.equal(answered, {by, answer: 'yes', observed: 'vu'})
  assert.match(at ?? '', /answers\.yaml:\d+$/)
  assert.equal(again.answers?.of({id: 'x', title: 'Peut-être'})?.observed, 'oui, vu')
})

const bomb = [
  'answers:',
  '  A: {observed: &a x}',
  ...'bcdefghij'.split('').map((name, index) => {
    const before = 'abcdefghi'[index]
    return `  ${name}: &${name} [${Array(10).fill(`*${before}`).join(', ')}]`
  }),
  '',
].join('\n')
for (const [what, body, at, words] of [
  ['emphasis is told how to be quoted', 'answers:\n  A:\n    observed: *OK*\n', ':6:', /"\*OK\*"/],
  ['so is strong emphasis', 'answers:\n  A:\n    observed: **OK**\n', ':6:', /"\*\*OK\*\*"/],
  ['a code span', 'answers:\n  A:\n    observed: `OK`\n', ':6:', /entre guillemets/],
  ['aliases that grow without end', bomb, ':', /renvois YAML|ne se lit pas/],
  [
    'an observation without width',
    'answers:\n  A:\n    observed: "\\u200b\\u2060"\n',
    ':6:',
    /U\+200B/,
  ],
  ['a dash', 'answers:\n  A:\n    observed: "-"\n', ':6:', /ne dit rien/],
  ['a long dash', 'answers:\n  A:\n    observed: — …\n', ':6:', /ne dit rien/],
  [
    'a role without width',
    'answers:\n  A:\n    by: {role: "\\u200b", name: Ada}\n    observed: vu\n',
    ':6:',
    /by\.role/,
  ],
  [
    'a blank name',
    'answers:\n  A:\n    by: {role: QA, name: " "}\n    observed: vu\n',
    ':6:',
    /by\.name/,
  ],
] as const) {
  file(`${what}: refused at its line`, async () => {
    const {error} = await read(head + body)
    assert.match(error, at)
    assert.match(error, words)
  })
}

file('what can be read is taken: a sign, a figure, another script', async () => {
  for (const observed of ['✅', '0', '観察済み', '5 %']) {
    const {answers} = await read(
      `${head}answers:\n  Validation métier: {observed: "${observed}"}\n`,
    )
    assert.is(answers?.of({id: 'x', title: 'Validation métier'})?.observed, observed)
  }
})

file('postgate.yaml is read as carefully', async () => {
  const refusal = async (source: string) =>
    parseProject(source).then(
      () => '',
      (error: unknown) =>
        error instanceof Problem
          ? `${inLang(error.parts.what, 'fr')} ${inLang(error.parts.why ?? '', 'fr')}`
          : String(error),
    )
  assert.match(await refusal('name: *essai*\n'), /postgate\.yaml:1:7 .*"\*essai\*"/)
  assert.match(await refusal('name: " "\nbuilder: {adapter: x}\n'), /postgate\.yaml:1:.*name/)
})

file.run()
