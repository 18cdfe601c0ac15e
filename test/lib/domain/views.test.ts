import {execFileSync} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {chatText} from '../../../scripts/lib/documents/escape.ts'
import {renderTemplate} from '../../../scripts/lib/documents/template.ts'
import {documentNames} from '../../../scripts/lib/domain/document-names.ts'
import type {Event, EventBody, RunResult} from '../../../scripts/lib/domain/event.ts'
import {fold} from '../../../scripts/lib/domain/fold.ts'
import {inLang} from '../../../scripts/lib/domain/text.ts'
import {
  frenchBytes,
  frenchDate,
  frenchDuration,
  frenchNumber,
  frenchPercent,
} from '../../../scripts/lib/domain/times.ts'
import {insertEntry} from '../../../scripts/lib/domain/views/changelog-entry.ts'
import {commitMessage, headInMessage} from '../../../scripts/lib/domain/views/commit-message.ts'
import {
  firstBadRun,
  nightlyPostMortemView,
  releaseGateView,
} from '../../../scripts/lib/domain/views/gate.ts'
import {liveVersion} from '../../../scripts/lib/domain/views/live.ts'
import {
  type NotificationInput,
  notificationView,
} from '../../../scripts/lib/domain/views/notification.ts'
import {owed, owesPostMortem} from '../../../scripts/lib/domain/views/owed.ts'
import {errorPlot} from '../../../scripts/lib/domain/views/plots.ts'
import {missingFields} from '../../../scripts/lib/domain/views/post-mortem.ts'
import {riskRows} from '../../../scripts/lib/domain/views/risks.ts'
import {frenchSpaces} from '../../../scripts/lib/domain/views/typography.ts'
import {parseGate} from '../../../scripts/lib/policy/gate-file.ts'
import {
  fact,
  frozen,
  journal,
  opened,
  productionRolledBack,
  stagingSuccess,
  started,
  stepped,
} from '../run/story.ts'

const words = suite('words')
const plainSpaces = (text: string) => text.replace(/\u202f/g, ' ')

words('of durations, numbers and dates are French', () => {
  const ms = [820, 45_000, 125_000, 3_720_000, 273_600_000]
  assert.equal(ms.map(frenchDuration), ['820 ms', '45 s', '2 min 05 s', '1 h 02 min', '3 j 04 h'])
  assert.is(plainSpaces(frenchNumber(1_234_567.5, 1)), '1 234 567,5')
  assert.is(plainSpaces(frenchPercent(0.0417)), '4,17 %')
  assert.is(frenchBytes(3_456_789), '3,5 Mo')
  assert.is(frenchDate('2026-02-01T00:00:00Z'), '1er février 2026')
})

words('keep their signs on the line, but code stays as it is', () => {
  const source =
    '« Oui » : 5 % `a : b` <!-- à remplir: x --> !\n```\na : b\n```\n| a | : |\n| --- | :--- |'
  const spaced = frenchSpaces(source)
  assert.is(plainSpaces(spaced), source)
  assert.ok(
    spaced.includes('«\u202fOui\u202f»\u202f: 5\u202f% `a : b` <!-- à remplir: x -->\u202f!'),
  )
  assert.ok(spaced.includes('```\na : b\n```'))
})

words.run()

const live = suite('live version')
const at = '2026-01-23T09:00:00.000Z'
const before = {id: 'dep-1', url: 'https://a', version: '1', manifest: null, at}
const deploying = [
  started('production'),
  opened('d', 'D', 'EXECUTIVE'),
  fact('deployment-before', before),
  ...stepped('d', 'deploy', 'fait', {command: 'deploy'}),
] as const
const verified = fact('deployment-verified', {id: 'dep-2', digest: 'x', files: 1, at})
const back = (result: 'verified' | 'unverified' | 'failed' | 'nothing-to-do') =>
  [
    {type: 'rollback-started', kind: 'request', why: 'essai'},
    {type: 'rollback-finished', result, observed: 'vu'},
  ] as const

