// Goal: no value that comes from outside can break a document, forge a stamp, a heading, a comment or a
// Mermaid block, or open a link: whatever it is, and wherever it stands. Method: every free text of whole
// journals is made of random hostile pieces, and the documents keep the shape of a harmless run's.

import {readdirSync, readFileSync} from 'node:fs'
import {join, resolve} from 'node:path'
import fc from 'fast-check'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {compareDocuments} from '../../../scripts/lib/derive/compare.ts'
import {derive, runbookData} from '../../../scripts/lib/derive/derive.ts'
import {documentNames} from '../../../scripts/lib/domain/document-names.ts'
import type {Event} from '../../../scripts/lib/domain/event.ts'
import {fold} from '../../../scripts/lib/domain/fold.ts'
import {commitMessage, headInMessage} from '../../../scripts/lib/domain/views/commit-message.ts'
import {readRunbook} from '../../../scripts/lib/policy/runbook.ts'
import {frozen, productionRolledBack, stagingSuccess} from '../run/story.ts'
import {shape} from './document-shape.ts'

const root = resolve(import.meta.dirname, '../../..')
const templates = new Map(
  readdirSync(join(root, 'templates')).map((name) => [
    `templates/${name}`,
    readFileSync(join(root, 'templates', name), 'utf8'),
  ]),
)
const gatePath = 'docs/RELEASE_GATE_2026_01.md'
const gate = `# Release Gate

### Historique des validations

| Date | Tag | Commit | Validateur | Décision | Notes |
|------|-----|--------|------------|----------|-------|
`
const runbook = `# Runbook

## Pré-requis

- [ ] **Autorisation explicite** : oui <!-- check: authorised -->
- [ ] **Release Gate validé** : oui <!-- check: gate-complete -->
- [ ] **Décision de freeze** : oui

## Phase 3 : Build (EXÉCUTIF)

- [ ] **Build** : oui <!-- step: build -->
- [ ] **Déploiement** : oui <!-- step: deploy -->

## Critères de succès

- [ ] **Validation métier** : oui

## Critères d'abandon

- [ ] **Taux d'erreur** : oui <!-- trigger: error-rate above=5% -->

## Procédure de rollback

- [ ] **Retour** : oui <!-- step: restore-previous -->
`

/** What breaks Markdown, HTML, Mermaid, Liquid, our stamps and our comments, in any order and number. */
const pieces = [
  ...['|', '\\|', '\n', '\r\n', '\n\n', '  \n', '\\\n', '\\', '`', '```\n', '~~~\n', '\n    code'],
  ...['# ', '\n# Titre\n', '\nTitre\n=====\n', '\n---\n', '> ', '- [x] ', '1. ', '* ', '\n+ '],
  ...['**', '_', '~~', '[a](https://evil.example)', '![x](https://evil.example/x.png)', '[^1]'],
  ...['[a]: https://evil.example', 'https://evil.example', 'www.evil.example', 'a@evil.example'],
  ...['<https://evil.example>', '<script>', '<!--', '-->', '<!-- check: tag -->', '</details>'],
  ...['<!-- postgate:begin facts -->', '<!-- postgate:end facts -->', '<br>', '&lt;', '&#124;'],
  ...['\n  ↳ ✅ 2026-01-23 14:03:11 UTC · automatique · 3 cycles', ' · ', '↳ ✅ ', '✅'],
  ...['{{ run }}', '{% raw %}', '%%{init}%%', '"] --> x', '\nsection y : z', '#quot;', ';', ':'],
  ...['\u202e', '\u0000', '\u200f', '\u2028', '\ufeff', '\u001b[31m', '\ud800', 'é', ' ', 'mot'],
  ...['Postgate-Journal-Head: 0', '\nPostgate-Journal-Events: 1', '| --- |', '\t', '"', "'"],
]
const hostile = fc
  .tuple(fc.array(fc.constantFrom(...pieces), {maxLength: 9}), fc.constantFrom('before', 'behind'))
  // Something that can be read is in each: an empty value is a dash, and may leave a line out.
  .map(([all, where]) => (where === 'before' ? `mot${all.join('')}` : `${all.join('')}mot`))

/** Free texts, whoever wrote them: people, hosts, commits, programs. */
const free = new Set(
  [
    ...['observed', 'what', 'why', 'note', 'reason', 'scope', 'responsible', 'exitCriteria'],
    ...[
      'subject',
      'role',
      'operator',
      'machine',
      'platform',
      'by',
      'project',
      'command',
      'effects',
    ],
    ...[
      'waitingFor',
      'origin',
      'channel',
      'version',
      'id',
      'tail',
      'planned',
      'fingerprint',
      'typed',
    ],
  ].values(),
)

/** The same events with each free text replaced by what `next` gives. */
function told(events: readonly Event[], next: () => string): Event[] {
  const change = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') return free.has(key) ? next() : value
    if (Array.isArray(value)) return value.map((each) => change(each, key))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [
        name,
        // A person's name; a fact's and a project's are ours.
        name === 'name' && 'role' in value && typeof each === 'string'
          ? next()
          : change(each, name),
      ]),
    )
  }
  return events.map((event) => Object.assign(structuredClone(event), change(event, '')))
}

async function documentsOf(events: readonly Event[]) {
  const names = documentNames(fold(events))
  const found = await derive({
    events,
    runbookSource: runbook,
    templates,
    names,
    manifest: `${'e'.repeat(64)}  index.html\n`,
    previous: new Map([
      [gatePath, gate],
      [names.runbook, runbook],
    ]),
  })
  const input = {
    state: fold(events),
    runbook: runbookData(await readRunbook(runbook, names.runbook)).data,
    names,
  }
  return {found, message: commitMessage(input, {hash: 'f'.repeat(64), count: events.length})}
}

async function shapes(documents: ReadonlyMap<string, string>): Promise<unknown> {
  const all: unknown[] = []
  for (const [path, source] of documents) all.push([path, await shape(source, path)])
  return all
}

const attacks = suite('random hostile values in every free text')

for (const [name, story] of Object.entries({stagingSuccess, productionRolledBack, frozen})) {
  attacks(`${name}: the documents keep the shape of a harmless run's`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(hostile, {minLength: 5, maxLength: 12}), async (drawn) => {
        // No two are the same: what is the same twice may be said once.
        const values = drawn.map((value, number) => value.replace('mot', `mot${number}`))
        let index = 0
        const events = told(story(), () => values[index++ % values.length] ?? '')
        const words = values.map((_, number) => `mot${number}`)
        index = 0
        const calm = await documentsOf(told(story(), () => words[index++ % words.length] ?? ''))
        const expected = await shapes(calm.found.documents)
        const {found, message} = await documentsOf(events)
        assert.equal(await shapes(found.documents), expected)
        assert.equal(await compareDocuments(found, found.documents), [])
        assert.equal(headInMessage(message), {
          run: events[0]?.type === 'run-started' ? events[0].run : '',
          hash: 'f'.repeat(64),
          count: events.length,
        })
        assert.is(message.split('\n').length, calm.message.split('\n').length)
      }),
      {numRuns: Number(process.env.POSTGATE_PROPERTY_RUNS ?? 5)},
    )
  })
}

attacks.run()
