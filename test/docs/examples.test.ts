// Goal: docs/examples/ is what the present code writes. Method: each run's documents are derived again
// from its journal, and compared as audit compares them; each difference is named.

import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {compareDocuments} from '../../scripts/lib/derive/compare.ts'
import {derive} from '../../scripts/lib/derive/derive.ts'
import {parse} from '../../scripts/lib/documents/parse.ts'
import {documentNames} from '../../scripts/lib/domain/document-names.ts'
import {documentViews} from '../../scripts/lib/domain/documents.ts'
import {fold} from '../../scripts/lib/domain/fold.ts'
import {recorded} from '../../scripts/lib/domain/recorded.ts'
import {inLang, type Text} from '../../scripts/lib/domain/text.ts'
import {frenchMoment, utc, utcTime} from '../../scripts/lib/domain/times.ts'
import {versionLabels} from '../../scripts/lib/domain/version-label.ts'
import {missingFields} from '../../scripts/lib/domain/views/post-mortem.ts'
import {withoutWritten} from '../../scripts/lib/run/ending/finish.ts'
import {parseJournal, sha256} from '../../scripts/lib/store/journal.ts'
import {linkFindings} from '../../scripts/lib/tools/lint/links.ts'
import {sampleInput} from '../../scripts/lib/tools/lint/sample.ts'
import {examples, filesOf} from './examples.ts'
import {root} from './generated.ts'

const shown = suite('docs/examples')

const files = new Map(
  filesOf(examples).map((path) => [path, readFileSync(join(examples, path), 'utf8')]),
)
const runs = [...files.keys()].filter((path) => path.endsWith('/journal.jsonl')).sort()
const mend = 'records them anew: npm run docs -- --examples'

shown('hold a run of each kind', () => {
  const kinds = runs.map((path) => {
    const {scenario, kind, decided} = fold(parseJournal(files.get(path) ?? '', path))
    return `${scenario} ${kind} ${decided?.result}`
  })
  assert.equal(kinds, [
    'staging scenario succeeded',
    'staging drill drill-passed',
    'production scenario rolled-back',
    'production scenario succeeded',
    'freeze scenario succeeded',
  ])
})

