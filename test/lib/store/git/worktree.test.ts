import {existsSync, mkdirSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {openRepository} from '../../../../scripts/lib/store/git/open-repository.ts'
import {
  addCheckpointWorktree,
  removeWorktree,
  worktreeClean,
} from '../../../../scripts/lib/store/git/worktree.ts'
import {gitEnvironment, testRepository} from '../../../helpers/repository.ts'

const worktree = suite('worktree')

worktree(
  'gives each attempt a fresh folder, survives a deleted or killed one, and removes it',
  async () => {
    const test = testRepository()
    try {
      const {folder, clone, git, commit} = test
      const checkpoint = git(['rev-parse', 'HEAD'])
      commit({'later.txt': 'x'})
      const repository = await openRepository(clone, {environment: gitEnvironment})
      const cache = join(folder, 'cache')
      const add = (number: number) =>
        addCheckpointWorktree({repository, cache, run: 'run-1', number, commit: checkpoint})

      const first = await add(1)
      assert.equal(first, {path: join(cache, 'run-1-1'), number: 1})
      assert.ok(existsSync(join(first.path, 'readme.md')))
      assert.not(existsSync(join(first.path, 'later.txt')))
      assert.is(await repository.currentBranch(), 'main')

      assert.is((await add(1)).number, 2)

      // Deleted by hand, and another one left locked as a killed `worktree add` leaves it.
      rmSync(first.path, {recursive: true})
      writeFileSync(join(clone, '.git/worktrees/run-1-1/locked'), 'initializing')
      assert.is((await add(1)).number, 1)

      // A person's own worktree whose folder is away is none of our business.
      git(['worktree', 'add', '--quiet', '--detach', join(folder, 'mine')])
      rmSync(join(folder, 'mine'), {recursive: true})
      await add(3)
      assert.match(git(['worktree', 'list', '--porcelain']), join(folder, 'mine'))

      await removeWorktree(repository, join(cache, 'run-1-2'))
      await removeWorktree(repository, join(cache, 'run-1-2'))
      assert.not(existsSync(join(cache, 'run-1-2')))
      assert.not.match(git(['worktree', 'list']), 'run-1-2')
    } finally {
      test.close()
    }
  },
)

worktree('is clean before a build, and only its own files count afterwards', async () => {
  const test = testRepository({'readme.md': '# Project\n', '.gitignore': 'build/\n'})
  try {
    const repository = await openRepository(test.clone, {environment: gitEnvironment})
    const commit = test.git(['rev-parse', 'HEAD'])
    const cache = join(test.folder, 'cache')
    const {path} = await addCheckpointWorktree({repository, cache, run: 'r', number: 1, commit})
    const state = (what: 'all' | 'tracked') => worktreeClean(path, what, gitEnvironment)
    assert.equal(await state('all'), {clean: true, paths: [], head: commit})
    mkdirSync(join(path, 'build'))
    writeFileSync(join(path, 'build/main.js'), 'x')
    assert.equal((await state('all')).paths, ['build/main.js'])
    assert.is((await state('tracked')).clean, true)
    writeFileSync(join(path, 'readme.md'), 'changed')
    assert.equal((await state('tracked')).paths, ['readme.md'])
  } finally {
    test.close()
  }
})

worktree('says in words of its own that a commit is not there', async () => {
  const test = testRepository()
  try {
    const repository = await openRepository(test.clone, {environment: gitEnvironment})
    const cache = join(test.folder, 'cache')
    const commit = '1'.repeat(40)
    await addCheckpointWorktree({repository, cache, run: 'r', number: 1, commit})
    assert.unreachable()
  } catch (error) {
    assert.match(error instanceof Error ? error.message : '', 'cannot be checked out')
  } finally {
    test.close()
  }
})

worktree.run()
