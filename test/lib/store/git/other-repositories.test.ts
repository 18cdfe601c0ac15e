// Goal: repositories that are not what most are: ids of SHA-256, with a remote and without one, and a
// default branch of any name where nothing is configured. Method: real ones, asked what a run asks.

import {execFileSync} from 'node:child_process'
import {mkdtempSync, realpathSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {commitDocuments} from '../../../../scripts/lib/store/git/documents-commit.ts'
import {openRepository} from '../../../../scripts/lib/store/git/open-repository.ts'
import {tagOutcome} from '../../../../scripts/lib/store/git/outcome-tag.ts'
import {provePushRight} from '../../../../scripts/lib/store/git/push-right.ts'
import {addCheckpointWorktree, worktreeClean} from '../../../../scripts/lib/store/git/worktree.ts'
import {claimOf, leasesOf} from '../../../../scripts/lib/store/lease/lease.ts'
import {gitEnvironment} from '../../../helpers/repository.ts'

const others = suite('other repositories')
const date = new Date('2026-01-23T14:00:00Z')

interface Made {
  readonly folder: string
  readonly clone: string
  readonly git: (...args: readonly string[]) => string
}

async function made(
  {format = 'sha1', branch = 'main', remote = true},
  test: (made: Made) => Promise<void>,
): Promise<void> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'postgate-other-')))
  const clone = join(folder, 'clone')
  const run = (cwd: string, args: readonly string[]) =>
    execFileSync('git', args, {cwd, env: gitEnvironment, encoding: 'utf8', stdio: 'pipe'}).trim()
  const git = (...args: readonly string[]) => run(clone, args)
  try {
    const how = ['init', '--quiet', `--object-format=${format}`, `--initial-branch=${branch}`]
    run(folder, [...how, clone])
    git('config', 'user.name', 'Test')
    git('config', 'user.email', 'test@example.org')
    writeFileSync(join(clone, 'readme.md'), '# Project\n')
    git('add', '.')
    git('commit', '--quiet', '-m', 'First')
    if (remote) {
      run(folder, [...how, '--bare', 'remote.git'])
      git('remote', 'add', 'origin', '../remote.git')
      git('push', '--quiet', 'origin', branch)
    }
    await test({folder, clone, git})
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
}

for (const remote of [true, false]) {
  others(
    `SHA-256, ${remote ? 'with a remote' : 'without one'}: lease, documents, tag, worktree`,
    () =>
      made({format: 'sha256', remote}, async ({folder, clone, git}) => {
        const repository = await openRepository(clone, {environment: gitEnvironment})
        const head = git('rev-parse', 'HEAD')
        assert.is(head.length, 64)
        await provePushRight(repository, date)
        const leases = leasesOf({repository, clock: {now: () => date}})
        const claim = claimOf('run-1', 'staging', 'scenario', {machine: 'm', operator: 'o'})
        const got = await leases.acquire(claim)
        if (got.outcome === 'held') throw new Error('held')
        assert.is(await got.lease.sync('one\n'), 'synced')
        assert.is(await got.lease.sync('one\ntwo\n'), 'synced')
        const cache = join(folder, 'cache')
        const {path} = await addCheckpointWorktree({
          ...{repository, cache, run: 'run-1', number: 1, commit: head},
        })
        assert.ok((await worktreeClean(path, 'all', gitEnvironment)).clean)
        const committed = await commitDocuments({
          ...{repository, run: 'run-1', date, since: head},
          derive: async () => ({files: new Map([['docs/a.md', 'a\n']]), message: 'docs: a'}),
        })
        assert.is(committed.branch, 'main')
        const {tag, object} = await tagOutcome({
          ...{repository, scenario: 'staging', date, commit: head, run: 'run-1', message: 'x'},
        })
        assert.is(git('rev-parse', tag), object)
        await got.lease.release({archive: 'run-1', journal: 'one\ntwo\n'})
        assert.is(await leases.read(), null)
        assert.is(await leases.recorded('run-1'), 'one\ntwo\n')
        assert.is((await repository.trackedEver('readme.md'))?.sha, head)
      }),
  )
}

others('the default branch is what the remote’s HEAD names', () =>
  made({branch: 'trunk'}, async ({folder, clone, git}) => {
    const open = (path: string) => openRepository(path, {environment: gitEnvironment})
    // Asked of the remote where the clone does not know.
    assert.is((await open(clone)).branch, 'trunk')
    git('clone', '--quiet', '../remote.git', '../second')
    assert.is((await open(join(folder, 'second'))).branch, 'trunk')
    // As a runner checks a tag out: no local branch at all.
    git('-C', '../second', 'checkout', '--quiet', '--detach')
    git('-C', '../second', 'branch', '-D', 'trunk')
    assert.is((await open(join(folder, 'second'))).branch, 'trunk')
    const main = await (await open(join(folder, 'second'))).remoteMain()
    assert.is(main?.sha, git('rev-parse', 'HEAD'))
  }),
)

others('without a remote it is main, else what is checked out', async () => {
  for (const branch of ['main', 'master', 'production/v1'])
    await made({branch, remote: false}, async ({clone}) => {
      assert.is((await openRepository(clone, {environment: gitEnvironment})).branch, branch)
    })
})

others('what is configured counts', () =>
  made({branch: 'trunk'}, async ({clone}) => {
    const repository = await openRepository(clone, {
      ...{environment: gitEnvironment, branch: 'releases'},
    })
    assert.is(repository.branch, 'releases')
  }),
)

others.run()
