// A real bare remote and clones of it in a temporary folder, in about 30 milliseconds.

import {execFileSync} from 'node:child_process'
import {mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'

export interface TestRepository {
  /** Temporary folder that holds everything. */
  readonly folder: string
  /** The bare remote. */
  readonly remote: string
  /** A clone on `main`, with one commit pushed. */
  readonly clone: string
  /** Runs git in the clone (or `cwd`); answers trimmed standard output. */
  readonly git: (args: readonly string[], cwd?: string) => string
  /** Writes files below the clone (or `cwd`). */
  readonly write: (files: Readonly<Record<string, string>>, cwd?: string) => void
  /** Writes files, commits them and answers the commit's id. */
  readonly commit: (
    files: Readonly<Record<string, string>>,
    message?: string,
    cwd?: string,
  ) => string
  readonly push: (cwd?: string) => void
  /** Another clone of the remote. */
  readonly another: (name: string) => string
  /** Makes the remote unreachable, and reachable again. */
  readonly away: () => void
  readonly back: () => void
  readonly close: () => void
}

/** Environment for git in tests: no configuration of the machine, a fixed identity. */
export const gitEnvironment: Record<string, string> = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('GIT_'),
    ),
  ),
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
}

/** `files`: the first commit on main; a readme by default. Call `close()` at the test's end. */
export function testRepository(
  files: Readonly<Record<string, string>> = {'readme.md': '# Project\n'},
): TestRepository {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'postgate-git-')))
  const remote = join(folder, 'remote.git')
  const clone = join(folder, 'clone')
  const git = (args: readonly string[], cwd = clone) =>
    execFileSync('git', [...args], {
      cwd,
      env: gitEnvironment,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim()
  const identify = (where: string) => {
    git(['config', 'user.name', 'Test'], where)
    git(['config', 'user.email', 'test@example.org'], where)
  }
  const write = (contents: Readonly<Record<string, string>>, cwd = clone) => {
    for (const [path, text] of Object.entries(contents)) {
      mkdirSync(dirname(join(cwd, path)), {recursive: true})
      writeFileSync(join(cwd, path), text)
    }
  }
  const commit = (contents: Readonly<Record<string, string>>, message = 'Change', cwd = clone) => {
    write(contents, cwd)
    git(['add', '--force', '--', ...Object.keys(contents)], cwd)
    git(['commit', '--quiet', '--message', message], cwd)
    return git(['rev-parse', 'HEAD'], cwd)
  }
  const push = (cwd = clone) => void git(['push', '--quiet', 'origin', 'HEAD:main'], cwd)
  git(['init', '--quiet', '--bare', '--initial-branch=main', remote], folder)
  git(['init', '--quiet', '--initial-branch=main', clone], folder)
  git(['remote', 'add', 'origin', remote])
  identify(clone)
  commit(files, 'First')
  push()
  return {
    folder,
    remote,
    clone,
    git,
    write,
    commit,
    push,
    another(name) {
      const path = join(folder, name)
      git(['clone', '--quiet', remote, path], folder)
      identify(path)
      return path
    },
    away: () => git(['remote', 'set-url', 'origin', `${remote}-away`]),
    back: () => git(['remote', 'set-url', 'origin', remote]),
    close: () => rmSync(folder, {recursive: true, force: true}),
  }
}

/** A test's work in a repository of its own, which ends with it. */
export const inRepository = (work: (test: TestRepository) => Promise<void>) => async () => {
  const test = testRepository()
  try {
    await work(test)
  } finally {
    test.close()
  }
}