live('is the new one only when its bytes were proven', () => {
  const status = (lines: Parameters<typeof journal>[1]) =>
    liveVersion(fold(journal(at, lines))).status
  assert.is(status([started('production'), fact('deployment-before', before)]), 'unchanged')
  assert.is(status(deploying), 'unknown')
  assert.is(status([...deploying, verified]), 'new')
  assert.is(status([...deploying, verified, ...back('verified')]), 'previous')
  assert.is(status([...deploying, verified, ...back('unverified')]), 'unknown')
  assert.is(status([...deploying, verified, ...back('failed')]), 'unknown')
  assert.is(status([started('production'), ...back('nothing-to-do')]), 'unchanged')
})

live('is the checkpoint again at the end of a drill', () => {
  const events = journal(at, [...deploying, verified, ...back('verified'), verified])
  assert.is(liveVersion(fold(events)).status, 'new')
})

live(
  'is said with what is owed: a look by hand, the post-mortem, the decision on data, a notification that failed',
  () => {
    const kinds = (events: readonly Event[]) => owed(fold(events)).map(({kind}) => kind)
    assert.equal(kinds(journal(at, [...deploying, ...back('failed')])), [
      'look',
      'post-mortem',
      'data',
    ])
    assert.equal(kinds(stagingSuccess()), ['notification'])
    assert.is(
      owesPostMortem(fold(journal(at, [started('production'), ...back('nothing-to-do')]))),
      false,
    )
    assert.is(owesPostMortem(fold(journal(at, [started('staging'), ...back('verified')]))), false)
  },
)

live(
  'a reset that failed is owed, with where the data still are; one that never began is not',
  () => {
    const failed = (more: {untouched?: true} = {}): Event[] =>
      journal(at, [
        started('staging'),
        {
          type: 'fact-recorded',
          name: 'backup',
          value: {path: 'backups/a.dump', bytes: 1, sha256: 'x', keepUntil: '', tables: 1},
        },
        {type: 'step-intended', phase: 'reset', step: 'reset-database', attempt: 1, effects: []},
        {
          ...{type: 'step-finished', phase: 'reset', step: 'reset-database', attempt: 1},
          ...{verdict: more.untouched ? 'unknown' : 'fail', observed: 'notifications (1)'},
          ...{evidence: [], durationMs: 1, ...more},
        },
        {type: 'run-decided', result: 'aborted', why: 'notifications (1)'},
      ])
    const [debt, ...others] = owed(fold(failed()))
    assert.equal([debt?.kind, others], ['database', []])
    assert.match(inLang(debt?.what ?? '', 'fr'), /notifications \(1\).*backups\/a\.dump/)
    assert.equal(owed(fold(failed({untouched: true}))), [])
  },
)

live.run()

const risks = suite('risks')

risks('are covered by evidence of this run, and what was not reached remains', () => {
  const item = {
    id: 'phase-3/build',
    title: 'Build',
    section: 'phase',
    kind: 'step',
    name: 'build',
    parameters: {},
    optional: false,
  } as const
  const rows = riskRows(fold(stagingSuccess()), {
    path: 'r.md',
    title: 'r',
    items: [item, {...item, id: 'rollback/retour', name: 'restore-previous', section: 'rollback'}],
    risks: [
      {cells: ['Build', 'Faible', 'Bloquant', 'm'], mitigatedBy: ['build', 'restore-previous']},
      {cells: ['Autre'], mitigatedBy: ['build', 'inconnu']},
      {cells: ['Rien'], mitigatedBy: ['inconnu']},
    ],
  })
  assert.equal(
    rows.map(({status}) => status),
    ['✅ couvert', '⚠️ couvert en partie', '❌ non couvert'],
  )
})

risks.run()

const fields = suite('mandatory fields of a post-mortem')
const fieldTemplate =
  '- **Gravité** : <!-- à remplir: gravité --> _à remplir_\n\n## Cause\n\n<!-- à remplir: cause -->\n_à remplir_\n'

fields('are missing until they say something', () => {
  assert.equal(missingFields(fieldTemplate), ['gravité', 'cause'])
  assert.equal(missingFields(fieldTemplate.replaceAll('_à remplir_', '')), ['gravité', 'cause'])
  assert.equal(missingFields(fieldTemplate.replaceAll('_à remplir_', 'TODO')), ['gravité', 'cause'])
  assert.equal(missingFields(fieldTemplate.replaceAll('_à remplir_', '— …')), ['gravité', 'cause'])
  assert.equal(missingFields(fieldTemplate.replace('_à remplir_', 'majeure')), ['cause'])
  assert.equal(missingFields(fieldTemplate.replaceAll('_à remplir_', 'dit')), [])
})

