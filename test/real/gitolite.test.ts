// Goal: on a forge with rules per ref, a right that is missing is found before a run rests on it, told in
// the forge's words, and the rule that the guide gives is enough. Method: a real gitolite, reached through
// GIT_SSH as over the network, with one rule for refs/postgate/ after another.

import {execFileSync} from 'node:child_process'
import {chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {inLang} from '../../scripts/lib/domain/text.ts'
import {snapshotRefs} from '../../scripts/lib/guard/refs/snapshot.ts'
import {openRepository} from '../../scripts/lib/store/git/open-repository.ts'
import {provePushRight} from '../../scripts/lib/store/git/push-right.ts'
import {RemoteRefused} from '../../scripts/lib/store/git/remote-problem.ts'
import {claimOf, leaseRef, leasesOf} from '../../scripts/lib/store/lease/lease.ts'
import {gitEnvironment} from '../helpers/repository.ts'

const gitolite = suite('gitolite')
const date = new Date('2026-01-23T14:00:00Z')
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'postgate-gitolite-')))
const home = join(folder, 'home')
const clone = join(folder, 'clone')
const ssh = join(folder, 'ssh')
const environment = {...gitEnvironment, GIT_SSH: ssh, GIT_SSH_VARIANT: 'simple'}
const git = (...args: readonly string[]) =>
  execFileSync('git', args, {cwd: clone, env: environment, encoding: 'utf8', stdio: 'pipe'}).trim()
const forge = (...args: readonly string[]) =>
  execFileSync('gitolite', args, {
    env: {...gitEnvironment, USER: 'git', HOME: home},
    encoding: 'utf8',
    stdio: 'pipe',
  }).trim()

function rules(...lines: readonly string[]): void {
  const all = ['repo project', '  RW+ refs/heads/ = tester', '  RW+ refs/tags/ = tester', ...lines]
  writeFileSync(join(home, '.gitolite/conf/gitolite.conf'), `${all.join('\n')}\n`)
  forge('compile')
  forge('trigger', 'POST_COMPILE')
}

gitolite.before(() => {
  mkdirSync(home)
  mkdirSync(clone)
  forge('setup', '-a', 'admin')
  const shell = join(forge('query-rc', 'GL_BINDIR'), 'gitolite-shell')
  writeFileSync(
    ssh,
    `#!/bin/sh
export HOME='${home}' SSH_ORIGINAL_COMMAND="$2" SSH_CONNECTION='127.0.0.1 1 127.0.0.1 22'
exec '${shell}' tester
`,
  )
  chmodSync(ssh, 0o755)
  rules()
  git('init', '--quiet', '--initial-branch=main')
  git('config', 'user.name', 'Test')
  git('config', 'user.email', 'test@example.org')
  git('commit', '--quiet', '--allow-empty', '-m', 'First')
  git('remote', 'add', 'origin', 'git@forge:project')
  git('push', '--quiet', 'origin', 'main')
})
gitolite.after(() => rmSync(folder, {recursive: true, force: true}))

const refusal = async () =>
  provePushRight(await openRepository(clone, {environment}), date).catch((error) => error)

const missing: readonly [string, readonly string[], RegExp][] = [
  ['no rule at all', [], /refuses to make/],
  ['RW, which makes and does not move', ['  RW refs/postgate/ = tester'], /refuses to move/],
  ['a rule for reading alone', ['  R = tester', '  - refs/postgate/ = tester'], /refuses to make/],
  [
    'RW+ where deleting is a right of its own',
    ['  RW+ refs/postgate/ = tester', '  RWD refs/heads/x = tester'],
    /refuses to delete/,
  ],
]
for (const [name, lines, expected] of missing) {
  gitolite(`${name}: refused, in the forge’s words`, async () => {
    // What an earlier refusal left behind goes first.
    rules('  RW+ refs/postgate/ = tester')
    await provePushRight(await openRepository(clone, {environment}), date)
    rules(...lines)
    const error = await refusal()
    assert.instance(error, RemoteRefused)
    if (!(error instanceof RemoteRefused)) return
    assert.match(inLang(error.parts.what, 'en'), expected)
    assert.match(inLang(error.parts.why ?? '', 'en'), /DENIED/)
  })
}

gitolite('the guide’s rule is enough for a lease from its making to its end', async () => {
  rules('  RW+ refs/postgate/ = tester')
  const repository = await openRepository(clone, {environment})
  await provePushRight(repository, date)
  const leases = leasesOf({repository, clock: {now: () => date}})
  const claim = claimOf('run-1', 'staging', 'scenario', {machine: 'm', operator: 'o'})
  const got = await leases.acquire(claim)
  if (got.outcome === 'held') throw new Error('held')
  assert.is(await got.lease.sync('one\n'), 'synced')
  await got.lease.release({archive: 'run-1', journal: 'one\n'})
  const refs = git('ls-remote', 'origin', 'refs/postgate/*')
  assert.match(refs, /refs\/postgate\/runs\/run-1/)
  assert.not.match(refs, new RegExp(`${leaseRef}|probe`))
})

gitolite('the guard reaches the remote as the engine does', async () => {
  rules()
  const {remote} = await snapshotRefs({repository: clone, remote: 'origin', environment})
  assert.is(remote.status, 'read')
})

gitolite.run()
