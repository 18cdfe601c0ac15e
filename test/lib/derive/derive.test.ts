// Goal: what a run leaves is a function of its journal, breaks no document whatever the journal says,
// and an edit of it is found. Method: told journals, the real templates and runbooks, hostile values in
// every free text, and a comparison of the parsed documents' shapes.

import {readdirSync, readFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {compareDocuments} from '../../../scripts/lib/derive/compare.ts'
import {type Derived, derive} from '../../../scripts/lib/derive/derive.ts'
import {parse} from '../../../scripts/lib/documents/parse.ts'
import {readStamps} from '../../../scripts/lib/documents/stamp.ts'
import {documentNames} from '../../../scripts/lib/domain/document-names.ts'
import type {Event} from '../../../scripts/lib/domain/event.ts'
import {fold} from '../../../scripts/lib/domain/fold.ts'
import {missingFields} from '../../../scripts/lib/domain/views/post-mortem.ts'
import {frozen, productionRolledBack, stagingSuccess} from '../run/story.ts'
import {shape} from './document-shape.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const templates = new Map(
  readdirSync(join(root, 'templates')).map((name) => [
    `templates/${name}`,
    read(`templates/${name}`),
  ]),
)
const gatePath = 'docs/RELEASE_GATE_2026_01.md'
const gate = [
  '# Release Gate',
  '',
  '### Historique des validations',
  '',
  '| Date | Tag | Commit | Validateur | Décision | Notes |',
  '|------|-----|--------|------------|----------|-------|',
  '| 2026-01-22 | prod-ready | `0c5c2b7` | Alice | GO | |',
  '',
  '## 5. Suite',
  '',
].join('\n')

// The told items only: whole runbooks would have these tests spend their time on parsing.
const small = `# Runbook

## Pré-requis

- [ ] **Autorisation explicite** : oui <!-- check: authorised -->
- [ ] **Décision de freeze** : oui

## Phase 3 : Build (EXÉCUTIF)

- [ ] **Build** : oui <!-- step: build -->
- [ ] **Déploiement** : oui <!-- step: deploy -->

## Risques identifiés

| Risque | Probabilité | Impact | Mitigation |
| --- | --- | --- | --- |
| Build | Faible | Bloquant | oui <!-- risk: build, error-rate --> |

## Critères de succès

- [ ] **Validation métier** : oui

## Critères d'abandon

- [ ] **Taux d'erreur** : oui <!-- trigger: error-rate above=5% -->

## Procédure de rollback

- [ ] **Retour** : oui <!-- step: restore-previous -->
`

async function derived(
  events: readonly Event[],
  previous: Readonly<Record<string, string>> = {},
  runbookSource = small,
): Promise<Derived> {
  const names = documentNames(fold(events))
  return derive({
    events,
    runbookSource,
    templates,
    names,
    manifest: `${'e'.repeat(64)}  index.html\n`,
    previous: new Map(
      Object.entries({[gatePath]: gate, [names.runbook]: runbookSource, ...previous}),
    ),
  })
}

const stories = {staging: stagingSuccess, production: productionRolledBack, freeze: frozen}
const text = (found: Derived, path: string): string => {
  const [match] = [...found.documents].filter(([name]) => name.includes(path))
  assert.ok(match, `${path} among ${[...found.documents.keys()].join(', ')}`)
  return match?.[1] ?? ''
}
const plainSpaces = (words: string) => words.replace(/\u202f/g, ' ')

const documents = suite('derived documents')

documents('are those of the scenario, and the same at each derivation', async () => {
  const names: Record<string, string[]> = {}
  for (const [name, story] of Object.entries(stories)) {
    const whole = read(`runbooks/${name}.md`)
    const [once, again] = [await derived(story(), {}, whole), await derived(story(), {}, whole)]
    assert.equal([...once.documents], [...again.documents])
    names[name] = [...once.documents.keys()]
      .map((path) => path.split('/').slice(-1).join('/'))
      .sort()
  }
  assert.equal(names, {
    staging: [
      'CHANGELOG.md',
      'DEPLOYMENT_REPORT_2026_01_23.md',
      'RELEASE_GATE_2026_01.md',
      'STAGING_DEPLOYMENTS.md',
      'manifest.sha256',
      'runbook.md',
      'staging.md',
    ],
    production: [
      'CHANGELOG.md',
      'DEPLOYMENT_REPORT_2026_01_26.md',
      'POST_MORTEM_ROLLBACK_2026_01_26.md',
      'PROD_DEPLOYMENTS.md',
      'RELEASE_GATE_2026_01.md',
      'manifest.sha256',
      'production.md',
      'runbook.md',
    ],
    freeze: [
      'BACKLOG_POST_RELEASE_2026_01.md',
      'CHANGELOG.md',
      'RELEASE_FREEZES.md',
      'RELEASE_FREEZE_2026_01_23.md',
      'RELEASE_GATE_2026_01.md',
      'freeze.md',
      'manifest.sha256',
      'runbook.md',
    ],
  })
})

