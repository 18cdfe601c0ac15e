// A project in a temporary folder with a bare remote: main, a validated tag, and a commit `evil` that
// is no descendant of main. Every trial gets a fresh copy.

import {execFileSync} from 'node:child_process'
import {cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

export const tag = 'prod-ready-2026-01-23'

export interface TestProject {
  readonly root: string
  readonly clone: string
  readonly remote: string
  readonly git: (...args: readonly string[]) => string
  readonly close: () => void
}

const identity = {
  GIT_AUTHOR_NAME: 'Test',
  GIT_AUTHOR_EMAIL: 'test@example.org',
  GIT_COMMITTER_NAME: 'Test',
  GIT_COMMITTER_EMAIL: 'test@example.org',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
}

export function runGit(cwd: string, ...args: readonly string[]): string {
  const env = {...process.env, ...identity}
  return execFileSync('git', args, {cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe']})
}

let template: string | undefined

function makeTemplate(): string {
  const root = mkdtempSync(join(realpathSync(tmpdir()), 'guard-template-'))
  process.once('exit', () => rmSync(root, {recursive: true, force: true}))
  const clone = join(root, 'clone')
  mkdirSync(clone)
  runGit(root, 'init', '--quiet', '--bare', '--initial-branch=parking', 'remote.git')
  runGit(clone, 'init', '--quiet', '--initial-branch=main')
  runGit(clone, 'config', 'user.name', 'Test')
  runGit(clone, 'config', 'user.email', 'test@example.org')
  for (const name of ['one', 'two']) {
    writeFileSync(join(clone, `${name}.txt`), `${name}\n`)
    runGit(clone, 'add', '.')
    runGit(clone, 'commit', '--quiet', '-m', name)
  }
  runGit(clone, 'tag', '-a', tag, '-m', 'validated')
  const evil = runGit(clone, 'commit-tree', 'HEAD^{tree}', '-m', 'evil').trim()
  runGit(clone, 'branch', 'evil', evil)
  // A relative address: copies of both folders stay together.
  runGit(clone, 'remote', 'add', 'origin', '../remote.git')
  runGit(clone, 'push', '--quiet', 'origin', 'main', tag)
  runGit(clone, 'checkout', '--quiet', '-b', 'work')
  return root
}

export function testProject(): TestProject {
  template ??= makeTemplate()
  const root = mkdtempSync(join(realpathSync(tmpdir()), 'guard-'))
  cpSync(template, root, {recursive: true})
  const clone = join(root, 'clone')
  return {
    root,
    clone,
    remote: join(root, 'remote.git'),
    git: (...args) => runGit(clone, ...args),
    close: () => rmSync(root, {recursive: true, force: true}),
  }
}