fields('are missing too when their marks were deleted', () => {
  assert.equal(missingFields('## Cause\n\nrien\n', fieldTemplate), ['gravité', 'cause'])
})

fields('in a table are filled in when no cell waits any more', () => {
  const head = '<!-- à remplir: actions -->\n\n| Action | Qui |\n| --- | --- |\n'
  assert.equal(missingFields(`${head}| _à remplir_ | |\n`), ['actions'])
  assert.equal(missingFields(head), ['actions'])
  assert.equal(missingFields(`${head}| Alerter plus tôt | Alice |\n`), [])
})

fields.run()

const changelog = suite('changelog')
const entry = {
  tag: 'v2',
  date: '2026-01-23',
  entry: '- **PRODUCTION** : fait',
  yanked: false,
} as const
const source = '# Changelog\n\n## [Unreleased]\n\n- en cours\n\n## [v1] - 2026-01-01\n\n- avant\n'

changelog('gains a section below what is not released, above the older ones', () => {
  assert.is(
    insertEntry(source, entry),
    '# Changelog\n\n## [Unreleased]\n\n- en cours\n\n## [v2] - 2026-01-23\n\n- **PRODUCTION** : fait\n\n## [v1] - 2026-01-01\n\n- avant\n',
  )
})

changelog('keeps one section for a tag, newest entry first', () => {
  const twice = insertEntry(insertEntry(source, entry), {...entry, entry: '- **suite**'})
  assert.ok(
    twice.includes('## [v2] - 2026-01-23\n\n- **suite**\n- **PRODUCTION** : fait\n\n## [v1]'),
  )
})

changelog('marks a release that was taken back, and takes the mark off when it is back', () => {
  const yanked = insertEntry(insertEntry(source, entry), {...entry, yanked: true})
  assert.ok(yanked.includes('## [v2] - 2026-01-23 [YANKED]\n'))
  assert.ok(yanked.includes('## [v1] - 2026-01-01\n'))
  assert.not.ok(insertEntry(yanked, entry).includes('YANKED'))
  assert.ok(insertEntry(yanked, {...entry, yanked: 'unchanged'}).includes('YANKED'))
})

changelog('keeps line endings, and takes no heading in a fence for one', () => {
  const crlf = insertEntry(source.replaceAll('\n', '\r\n'), entry)
  assert.not.ok(/[^\r]\n/.test(crlf))
  const fenced = '# C\n\n```\n## [v2] - x\n```\n'
  assert.is(
    insertEntry(fenced, entry),
    `${fenced}\n## [v2] - 2026-01-23\n\n- **PRODUCTION** : fait\n`,
  )
})

changelog.run()

const messages = suite('commit message')

messages('names the run and the head where git finds them, whatever the values say', () => {
  const evil = 'x\n\nPostgate-Run: other\nSigned-off-by: no'
  const state = fold(stagingSuccess(evil))
  const input = {
    state,
    names: documentNames(state),
    runbook: {path: '', title: '', items: [], risks: []},
  }
  const message = commitMessage(input, {hash: 'f'.repeat(64), count: 42})
  assert.equal(headInMessage(message), {run: state.run, hash: 'f'.repeat(64), count: 42})
  const trailers = execFileSync('git', ['interpret-trailers', '--parse'], {
    input: message,
  }).toString()
  assert.equal(trailers.trim().split('\n'), [
    `Postgate-Run: ${state.run}`,
    `Postgate-Journal-Head: ${'f'.repeat(64)}`,
    'Postgate-Journal-Events: 42',
  ])
  assert.ok((message.split('\n')[0] ?? '').length <= 72)
})

messages.run()

const naming = suite('document names')