documents('carry the five traceability fields, each of them', async () => {
  for (const story of Object.values(stories)) {
    const found = await derived(story())
    for (const [path, source] of found.documents) {
      if (/runbook\.md$|manifest|runbooks\//.test(path)) continue
      assert.match(source, /2026-01-2\d \d\d:\d\d:\d\d UTC/, path)
      assert.match(source, /Alice Martin \(déclaré\)|Benoît Leroy \(signé\)/, path)
      assert.match(source, /prod-ready-2026-01-23-nightly-green/, path)
      assert.match(source, /0c5c2b7/, path)
      assert.match(source, /Succès|Rollback vérifié/, path)
      assert.match(source, /[Ii]ncident/, path)
    }
  }
})

documents('open with the live version, since when, and what is owed', async () => {
  const report = plainSpaces(text(await derived(productionRolledBack()), 'REPORT'))
  const opening = report.slice(0, report.indexOf('## Traçabilité'))
  assert.match(opening, /Version en ligne \| \*\*2026\.1\.9\*\*/)
  assert.match(opening, /Depuis \| 2026-01-26 22:20:10 UTC/)
  assert.match(opening, /- \[ \] remplir et commiter le post-mortem/)
})

documents('hold the stamps of what was judged, read back the same', async () => {
  const found = await derived(stagingSuccess(), {}, read('runbooks/staging.md'))
  const stamps = readStamps(await parse(text(found, 'docs/runs'), 'runbook.md'))
  const of = (title: string) => stamps.find(({item}) => item.title === title)
  assert.is(of('Release Gate validé')?.mark, '✅')
  assert.is(of('Release Gate validé')?.who, 'automatique')
  assert.is(of('Autorisation explicite')?.who, 'Release Manager Alice Martin (déclaré)')
  assert.is(of('Build réussi du checkpoint')?.observed, 'version 2026.1.23, 27 fichiers')
  assert.is(of('Build échoué deux fois')?.observed, 'non déclenché : 1 échec sur 2')
})

documents('say what is owed in a post-mortem whose fields nobody has filled in', async () => {
  const source = text(await derived(productionRolledBack()), 'POST_MORTEM')
  const template = templates.get('templates/post-mortem-rollback.md') ?? ''
  assert.is(missingFields(source, template).length, 12)
  const filled = source.replaceAll('_à remplir_', 'dit par Alice')
  assert.equal(missingFields(filled, template), [])
})

documents('leave the rows of others as they are, and write their own once', async () => {
  const events = stagingSuccess()
  const first = await derived(events)
  const again = await derived(events, Object.fromEntries(first.documents))
  assert.equal([...again.documents], [...first.documents])
  assert.ok(text(first, 'RELEASE_GATE').startsWith(gate.slice(0, gate.indexOf('\n## 5'))))
  assert.ok(text(first, 'RELEASE_GATE').endsWith('\n\n## 5. Suite\n'))
})

documents('keep what people wrote in a backlog, in its cells and beside them', async () => {
  const first = text(await derived(frozen()), 'BACKLOG')
  const path = 'docs/BACKLOG_POST_RELEASE_2026_01.md'
  const edited = `${first
    .replace(
      /(Filtrer la liste.*)_à remplir_ \| _à remplir_ \|/,
      '$1**Zoé**, avec [plan](x.md) | P2 |',
    )
    .replace(
      '<!-- postgate:end bugs -->',
      '| Une ligne à nous | Zoé | Zoé | P1 |\n\n<!-- postgate:end bugs -->\n\nNotre remarque.',
    )
    .replace(
      '| _à remplir_ | _à remplir_ |\n| Une ligne',
      '| _à remplir_ | _à remplir_ |\n| Une ligne',
    )}\nÀ nous.\n`
  const later = text(
    await derived(frozen(), {[path]: edited.replace(/\n\n\| Une ligne/, '\n| Une ligne')}),
    'BACKLOG',
  )
  assert.match(later, /Filtrer la liste.*\| \*\*Zoé\*\*, avec \[plan\]\(x\.md\) \| P2 \|/)
  assert.match(later, /\| Une ligne à nous \| Zoé \| Zoé \| P1 \|/)
  assert.match(later, /Notre remarque\./)
  assert.ok(later.endsWith('\nÀ nous.\n'))
})

documents.run()

const hostile = [
  '| a | b\n\n# Titre\n\n- [x] fait\n```\n*_~`[^1] &lt; {{ run }} {% raw %} \\',
  '<!-- postgate:end facts --><!-- check: tag --><script>](https://evil.example) ![x](https://evil.example/x.png) a@evil.example',
  '"] --> x\n  section y : z; #quot; %%{init}%% end \u202e\u0000\u200f',
  '1. - [ ]',
  '',
]

const attacks = suite('hostile values')

attacks('in every free text leave each document in the shape of a harmless one', async () => {
  for (const story of Object.values(stories)) {
    const calm = await derived(story('harmless'))
    const expected = new Map<string, unknown>()
    for (const [path, source] of calm.documents) expected.set(path, await shape(source, path))
    for (const value of hostile) {
      const found = await derived(story(value))
      assert.equal([...found.documents.keys()], [...calm.documents.keys()])
      for (const [path, source] of found.documents) {
        assert.equal(
          await shape(source, path),
          expected.get(path),
          `${path} with ${JSON.stringify(value)}`,
        )
        assert.not.ok(source.includes('\u202e') || source.includes('\u0000'))
      }
      assert.equal(await compareDocuments(found, found.documents), [], JSON.stringify(value))
    }
  }
})

attacks.run()

const audit = suite('comparison')

async function differences(
  story: () => Event[],
  path: string,
  edit: (source: string) => string | null,
): Promise<string[]> {
  const found = await derived(story())
  const actual = new Map(found.documents)
  const [name] = [...actual.keys()].filter((one) => one.includes(path))
  const edited = edit(actual.get(name ?? '') ?? '')
  if (edited === null) actual.delete(name ?? '')
  else {
    assert.is.not(edited, actual.get(name ?? ''), 'the edit changed nothing')
    actual.set(name ?? '', edited)
  }
  return (await compareDocuments(found, actual)).map((one) => `${one.kind} ${one.path}`)
}

audit('finds each edit of what this run alone writes, and a document that is gone', async () => {
  const more = (source: string) => `${source}un mot de plus\n`
  assert.equal(await differences(stagingSuccess, 'REPORT', more), [
    'changed docs/DEPLOYMENT_REPORT_2026_01_23.md',
  ])
  assert.is(
    (await differences(stagingSuccess, 'docs/runs', (s) => s.replace('✅', '❌'))).length,
    1,
  )
  assert.is((await differences(stagingSuccess, 'manifest', () => null)).length, 1)
})

audit('a row goes where it goes among few, however many there are', async () => {
  const path = 'docs/STAGING_DEPLOYMENTS.md'
  const first = text(await derived(stagingSuccess()), path)
  const [own = ''] = first.split('\n').filter((line) => line.includes(fold(stagingSuccess()).run))
  const [head = '', delimiter = ''] = first.split('\n').filter((line) => line.startsWith('|'))
  const others = (count: number) =>
    Array.from({length: count}, (_, index) =>
      own.replace(/\d{8}-\d{6}/g, `20250101-${String(100_000 + index)}`),
    )
  const around = (rows: readonly string[]) =>
    [
      ...['# Autres', '', '| a | b |', '|---|---|', ...Array.from({length: 30}, () => '| x | y |')],
      ...['', '# Registre', '', head, delimiter, ...rows, '', 'Des mots.', ''],
    ].join('\n')
  for (const count of [3, 60]) {
    const ledger = async (rows: readonly string[]) =>
      text(await derived(stagingSuccess(), {[path]: around(rows)}), path)
    assert.is(await ledger(others(count)), around([...others(count), own]))
    // It is there, where an editor wrote its name otherwise.
    const known = [own.replaceAll('-', '\\-'), ...others(count)]
    assert.is(await ledger(known), around(known))
  }
})

audit('finds an edited row, and lets other rows and texts be', async () => {
  const path = 'docs/STAGING_DEPLOYMENTS.md'
  const edit = (from: string, to: string) => (source: string) => source.replace(from, to)
  assert.equal(await differences(stagingSuccess, path, edit('✅ Succès', '❌ Échec')), [
    `row ${path}`,
  ])
  assert.equal(await differences(stagingSuccess, path, edit('Une ligne par', 'Chaque')), [])
})

audit(
  'finds an edited entry, history row and machine block, and lets people write beside',
  async () => {
    const edit = (from: string | RegExp, to: string) => (source: string) => source.replace(from, to)
    assert.is(
      (await differences(stagingSuccess, 'CHANGELOG', edit('mise en ligne', 'x'))).length,
      1,
    )
    assert.equal(
      await differences(stagingSuccess, 'CHANGELOG', edit('# Changelog', '# Journal')),
      [],
    )
    assert.is(
      (await differences(stagingSuccess, 'RELEASE_GATE', edit('Alice Martin', 'Bob'))).length,
      1,
    )
    assert.equal(await differences(stagingSuccess, 'RELEASE_GATE', edit('| GO |', '| NO |')), [])
    assert.is(
      (await differences(productionRolledBack, 'POST_MORTEM', edit('22:20:05', '22:10:05'))).length,
      1,
    )
    assert.equal(
      await differences(productionRolledBack, 'POST_MORTEM', edit(/_à remplir_/g, 'dit')),
      [],
    )
    assert.is(
      (await differences(frozen, 'BACKLOG', edit('caisse.dart:42', 'caisse.dart:43'))).length,
      1,
    )
    assert.equal(await differences(frozen, 'BACKLOG', edit(/_à remplir_/g, 'Zoé')), [])
  },
)

audit.run()
