// Goal: the documents reach main in one commit, whatever a remote does, and a person's own work is
// never part of it. Method: real clones of a bare remote, with hooks that refuse.

import {chmodSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {commitDocuments} from '../../../../scripts/lib/store/git/documents-commit.ts'
import {openRepository} from '../../../../scripts/lib/store/git/open-repository.ts'
import {isRemoteAway} from '../../../../scripts/lib/store/git/remote-problem.ts'
import {gitEnvironment, inRepository, type TestRepository} from '../../../helpers/repository.ts'

const documents = suite('documents commit')

const date = new Date('2026-01-23T09:30:15.500Z')
const report = new Map([['docs/REPORT.md', '# Report\r\n']])

async function commitIn(
  test: TestRepository,
  derive = async (_base: string | null) => ({files: report, message: 'Deployed\n\nBody.'}),
  clone = test.clone,
) {
  const repository = await openRepository(clone, {environment: gitEnvironment})
  return commitDocuments({repository, run: 'staging-1', date, derive})
}

const hook = (test: TestRepository, script: string) => {
  const path = join(test.remote, 'hooks/pre-receive')
  writeFileSync(path, `#!/bin/sh\n${script}\n`)
  chmodSync(path, 0o755)
}

documents(
  'stand on main in one commit of only these files, dated by the run, byte for byte',
  inRepository(async (test) => {
    const {git, remote, clone} = test
    const base = git(['rev-parse', 'HEAD'])
    const made = await commitIn(test)
    assert.is(made.branch, 'main')
    assert.is(made.protected, false)
    assert.is(git(['rev-parse', 'refs/heads/main'], remote), made.commit)
    assert.is(git(['rev-parse', `${made.commit}^`]), base)
    assert.is(git(['diff', '--name-only', base, made.commit]), 'docs/REPORT.md')
    assert.is(
      git(['log', '-1', '--format=%aI %cI'], remote),
      '2026-01-23T09:30:15Z 2026-01-23T09:30:15Z'.replaceAll('Z', '+00:00'),
    )
    assert.is(
      git(['log', '-1', '--format=%B'], remote),
      'Deployed\n\nBody.\n\nPostgate-Run: staging-1',
    )
    assert.is(made.followed.followed, true)
    assert.is(git(['rev-parse', 'HEAD']), made.commit)
    assert.is(readFileSync(join(clone, 'docs/REPORT.md'), 'utf8'), '# Report\r\n')
    assert.is(git(['status', '--porcelain']), '')
  }),
)

documents(
  'leave staged work staged, changed files changed and untracked files untracked',
  inRepository(async (test) => {
    const {git, commit, push, write, clone} = test
    commit({'lib/a.dart': 'a', 'lib/b.dart': 'b'})
    push()
    write({'lib/a.dart': 'staged'})
    git(['add', 'lib/a.dart'])
    write({'lib/a.dart': 'and changed again', 'lib/b.dart': 'changed', 'new.txt': 'new'})
    const before = git(['status', '--porcelain'])
    const made = await commitIn(test)
    assert.is(made.followed.followed, true)
    assert.is(git(['rev-parse', 'HEAD']), made.commit)
    assert.is(git(['status', '--porcelain']), before)
    assert.is(git(['show', ':lib/a.dart']), 'staged')
    assert.is(readFileSync(join(clone, 'lib/a.dart'), 'utf8'), 'and changed again')
    assert.is(git(['diff', '--name-only', `${made.commit}^`, made.commit]), 'docs/REPORT.md')
  }),
)

documents(
  'do not overwrite a file of the person that stands in the way',
  inRepository(async (test) => {
    const {git, write, clone, remote} = test
    const head = git(['rev-parse', 'HEAD'])
    write({'docs/REPORT.md': 'mine'})
    const made = await commitIn(test)
    assert.is(git(['rev-parse', 'refs/heads/main'], remote), made.commit)
    assert.is(made.followed.followed, false)
    assert.ok(made.followed.why)
    assert.is(git(['rev-parse', 'HEAD']), head)
    assert.is(readFileSync(join(clone, 'docs/REPORT.md'), 'utf8'), 'mine')
  }),
)

documents(
  'leave another branch, a detached head and local commits where they are',
  inRepository(async (test) => {
    const {git, commit} = test
    commit({'local.txt': 'not pushed'})
    const head = git(['rev-parse', 'HEAD'])
    const made = await commitIn(test)
    assert.is(made.followed.followed, false)
    assert.is(git(['rev-parse', 'HEAD']), head)
    assert.not.match(git(['ls-tree', '-r', '--name-only', made.commit]), 'local.txt')
  }),
)

documents(
  'are derived again when main moves meanwhile',
  inRepository(async (test) => {
    const {git, another, commit, push, remote} = test
    const other = another('other')
    const bases: (string | null)[] = []
    const made = await commitIn(test, async (base) => {
      bases.push(base)
      if (bases.length < 3) {
        commit({[`x${bases.length}.txt`]: 'x'}, 'Meanwhile', other)
        push(other)
      }
      return {files: new Map([['docs/LEDGER.md', `on ${base}\n`]]), message: 'Ledger'}
    })
    assert.is(new Set(bases).size, 3)
    assert.is(git(['rev-parse', 'refs/heads/main'], remote), made.commit)
    assert.is(git(['show', `${made.commit}:docs/LEDGER.md`], remote), `on ${bases[2]}`)
    assert.match(git(['ls-tree', '-r', '--name-only', made.commit]), 'x2.txt')
  }),
)

documents(
  'go to a branch of their own where main is protected, and are found there again',
  inRepository(async (test) => {
    const {git, remote} = test
    const main = git(['rev-parse', 'refs/heads/main'], remote)
    hook(test, 'while read old new ref; do [ "$ref" = refs/heads/main ] && exit 1; done; exit 0')
    const made = await commitIn(test)
    assert.is(made.branch, 'postgate/staging-1')
    assert.is(made.protected, true)
    assert.is(git(['rev-parse', 'refs/heads/main'], remote), main)
    assert.is(git(['rev-parse', 'refs/heads/postgate/staging-1'], remote), made.commit)
    assert.is(git(['rev-parse', 'HEAD']), main)
    const again = await commitIn(test)
    assert.is(again.commit, made.commit)
    assert.is(again.reused, true)
  }),
)

documents(
  'say so when the remote accepts nothing, and that it is away when it is',
  inRepository(async (test) => {
    hook(test, 'exit 1')
    const refused = await commitIn(test).catch((error) => error)
    assert.match(refused.message, 'accepted neither on main nor on postgate/staging-1')
    test.away()
    const away = await commitIn(test).catch((error) => error)
    assert.ok(isRemoteAway(away))
  }),
)

documents(
  'are committed once, however often the finish runs, from whichever clone',
  inRepository(async (test) => {
    const made = await commitIn(test)
    test.commit({'after.txt': 'x'})
    test.push()
    const again = await commitIn(test)
    assert.is(again.commit, made.commit)
    assert.is(again.reused, true)
    const other = test.another('other')
    assert.is((await commitIn(test, undefined, other)).commit, made.commit)
    // A run whose id begins like this one's is another run.
    const repository = await openRepository(other, {environment: gitEnvironment})
    const derive = async () => ({files: report, message: 'Deployed'})
    const next = await commitDocuments({repository, run: 'staging', date, derive})
    assert.is(next.reused, false)
  }),
)

documents(
  'are committed here where there is no remote, checked out or not',
  inRepository(async (test) => {
    const {git, write} = test
    git(['remote', 'remove', 'origin'])
    write({'mine.txt': 'x'})
    const made = await commitIn(test)
    assert.is(made.branch, 'main')
    assert.is(git(['rev-parse', 'HEAD']), made.commit)
    assert.is(git(['status', '--porcelain']), '?? mine.txt')
    git(['checkout', '--quiet', '-b', 'work'])
    const repository = await openRepository(test.clone, {environment: gitEnvironment})
    const derive = async () => ({files: new Map([['docs/B.md', 'b']]), message: 'Second'})
    const second = await commitDocuments({repository, run: 'staging-2', date, derive})
    assert.is(git(['rev-parse', 'refs/heads/main']), second.commit)
    assert.is(git(['rev-parse', 'HEAD']), made.commit)
  }),
)

documents.run()
