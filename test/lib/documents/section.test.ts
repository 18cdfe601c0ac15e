import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {positionAt} from '../../../scripts/lib/documents/document.ts'
import {headingMeaning} from '../../../scripts/lib/documents/headings.ts'
import {normalise} from '../../../scripts/lib/documents/normalise.ts'
import {parse, withByteOrderMark} from '../../../scripts/lib/documents/parse.ts'
import {
  findSection,
  isWithin,
  numberedSection,
  sectionAt,
  sections,
  sectionsOfKind,
  trail,
} from '../../../scripts/lib/documents/section.ts'

const parsing = suite('parse')

parsing('reads the front matter and where its keys stand', async () => {
  const document = await parse('---\nscenario: staging\n\nversion: 1\n---\n\n# T\n', 'a.md')
  assert.equal(document.frontMatter, {scenario: 'staging', version: 1})
  assert.equal(
    [...document.frontMatterLines],
    [
      ['scenario', 2],
      ['version', 4],
    ],
  )
  assert.equal(document.problems, [])
})

parsing('places what is wrong in the front matter', async () => {
  const [broken] = (await parse('---\na: 1\nb: [1, 2\n---\n', 'a.md')).problems
  assert.is(broken?.path, 'a.md')
  assert.ok((broken?.line ?? 0) >= 3, String(broken))
  const [twice] = (await parse('---\na: 1\na: 2\n---\n', 'a.md')).problems
  assert.match(twice?.message ?? '', /^a\.md:3:1: front matter: /)
  const [list] = (await parse('---\n- a\n---\n', 'a.md')).problems
  assert.match(list?.message ?? '', /^a\.md:2:1: front matter: expected/)
  assert.equal((await parse('---\n---\n', 'a.md')).problems, [])
})

parsing('takes a byte order mark off and puts it back', async () => {
  const text = '\uFEFF---\na: 1\n---\n# T\n'
  const document = await parse(text, 'a.md')
  assert.equal(document.frontMatter, {a: 1})
  assert.is(document.source.slice(sections(document)[1]?.start), '# T\n')
  assert.is(withByteOrderMark(document, document.source), text)
})

parsing('knows line and column with each kind of line ending', async () => {
  for (const ending of ['\n', '\r\n', '\r']) {
    const document = await parse(`a${ending}bc${ending}`, 'a.md')
    assert.is(document.eol, ending)
    const offset = document.source.indexOf('c')
    assert.equal(positionAt(document, offset), {line: 2, column: 2, offset})
  }
})

parsing.run()

const titles = suite('headings')

titles('compares titles without accents, case, numbers, emoji and punctuation', () => {
  for (const title of [
    'Pré-requis exacts',
    '4.1 — PRE-REQUIS EXACTS',
    '✅ Pré‑requis  exacts :',
    'A. Pré-requis exacts',
  ])
    assert.is(normalise(title), 'pre requis exacts', title)
  assert.is(normalise('4'), '4')
  assert.is(normalise('Phase 2 : Reset'), 'phase 2 reset')
})

titles('reads phases with number, title and mode', () => {
  const phases: [string, number, string, string | null][] = [
    ['Phase 1 : Préparation (READ-ONLY)', 1, 'Préparation', 'READ-ONLY'],
    ['Phase 2 : Reset STAGING (EXÉCUTIF — avec garde-fous)', 2, 'Reset STAGING', 'EXECUTIVE'],
    ['Phase 3 - Build & Deploy (EXECUTIVE)', 3, 'Build & Deploy', 'EXECUTIVE'],
    ['🚀 PHASE 4: Validation (lecture seule)', 4, 'Validation', 'READ-ONLY'],
    ['Phase 5 : Autre (bis)', 5, 'Autre (bis)', null],
  ]
  for (const [title, number, words, mode] of phases) {
    assert.equal(headingMeaning(title), {kind: 'phase', phase: {number, title: words, mode}}, title)
  }
})

titles('knows what headings stand for, in French and English', () => {
  const kinds: Record<string, string[]> = {
    objective: ['Objectif', 'Objective', '1. OBJECTIF'],
    prerequisites: ['Pré-requis exacts', 'Prérequis', 'Prerequisites', 'Pre-requisites (blocking)'],
    'checks-before': ['Vérifications pré-déploiement', 'Pre-deployment checks'],
    risks: ['Risques identifiés', 'Risks', 'Identified risks'],
    success: ['Critères de succès', 'Success criteria'],
    abort: ["Critères d'abandon / rollback", 'Critères d’abandon', 'Abort criteria'],
    rollback: [
      'Procédure de rollback PRODUCTION',
      'Rollback procedure',
      'Procédure de sortie de freeze',
    ],
    history: [
      'Historique des exécutions',
      'Historique des validations',
      'Execution history',
      'History',
    ],
    prose: ['Commandes autorisées', 'Obligatoires (BLOQUANTS)', 'Références', 'Préambule'],
  }
  for (const [kind, all] of Object.entries(kinds)) {
    for (const title of all) assert.is(headingMeaning(title).kind, kind, title)
  }
})

titles.run()

const tree = suite('section')

const runbook = `intro

# Runbook

## Pré-requis

### Obligatoires

text

### Vérifications pré-déploiement

## Phase 1 : Build (EXÉCUTIF)

#### Notes

## 4. Checklist

### 4.1 Code

> # no section
`

tree('nests sections by rank, and children keep the kind of their parent', async () => {
  const document = await parse(runbook, 'a.md')
  assert.equal(
    sections(document).map(({title, depth, kind, ownKind}) => [title, depth, kind, ownKind]),
    [
      ['', 0, 'prose', false],
      ['Runbook', 1, 'prose', false],
      ['Pré-requis', 2, 'prerequisites', true],
      ['Obligatoires', 3, 'prerequisites', false],
      ['Vérifications pré-déploiement', 3, 'checks-before', true],
      ['Phase 1 : Build (EXÉCUTIF)', 2, 'phase', true],
      ['Notes', 4, 'phase', false],
      ['4. Checklist', 2, 'prose', false],
      ['4.1 Code', 3, 'prose', false],
    ],
  )
  const notes = findSection(document, 'notes')
  assert.is(notes?.phase?.number, 1)
  assert.is(sectionsOfKind(document, 'phase').length, 1)
})

tree('finds the section of an offset, of a number, and its trail', async () => {
  const document = await parse(runbook, 'a.md')
  const inner = sectionAt(document, document.source.indexOf('text'))
  assert.equal(trail(inner), ['Runbook', 'Pré-requis', 'Obligatoires'])
  assert.is(sectionAt(document, 0).depth, 0)
  const checklist = numberedSection(document, '4')
  assert.is(checklist?.title, '4. Checklist')
  assert.ok(checklist && isWithin(sectionAt(document, document.source.length), checklist))
  assert.is(checklist?.end, document.source.length)
  assert.is(document.source.slice(inner.bodyStart, inner.bodyEnd).trim(), 'text')
})

tree.run()
