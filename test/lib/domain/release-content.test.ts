// Goal: people read what a release brings in the words of those who made it, and no number is made up.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {changelogNews} from '../../../scripts/lib/domain/changelog-news.ts'
import {issuesIn, readSubject} from '../../../scripts/lib/domain/commit-subject.ts'
import type {Fact} from '../../../scripts/lib/domain/facts.ts'
import {fold} from '../../../scripts/lib/domain/fold.ts'
import {contentLines, releaseContent} from '../../../scripts/lib/domain/release-content.ts'
import {inLang, type Lang} from '../../../scripts/lib/domain/text.ts'
import {versionLabels} from '../../../scripts/lib/domain/version-label.ts'
import {liveName, liveVersion} from '../../../scripts/lib/domain/views/live.ts'
import {fact, journal, started, stepped} from '../run/story.ts'

const subjects = suite('a commit’s subject')

subjects('has the type of Conventional Commits, and only a known one', () => {
  const kind = (subject: string, body = '') => readSubject(subject, body).kind
  assert.equal(
    ['feat: x', 'fix(stock): x', 'Feat: x', 'ci: x', 'docs: x', 'style: x'].map((each) =>
      kind(each),
    ),
    ['feat', 'fix', 'feat', 'build', 'docs', 'refactor'],
  )
  assert.is(kind('feat!: x'), 'breaking')
  assert.is(kind('fix: x', 'why\n\nBREAKING CHANGE: the key is gone'), 'breaking')
  assert.is(kind('Revert "feat: x"'), 'revert')
  // A French colon, a title, a path, no text: nobody wrote a type there.
  for (const plain of ['Stock : corrige', 'Stock: corrige', 'feat:x', 'feat:', 'a/b: c', 'fix'])
    assert.equal(readSubject(plain), {kind: 'other', text: plain, scope: ''})
  assert.equal(readSubject('fix(stock): compte'), {kind: 'fix', text: 'compte', scope: 'stock'})
})

subjects('names issues; a body does so only on lines that point at some', () => {
  assert.equal(issuesIn('fix: a (#12)', 'Closes #9\n\n#1 first thing\nRefs org/app#3, GH-4'), [
    ...['#12', '#9', 'org/app#3', 'GH-4'],
  ])
  assert.equal(issuesIn('x', 'See merge request !34'), ['!34'])
  assert.equal(issuesIn('couleur &#39; page/#4 wow!5 #12abc'), [])
})

subjects.run()

const news = suite('what a changelog gained')

const before = `# Changelog

## [Unreleased]

### Added

- First.
`

news('is grouped by its headings, with further lines, without what was there', () => {
  const after = before.replace(
    '- First.\n',
    '- First.\n- Second,\n  on two lines.\n\n### Fixed\n\n- Third.\n',
  )
  assert.equal(changelogNews(before, after, 9), [
    {heading: 'Added', entries: ['Second, on two lines.']},
    {heading: 'Fixed', entries: ['Third.']},
  ])
  assert.equal(changelogNews(before, after, 1)[0]?.entries.length, 1)
  assert.equal(changelogNews(after, after, 9), [])
})

news('moved under a version is no news; code and what Postgate wrote are none either', () => {
  const released = before.replace('[Unreleased]', '[1.0.0] - 2026-01-01')
  assert.equal(changelogNews(before, released, 9), [])
  const more =
    '\n## [v2]\n\n- **PRODUCTION** le 1er : exécution `20260101-090000-production-ab12`.\n\n```\n- code\n```\n'
  assert.equal(changelogNews(before, before + more, 9), [])
})

news.run()

const content = suite('a release’s content')

const checkpoint = {commit: 'c'.repeat(40)}
const live = {id: 'd-1', version: '1.3.0+1767225600', tag: 'v1', commit: 'a'.repeat(40), at: null}
const changes = (more: Partial<Fact<'changes'>>): Fact<'changes'> => ({
  ...{committedAt: null, since: 'v1', commits: [], live, ...more},
})
const head = (given: Fact<'changes'> | undefined, lang: Lang = 'fr') =>
  inLang(contentLines(releaseContent(given, checkpoint))[0] ?? '', lang)

content('says how many commits, since what, by whom, of which kinds, in both languages', () => {
  const given = changes({
    total: 2_345,
    kinds: {feat: 1, fix: 2, other: 2_342},
    authors: Array.from({length: 7}, (_, index) => ({name: `P${index}`, commits: 9 - index})),
    commits: [{sha: 'd', subject: 'feat: bons', kind: 'feat'}],
  })
  assert.is(
    head(given),
    '2345 commits depuis 1.3.0 (aaaaaaa), par P0 (9), P1 (8), P2 (7), P3 (6), P4 (5), … (+2) : 1 nouveauté, 2 corrections, 2342 autres',
  )
  assert.match(
    head(given, 'en'),
    /^2345 commits since 1\.3\.0 .*: 1 feature, 2 fixes, 2342 others$/,
  )
  assert.is(releaseContent(given, checkpoint).more, 2_344)
})

