// Goal: the commits of a release as git has them, real repositories: authors, issues, merges, thousands.

import {execFileSync} from 'node:child_process'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {forgeOf, issuePage} from '../../../../scripts/lib/store/git/issue-page.ts'
import {openRepository} from '../../../../scripts/lib/store/git/open-repository.ts'
import {commitsGone, releaseCommits} from '../../../../scripts/lib/store/git/release-commits.ts'
import {deployedCheckpoint} from '../../../../scripts/lib/store/records/deployed-checkpoint.ts'
import {gitEnvironment, testRepository} from '../../../helpers/repository.ts'

const commits = suite('commits of a release')

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
      deployedCheckpoint(
        {repository, records},
        {id: 'd', url: '', version, manifest: null, at: null},
        {scenario: 'production', near},
      )
    assert.equal(await of(`1.0.0+${seconds}`), {tag: null, commit: near})
    assert.is(await of(`1.0.0+${Number(seconds) + 5}`), null)
    assert.is(await of('1.0.0'), null)
    assert.is(await of(null), null)
  }),
)

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
