// Goal: the versions of a file below any commit are those that `git log` lists, though git is asked once
// for all. Method: a history with branches, merges and files that come and go, each commit compared.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {openRepository} from '../../../../scripts/lib/store/git/open-repository.ts'
import {versionsIn} from '../../../../scripts/lib/tools/audit/versions.ts'
import {gitEnvironment, inRepository} from '../../../helpers/repository.ts'

const versions = suite('versions of a file')

versions(
  'are those that git log lists, below every commit',
  inRepository(async ({clone, git, commit}) => {
    commit({'a.md': '1', 'b.md': '1'})
    commit({'other.md': '1'})
    git(['checkout', '--quiet', '-b', 'side'])
    commit({'a.md': 'side'})
    commit({'other.md': 'side'})
    git(['checkout', '--quiet', 'main'])
    commit({'b.md': '2'})
    git(['merge', '--quiet', '--no-ff', '-m', 'Both', 'side'])
    commit({'a.md': '3'})
    git(['checkout', '--quiet', '-b', 'ours', 'HEAD^'])
    commit({'a.md': 'dropped'})
    git(['checkout', '--quiet', 'main'])
    git(['merge', '--quiet', '--no-ff', '-s', 'ours', '-m', 'Ours', 'ours'])
    git(['rm', '--quiet', 'b.md'])
    git(['commit', '--quiet', '-m', 'Gone'])
    commit({'b.md': '2', 'late.md': 'x'})
    const repository = await openRepository(clone, {environment: gitEnvironment})
    const of = versionsIn(repository.git, [])
    let compared = 0
    for (const base of git(['rev-list', '--all']).split('\n')) {
      for (const path of ['a.md', 'b.md', 'late.md', 'never.md']) {
        const listed = git(['log', '--format=%H', base, '--', path])
        assert.equal(
          await of(base, path),
          listed === '' ? [] : listed.split('\n'),
          `${base} ${path}`,
        )
        compared += 1
      }
    }
    assert.ok(compared >= 44, `${compared}`)
  }),
)

versions.run()