shown('are what their journals derive today', async () => {
  const templates = new Map(
    [...documentViews(sampleInput()).keys()].map((path) => [
      path,
      readFileSync(join(root, path), 'utf8'),
    ]),
  )
  const differences: string[] = []
  for (const [at, path] of runs.entries()) {
    const events = parseJournal(files.get(path) ?? '', path)
    const before = withoutWritten(events)
    const names = documentNames(fold(before))
    const derived = await derive({
      events: before,
      runbookSource: asOf(files.get(names.runbook) ?? '', runs.slice(at)),
      templates,
      previous: new Map([...files].filter(([name]) => name !== names.runbook)),
      names,
      manifest: files.get(`${names.folder}/manifest.sha256`) ?? null,
    })
    for (const {path: where, what} of await compareDocuments(derived, files))
      differences.push(`${where}: ${inLang(what, 'en')} (${names.folder}) ${mend}`)
    const {started} = fold(events)
    for (const {path: template, sha256: digest} of started.templates) {
      const name = template.replace(/^.*templates\//, 'templates/')
      if (sha256(readFileSync(join(root, name), 'utf8')) !== digest)
        differences.push(`${name} is another than the run ${names.folder} used; ${mend}`)
    }
  }
  assert.is(differences.join('\n'), '')
})

/** A runbook as it stood before these runs left their rows in its history. */
function asOf(source: string, later: readonly string[]): string {
  const ids = later.map((path) => path.split('/').at(-2) ?? '')
  return source
    .split('\n')
    .filter((line) => !line.startsWith('|') || !ids.some((id) => line.includes(id)))
    .join('\n')
}

shown('go from one version to another, which people can tell apart', () => {
  const labels = runs.flatMap((path) => {
    const state = fold(parseJournal(files.get(path) ?? '', path))
    const {run, scenario, kind} = state
    const found = versionLabels(state)
    return scenario === 'freeze' || kind !== 'scenario' ? [] : [{run, ...found}]
  })
  assert.is(labels.length, 3)
  for (const {run, before, next} of labels) {
    assert.match(before ?? '', /^2\d{3}\.\d+\.\d+ \([0-9a-f]{7}\)$/, run)
    assert.match(next ?? '', /^2\d{3}\.\d+\.\d+ \([0-9a-f]{7}\)$/, run)
    assert.not.equal(before?.split(' ')[0], next?.split(' ')[0], run)
    assert.not.equal(before?.split(' ')[1], next?.split(' ')[1], run)
  }
})

// Who has only the report can say who authorised what, and when, and what was done; the journal agrees.
shown('tell each answer, signature and step as the journal has it, and no other answer', () => {
  const missing: string[] = []
  const told = {answers: 0, confirmations: 0, signatures: 0, steps: 0}
  for (const path of runs) {
    const state = fold(parseJournal(files.get(path) ?? '', path))
    const {report, freeze} = documentNames(state)
    const rows = plain(files.get(report ?? freeze ?? '') ?? '').split('\n')
    const demand = (kind: keyof typeof told, what: string, words: readonly string[]) => {
      told[kind] += 1
      if (!rows.some((row) => words.every((word) => row.includes(plain(word)))))
        missing.push(`${path}: ${what} (${words.join(', ')})`)
    }
    const answered = [...state.items.values()].filter(({by}) => by !== null)
    for (const {title, by, at, observed} of answered)
      if (by !== null)
        demand('answers', title, [title, by.name, by.role, ...said(observed), utc(at)])
    for (const {phase, confirmed} of state.phases)
      if (confirmed !== null) {
        const {typed, by, at} = confirmed
        demand('confirmations', phase, [`« ${typed} »`, by.role, by.name, utcTime(at)])
      }
    const approval = recorded(state, 'approval')
    if (approval !== undefined) {
      const {role, name, issuedAt, expiresAt, fingerprint, nonce} = approval
      const when = [utc(issuedAt), utc(expiresAt)]
      demand('signatures', 'approval', ['signée', role, name, ...when, fingerprint, nonce])
    }
    if (report === null) continue
    // Whoever stands among the answers gave one.
    const from = rows.findIndex((row) => /^#+ Approbations et réponses/.test(row))
    const to = rows.findIndex((row, at) => at > from && row.startsWith('#'))
    const listed = rows.slice(from, to).filter((row) => /^\| (?!Question|---)/.test(row))
    assert.is(listed.length, answered.length, `${path}\n${listed.join('\n')}`)
    for (const {step, observed, startedAt, finishedAt, phase} of state.steps.values()) {
      const at = phase === 'rollback' ? utc(finishedAt ?? startedAt) : utcTime(startedAt)
      // The host's own command stands by itself, to be copied.
      const [seen = '', byHand] = inLang(observed, 'fr').split(' ; retour à la main : ')
      demand('steps', step, [seen, at.replace(/ UTC$/, '')])
      if (byHand !== undefined) assert.ok(rows.includes(plain(byHand)), `${path}: ${byHand}`)
    }
  }
  assert.is(missing.join('\n'), '')
  const {answers, confirmations, signatures, steps} = told
  assert.ok(answers > 20 && confirmations > 5 && steps > 50, JSON.stringify(told))
  assert.is(signatures, 2)
})

/** What was answered; a window is told by its two ends. */
const said = (observed: Text): string[] => {
  const answer = inLang(observed, 'fr')
  const window = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)Z\/(\d{4}-\d\d-\d\d)T(\d\d:\d\d)Z$/.exec(answer)
  return window === null ? [answer] : [`${window[1]} ${window[2]}`, `${window[3]} ${window[4]} UTC`]
}

/** Without what typography, Markdown and the second clock add to words. */
const plain = (text: string): string =>
  text
    .replace(/[\u00a0\u202f]/g, ' ')
    .replace(/[\u2060\\]/g, '')
    .replaceAll('’', "'")
    .replace(/ ?\(\d\d:\d\d(?: → \d\d:\d\d)?(?: [A-Z][\w/]+)?\)/g, '')

// On the first page alone: who authorised the run and when, who brought back, who decided on the data.
shown('name on their first page who authorised what and when, as the journal has it', () => {
  const missing: string[] = []
  let told = 0
  for (const path of runs) {
    const state = fold(parseJournal(files.get(path) ?? '', path))
    const {report, freeze, postMortem} = documentNames(state)
    const approval = recorded(state, 'approval')
    const decided = [...state.items.values()].filter(({item}) =>
      /^prerequisites\/(autorisation|decision)/.test(item),
    )
    for (const document of [report ?? freeze, postMortem]) {
      if (document == null) continue
      const text = (files.get(document) ?? '').replace(/[\u00a0\u202f]/g, ' ')
      const [page = ''] = text.split('*Les preuves suivent.*')
      assert.ok(page.length < text.length && page.split('\n').length < 45, `${document}: one page`)
      const demand = (what: string, words: readonly string[]) => {
        told += 1
        if (!page.split('\n').some((row) => words.every((word) => row.includes(word))))
          missing.push(`${document}: ${what} (${words.join(', ')})`)
      }
      if (approval !== undefined) {
        const {name, role, issuedAt} = approval
        demand('approval', ['autoris', name, role, frenchMoment(issuedAt), state.checkpoint.tag])
      }
      for (const {by, at, observed} of approval === undefined ? decided : [])
        if (by !== null)
          demand('agreement', [by.name, by.role, frenchMoment(at), `« ${inLang(observed, 'fr')} »`])
      for (const {confirmed, title} of state.phases)
        if (confirmed !== null && document !== freeze)
          demand(title, [confirmed.by.name, frenchMoment(confirmed.at)])
      if (state.rollback !== null)
        demand('way back', ['décidé le retour', frenchMoment(state.rollback.startedAt)])
      for (const [, {step, nature}] of state.steps) {
        if (nature.owes !== 'data-decision') continue
        const answer = [...state.items.values()].find(({item}) => item.includes('decision-sur-les'))
        assert.ok(answer?.by, step)
        demand('data', ['Données', answer?.by?.name ?? '', frenchMoment(answer?.at ?? '')])
      }
    }
  }
  assert.is(missing.join('\n'), '')
  assert.ok(told > 12, `${told} facts`)
})

shown('say SANDBOX, and name no folder of a machine and no secret', () => {
  const wrong: string[] = []
  for (const [path, text] of files) {
    if (path.endsWith('.md') && !text.includes('SANDBOX') && !path.endsWith('decision.md'))
      wrong.push(`${path} does not say SANDBOX`)
    for (const [found] of text.matchAll(
      /(?<![\w.~-])\/(?:home|root|tmp|Users|var|work|private)\/[^\s"`]*|postgres(?:ql)?:\/\/\S+|\beyJ[\w-]{20,}|PRIVATE KEY/g,
    ))
      wrong.push(`${path}: ${found}`)
  }
  assert.is(wrong.join('\n'), '')
})

shown('have a post-mortem that is filled in', () => {
  const template = readFileSync(join(root, 'templates/post-mortem-rollback.md'), 'utf8')
  for (const [path, text] of files)
    if (path.includes('POST_MORTEM')) assert.equal(missingFields(text, template), [], path)
})

shown('have no link that leads nowhere', async () => {
  const broken: string[] = []
  for (const [path, text] of files) {
    // A stamped runbook is a copy, byte for byte: its links start where the runbook lies.
    if (!path.endsWith('.md') || path.endsWith('/runbook.md')) continue
    for (const {at, reason} of await linkFindings(await parse(text, path), join(examples, path)))
      broken.push(`${path}:${at.line} ${reason}`)
  }
  assert.is(broken.join('\n'), '')
})

shown.run()
