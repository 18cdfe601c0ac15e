// Goal: the commits of a release as git has them, real repositories: authors, issues, merges, thousands.

import {execFileSync} from 'node:child_process'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import type {EventBody} from '../../../../scripts/lib/domain/event.ts'
import {forgeOf, issuePage} from '../../../../scripts/lib/store/git/issue-page.ts'
import {openRepository} from '../../../../scripts/lib/store/git/open-repository.ts'
import {commitsGone, releaseCommits} from '../../../../scripts/lib/store/git/release-commits.ts'
import {deployedCheckpoint} from '../../../../scripts/lib/store/records/deployed-checkpoint.ts'
import type {RecordedRun} from '../../../../scripts/lib/store/records/records.ts'
import {recordOf} from '../../../helpers/records.ts'
import {gitEnvironment, testRepository} from '../../../helpers/repository.ts'
import {fact, journal, started, stepped} from '../../run/story.ts'

const commits = suite('commits of a release')
const day = '2026-01-23'

async function within(
  look: (given: ReturnType<typeof testRepository>) => Promise<void>,
): Promise<void> {
  const made = testRepository()
  try {
    await look(made)
  } finally {
    made.close()
  }
}

commits('have authors and issues; merges and documents of runs are none', () =>
  within(async ({clone, git, commit}) => {
    const from = git(['rev-parse', 'HEAD'])
    git(['switch', '--quiet', '--create', 'side'])
    commit(
      {a: '1'},
      'feat: a\u0002b (#7)\n\nbody\u0002with\n\nFixes #9\n\nCo-authored-by: Zoé <z@example.org>\nCo-authored-by: Test <t@example.org>',
    )
    git(['switch', '--quiet', 'main'])
    commit({'docs/x.md': '1'}, 'Documents\n\nPostgate-Run: 20260101-090000-staging-ab12')
    git(['merge', '--quiet', '--no-ff', '--message', 'Merge branch side', 'side'])
    const repository = await openRepository(clone, {environment: gitEnvironment})
    const range = {from, to: git(['rev-parse', 'HEAD'])}
    const found = await releaseCommits(repository, range)
    assert.is(found.total, 1)
    const {kind, authors, issues} = found.commits[0] ?? {}
    assert.equal(
      {kind, authors, issues},
      {
        kind: 'feat',
        authors: ['Test', 'Zoé'],
        issues: ['#7', '#9'],
      },
    )
    assert.is(await commitsGone(repository, {from: range.to, to: from}), 1)
    assert.is(await commitsGone(repository, range), 0)
  }),
)

commits('by the thousand are read up to a bound, and all counted', () =>
  within(async ({clone, git}) => {
    const from = git(['rev-parse', 'HEAD'])
    const stream = Array.from(
      {length: 2_500},
      (_, index) =>
        `commit refs/heads/main\ncommitter T <t@e> ${1_800_000_000 + index} +0000\ndata 4\nc${String(index).padStart(3, '0').slice(-3)}\n${index === 0 ? `from ${from}\n` : ''}`,
    ).join('')
    execFileSync('git', ['fast-import', '--quiet'], {
      cwd: clone,
      env: gitEnvironment,
      input: stream,
    })
    const repository = await openRepository(clone, {environment: gitEnvironment})
    const found = await releaseCommits(repository, {from, to: git(['rev-parse', 'main'])})
    assert.is(found.commits.length, 2_000)
    assert.is(found.total, 2_500)
  }),
)

commits('a version’s number leads to its commit, where there is one', () =>
  within(async ({clone, git}) => {
    const near = git(['rev-parse', 'HEAD'])
    const seconds = git(['show', '-s', '--format=%ct', 'HEAD'])
    const repository = await openRepository(clone, {environment: gitEnvironment})
    const records = {runs: [], complete: true}
    const of = (version: string | null) =>
      deployedCheckpoint({repository, records}, {id: 'd', version}, {scenario: 'production', near})
    assert.equal(await of(`1.0.0+${seconds}`), {tag: null, commit: near})
    assert.is(await of(`1.0.0+${Number(seconds) + 5}`), null)
    assert.is(await of('1.0.0'), null)
    assert.is(await of(null), null)
  }),
)