naming('follow what the run came to, and end in _2 where a name is taken', () => {
  const staging = documentNames(fold(stagingSuccess()), (path) => path.endsWith('2026_01_23.md'))
  assert.is(staging.report, 'docs/DEPLOYMENT_REPORT_2026_01_23_2.md')
  assert.is(staging.postMortem, null)
  assert.is(
    documentNames(fold(productionRolledBack())).postMortem,
    'docs/POST_MORTEM_ROLLBACK_2026_01_26.md',
  )
})

naming('are kept once they are journalled', () => {
  const chosen = {report: 'docs/X.md', postMortem: null, freeze: null, backlog: null}
  const state = fold(journal(at, [...deploying, fact('document-names', chosen)]))
  assert.is(documentNames(state, () => true).report, 'docs/X.md')
})

naming('are none for a run that ended before its first effect', () => {
  const decided: EventBody = {type: 'run-decided', result: 'aborted' satisfies RunResult, why: 'x'}
  assert.is(documentNames(fold(journal(at, [started('staging'), decided]))).report, null)
})

naming.run()

const plots = suite('plots')

plots('draw a stretch without measurements as a full bar, never as health', () => {
  const samples = Array.from({length: 120}, (_, index) => ({
    at: new Date(Date.parse(at) + index * 10_000).toISOString(),
    source: 's',
    ok: true,
    status: 200,
    ms: 20,
  })).filter((_, index) => index < 40 || index > 80)
  const source = errorPlot({samples, zero: new Date(at), title: 't', threshold: 5})
  assert.match(source, /^ {2}bar \[0, .*8\.3/m)
  assert.is(errorPlot({samples: [], zero: new Date(at), title: 't'}), '')
})

plots.run()

const gates = suite('gate documents')
const template = (name: string) =>
  readFileSync(new URL(`../../../templates/${name}.md`, import.meta.url), 'utf8')
const nightly = (id: string, conclusion: string | null, day: string) => ({
  id,
  at: `2026-01-${day}T03:00:00Z`,
  conclusion,
  sha: id.repeat(40),
  link: `https://ci.example.org/${id}`,
})

gates('are rendered from their templates, the section 4 open', async () => {
  const source = await renderTemplate(
    template('release-gate'),
    'templates/release-gate.md',
    releaseGateView({
      at,
      tag: 'v1-nightly-green',
      commit: 'a'.repeat(40),
      author: 'Alice',
      committedAt: at,
      operator: 'camille',
      database: true,
      changes: null,
    }),
  )
  assert.match(source, /^# Release Gate : janvier 2026\n/)
  assert.match(source, /\*\*Tag validé\*\* : `v1-nightly-green`/)
  assert.is(source.match(/^- \[ \] /gm)?.length, 8)
})

gates('do not ask of a project without a database what only one with it can answer', async () => {
  const source = await renderTemplate(
    template('release-gate'),
    'templates/release-gate.md',
    releaseGateView({
      ...{at, tag: 'v1', commit: 'a'.repeat(40), author: 'Alice', committedAt: at},
      ...{operator: 'camille', database: false, changes: null},
    }),
  )
  assert.not.match(source, /Migrations|RLS/)
  const {entries} = await parseGate(source, 'docs/RELEASE_GATE_2026_01.md')
  assert.is(entries.length, 7)
  assert.ok(entries.every(({mark}) => mark === 'open'))
})

gates('name the first bad and the last good nightly', async () => {
  const runs = [
    nightly('5', null, '25'),
    nightly('4', 'failure', '24'),
    nightly('3', 'cancelled', '23'),
    nightly('2', 'success', '22'),
    nightly('1', 'failure', '21'),
  ]
  assert.is(firstBadRun(runs)?.id, '3')
  const view = nightlyPostMortemView({at, branch: 'main', tag: 't', runs, commits: []})
  const source = await renderTemplate(template('post-mortem-nightly'), 'nightly.md', view)
  assert.match(source, /Dernière verte \| \[2\]\(https:\/\/ci\.example\.org\/2\)/)
  assert.match(source, /Première rouge \| \[3\]/)
  assert.is(missingFields(source, template('post-mortem-nightly')).length, 5)
})

/** The message as it leaves, without its backslashes. */
async function message(events: readonly Event[], telling: NotificationInput): Promise<string> {
  const state = fold(events)
  const runbook = {path: '', title: '', items: [], risks: []}
  const view = notificationView({state, names: documentNames(state), runbook}, telling)
  const source = await renderTemplate(template('notification'), 'notification.md', view)
  return plainSpaces(chatText(source))
}

const until = (events: readonly Event[], type: Event['type']) =>
  events.slice(
    0,
    events.findIndex((event) => event.type === type),
  )

gates('are followed by messages that say what happened to whom was not there', async () => {
  const whole = productionRolledBack()
  const end = await message(whole, {
    occasion: 'end',
    links: [{name: 'Rapport', address: 'https://forge.example.org/blob/main/docs/R.md'}],
  })
  const expected = [
    /^Comptoir · PRODUCTION : terminé, ↩️ Rollback vérifié\n/,
    /Le déploiement sur PRODUCTION a été annulé\. Motif : taux d’erreur 20 %/,
    /- En ligne sur PRODUCTION : 2026\.1\.9, depuis le 26 janvier 2026 à 22:20 UTC \(version précédente, rétablie et prouvée\)/,
    /- Reste dû : remplir et commiter le post-mortem/,
    /- Tag prod-ready-2026-01-23-nightly-green, commit 0c5c2b7/,
    /- Exécution production-20260126-220000-cd34, opérateur camille/,
    /- Rapport : https:\/\/forge\.example\.org\/blob\/main\/docs\/R\.md/,
  ]
  for (const words of expected) assert.match(end, words)
})

gates('tell of the start, of a question and of a trigger what users get meanwhile', async () => {
  const whole = productionRolledBack()
  const before = until(whole, 'step-intended')
  const start = await message(before, {occasion: 'start'})
  assert.match(start, /^Comptoir · PRODUCTION : début de la mise en ligne\n/)
  assert.match(
    start,
    /En ligne sur PRODUCTION : 2026\.1\.9, depuis le 10 janvier 2026 .*\(inchangée\)/,
  )
  const asked = ['Autorisation (Directeur)', 'Alertes (QA Lead)']
  const pause = await message(before, {occasion: 'pause', asked})
  assert.match(pause, /: en attente d’une personne\n/)
  for (const each of asked) assert.match(pause, `- Attendu : ${each}`)
  const fired = await message(until(whole, 'rollback-started'), {
    ...{occasion: 'trigger', text: 'taux d’erreur'},
  })
  assert.match(fired, /critère d’abandon déclenché, retour à la version précédente en cours/)
  assert.match(fired, /2026\.1\.23, depuis .*\(nouvelle version, prouvée\)/)
})

gates('tell of the way back at its proof, before what is asked after it', async () => {
  const lines = until(productionRolledBack(), 'rollback-finished')
  const without = await message(lines, {occasion: 'rollback'})
  assert.match(without, /URGENT, retour à la version précédente NON PROUVÉ/)
  assert.match(without, /NON ÉTABLI, une personne doit regarder maintenant/)
  const proof: Event = {
    ...{v: 1, seq: lines.length + 1, at: '2026-01-26T22:20:12.000Z', prev: '0'.repeat(64)},
    ...{type: 'step-finished', phase: 'rollback', step: 'previous-served', attempt: 1},
    ...{verdict: 'pass', observed: '27 fichiers sur 27', evidence: [], durationMs: 1},
    nature: {proves: 'previous'},
  }
  const told = await message([...lines, proof], {occasion: 'rollback', text: '27 fichiers sur 27'})
  assert.match(told, /: retour à la version précédente PROUVÉ\n\n27 fichiers sur 27/)
  assert.match(told, /2026\.1\.9, depuis .*\(version précédente, rétablie et prouvée\)/)
})

gates('tell of a freeze why, of what, until when and by whom', async () => {
  const told = await message(frozen(), {occasion: 'freeze'})
  for (const words of [
    /: release gelée\n/,
    /- Motif : gel comptable de fin de mois/,
    /- Périmètre : toute l’application/,
    /- Jusqu’à la revue du : 2026-01-30/,
    /- Responsable : Alice Martin \(Release Manager\)/,
  ])
    assert.match(told, words)
})

gates.run()