content('says so where it is the first one, the same one, an unknown one, or an older one', () => {
  assert.match(head(changes({live: null})), 'première mise en ligne')
  assert.match(
    head(changes({live: {...live, commit: checkpoint.commit}})),
    'aucun changement de code',
  )
  assert.match(head(changes({live: {...live, commit: null}})), 'rien ici ne dit de quel commit')
  assert.match(
    head(changes({total: 0, gone: 3})),
    '0 commit depuis 1.3.0 (aaaaaaa) ; ATTENTION : 3 commits de la version en ligne n’y sont plus',
  )
  assert.match(head(undefined), 'contenu non relevé')
})

content('without types is led by the changelog, and its commits stand in one group', () => {
  const found = releaseContent(
    changes({
      commits: [{sha: 'd', subject: 'Réceptions : bons'}],
      changelog: [{heading: 'Ajouté', entries: ['Bons de livraison.']}],
    }),
    checkpoint,
  )
  assert.equal(found.first, ['Bons de livraison.'])
  assert.is(found.kinds, '')
  assert.equal(
    found.groups.map(({title, commits}) => [inLang(title, 'fr'), commits.length]),
    [['Commits', 1]],
  )
})

content.run()

type Lines = Parameters<typeof journal>[1]

const labels = suite('labels of versions')

labels('tell the checkpoint’s second build from its first; older journals have none', () => {
  const at = '2026-01-23T09:00:00.000Z'
  const {commit} = {commit: '0c5c2b7f0a1b2c3d4e5f60718293a4b5c6d7e8f9'}
  const version = '2026.1.23+1769155200'
  const deployment = {id: 'd-1', url: 'https://a', version, manifest: null, at}
  const of = (given: Fact<'changes'>) =>
    versionLabels(
      fold(
        journal(at, [
          started('production'),
          fact('changes', given),
          fact('artifact', {version, files: 1, bytes: 1, digest: 'x', kept: 'k'}),
          fact('deployment-before', deployment),
        ]),
      ),
    )
  const same = of(changes({live: {...live, commit, at}}))
  assert.is(same?.before, '2026.1.23 (0c5c2b7, build du 23 janvier 2026 à 09:00 UTC)')
  assert.is(same?.next, '2026.1.23 (0c5c2b7, nouveau build)')
  assert.equal(of(changes({})), {
    ...{before: '2026.1.23 (aaaaaaa)', beforeId: 'd-1'},
    next: '2026.1.23 (0c5c2b7)',
  })
  // Somebody deployed by hand since: the commit is that of another version.
  assert.is(of(changes({live: {...live, id: 'd-0'}}))?.before, '2026.1.23+1769155200')
  const {live: _, ...older} = changes({})
  assert.is(of(older), null)
})

labels('are those of the version that is back, whatever the host now calls it', () => {
  const at = '2026-01-23T09:00:00.000Z'
  const [older, newer] = ['2026.1.9+1767952800', '2026.1.23+1769155200']
  const deployment = (id: string, version: string) => ({
    ...{id, url: 'https://a', version, manifest: null, at},
  })
  const back = (id: string, version: string, proof: string): Lines => [
    fact('deployment-restored', deployment(id, version)),
    fact('deployment-verified', {id, digest: 'y', files: 1, at}),
    ...stepped('rollback', proof, 'bytes'),
  ]
  const named = (kind: 'trigger' | 'drill', lines: Lines) => {
    const state = fold(
      journal(at, [
        started('production', {kind: kind === 'drill' ? 'drill' : 'scenario'}),
        fact('changes', changes({})),
        fact('deployment-before', deployment('d-1', older)),
        fact('deployment', deployment('d-2', newer)),
        fact('deployment-verified', {id: 'd-2', digest: 'x', files: 1, at}),
        {type: 'rollback-started', kind, why: 'why'},
        ...lines,
        {type: 'rollback-finished', result: 'verified', observed: 'bytes'},
      ]),
    )
    return liveName(state, liveVersion(state))
  }
  for (const again of ['', '-again']) {
    const undone = back(`d-1${again}`, older, 'verify-previous')
    assert.is(named('trigger', undone), '2026.1.9 (aaaaaaa)', again)
    // A rehearsal goes back, and forward again.
    const forward = back(`d-2${again}`, newer, 'verify-checkpoint')
    assert.is(named('drill', [...undone, ...forward]), '2026.1.23 (0c5c2b7)', again)
  }
})

labels.run()