// A host that goes back may name what it brings back as before, or anew (Firebase clones a version).
for (const [host, back] of [
  ['keeps the name', 'd-1'],
  ['names it anew', 'd-1-again'],
] as const) {
  commits(`a version that was brought back is the one that it was (the host ${host})`, () =>
    within(async ({clone, git}) => {
      const repository = await openRepository(clone, {environment: gitEnvironment})
      const near = git(['rev-parse', 'HEAD'])
      const deployed = (id: string) => ({id, url: '', version: null, manifest: null, at: null})
      const proven = (id: string) =>
        fact('deployment-verified', {id, digest: 'e'.repeat(64), files: 1, at: `${day}T10:00:00Z`})
      const run = (letter: string, kind: 'scenario' | 'drill', lines: readonly EventBody[]) => {
        const id = letter.repeat(40)
        const checkpoint = {tag: `ready-${letter}`, tagObject: id, commit: id}
        const first = started('production', {run: `production-${letter}`, kind, checkpoint})
        return recordOf(journal(`${day}T09:00:00Z`, [first, ...lines]), 'succeeded')
      }
      const undone = (id: string): EventBody[] => [
        {type: 'rollback-started', kind: 'trigger', why: 'why'},
        fact('deployment-restored', deployed(id)),
        proven(id),
        {type: 'rollback-finished', result: 'verified', observed: 'bytes'},
      ]
      const replaced = (before: string, id: string) => [
        fact('deployment-before', deployed(before)),
        fact('deployment', deployed(id)),
        proven(id),
      ]
      const first = run('a', 'scenario', replaced('d-0', 'd-1'))
      const second = run('b', 'scenario', [...replaced('d-1', 'd-2'), ...undone(back)])
      const of = (id: string, runs: readonly RecordedRun[]) =>
        deployedCheckpoint({repository, records: {runs, complete: true}}, deployed(id), {
          ...{scenario: 'production', near},
        })
      const made = (letter: string) => ({tag: `ready-${letter}`, commit: letter.repeat(40)})
      assert.equal(await of(back, [first, second]), made('a'))
      assert.equal(await of('d-2', [first, second]), made('b'))
      assert.is(await of('d-0', [first, second]), null)
      // A rehearsal of a later gate brings back what an earlier run deployed, and goes forward again.
      const rehearsed = run('c', 'drill', [
        ...replaced('d-0', 'd-1'),
        {type: 'rollback-started', kind: 'drill', why: 'why'},
        fact('deployment-restored', deployed('d-0-again')),
        proven('d-0-again'),
        ...stepped('rollback', 'verify-previous', 'bytes').filter((line) => 'type' in line),
        fact('deployment-restored', deployed(back)),
        proven(back),
        ...stepped('rollback', 'verify-checkpoint', 'bytes').filter((line) => 'type' in line),
        {type: 'rollback-finished', result: 'verified', observed: 'bytes'},
      ])
      assert.equal(await of(back, [first, rehearsed]), made('a'))
    }),
  )
}

commits.run()

const pages = suite('the page of an issue')

pages('is the forge’s own; where none is known there is no link', () => {
  const of = (repository: string, reference: string, ci?: string) =>
    issuePage({repository, forge: forgeOf(repository, ci)}, reference)
  assert.is(of('https://github.com/org/app', '#12'), 'https://github.com/org/app/issues/12')
  assert.is(of('https://github.com/org/app.git', 'GH-4'), 'https://github.com/org/app/issues/4')
  assert.is(of('https://github.com/org/app', 'o/b#3'), 'https://github.com/o/b/issues/3')
  assert.is(
    of('https://git.example.org/o/a', '#1', 'github'),
    'https://git.example.org/o/a/issues/1',
  )
  const lab = 'https://gitlab.example.org/group/sub/app'
  assert.is(of(lab, '#12'), `${lab}/-/issues/12`)
  assert.is(of(lab, '!34'), `${lab}/-/merge_requests/34`)
  assert.is(of('https://codeberg.org/o/a', '#5'), 'https://codeberg.org/o/a/issues/5')
  assert.is(of('https://git.example.org/o/a', '#12'), null)
  assert.is(of('https://github.com/org/app', '!34'), null)
  assert.is(of('/srv/git/app', '#12'), null)
})

pages.run()
