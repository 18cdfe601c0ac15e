// Git for the sandbox's own housekeeping. What it commits goes through an index of its own: neither a
// person's index nor a person's files are touched, other than by a fast-forward that git accepts.

import {execFile} from 'node:child_process'
import {randomUUID} from 'node:crypto'
import {readdir, rm, stat} from 'node:fs/promises'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {promisify} from 'node:util'

type Variables = Readonly<Record<string, string>>

/** Runs git in `folder`; answers stdout without its last newline. Throws where git fails. */
export async function git(
  folder: string,
  words: readonly string[],
  options: {env?: Variables; input?: string} = {},
): Promise<string> {
  const running = promisify(execFile)('git', [...ownSettings, ...words], {
    cwd: folder,
    maxBuffer: 1 << 26,
    env: {...withoutGit(), ...options.env},
  })
  // Git may have ended already: what it answers is what counts.
  running.child.stdin?.on('error', () => {})
  running.child.stdin?.end(options.input)
  return (await running).stdout.replace(/\n$/, '')
}

// What makes the sandbox is the same everywhere; what runs on it meets the person's own settings.
const ownSettings = [
  ...[
    'commit.gpgSign',
    'tag.gpgSign',
    'merge.verifySignatures',
    'core.autocrlf',
    'color.ui',
  ].flatMap((key) => ['-c', `${key}=false`]),
  ...['-c', 'core.hooksPath=/dev/null'],
]

// A hook or a person's shell may have set GIT_DIR and the like: here they would point elsewhere.
function withoutGit(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(([key]) => !/^GIT_(?!SSL|CONFIG)/.test(key))
  return Object.fromEntries(entries)
}

export interface Author {
  readonly name: string
  readonly email: string
}

/** The variables that date and sign a commit. */
export function authorEnvironment(author: Author, at: Date): Variables {
  const date = `${Math.floor(at.getTime() / 1000)} +0000`
  return {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: author.name,
    GIT_COMMITTER_EMAIL: author.email,
    GIT_COMMITTER_DATE: date,
  }
}

export interface Change {
  readonly project: string
  /** Text by path; null removes. */
  readonly files: ReadonlyMap<string, string | null>
  readonly message: string
  readonly author: Author
  readonly at: Date
}

/** Commits `files` on the remote's main and pushes; then fast-forwards the clone where git lets it. */
export async function commitOnMain(change: Change): Promise<string> {
  const {project} = change
  await git(project, ['fetch', '--quiet', 'origin', 'main'])
  const base = await git(project, ['rev-parse', 'refs/remotes/origin/main'])
  const commit = await commitAside({...change, base})
  await git(project, ['push', '--quiet', '--no-verify', 'origin', `${commit}:refs/heads/main`])
  await git(project, ['fetch', '--quiet', 'origin', 'main'])
  await followMain(project)
  return commit
}

/** Makes a commit on `base` (null: without a parent) that no ref points at yet. */
export async function commitAside(change: Change & {base: string | null}): Promise<string> {
  const {project, base} = change
  const index = join(
    await git(project, ['rev-parse', '--absolute-git-dir']),
    `sandbox-${randomUUID()}`,
  )
  const env = {GIT_INDEX_FILE: index}
  try {
    if (base !== null) await git(project, ['read-tree', base], {env})
    const lines: string[] = []
    for (const [path, text] of change.files) {
      const id =
        text === null
          ? '0'.repeat(40)
          : await git(project, ['hash-object', '-w', '--stdin'], {input: text})
      lines.push(`${text === null ? '0' : '100644'} ${id}\t${path}`)
    }
    await git(project, ['update-index', '--index-info'], {env, input: `${lines.join('\n')}\n`})
    const tree = await git(project, ['write-tree'], {env})
    const parents = base === null ? [] : ['-p', base]
    return await git(project, ['commit-tree', tree, ...parents, '-m', change.message], {
      env: authorEnvironment(change.author, change.at),
    })
  } finally {
    await rm(index, {force: true})
  }
}

/** Moves the clone's main up to the remote's, unless that would touch work in progress. */
async function followMain(project: string): Promise<void> {
  const branch = await git(project, ['symbolic-ref', '--quiet', '--short', 'HEAD']).catch(() => '')
  if (branch !== 'main') return
  await git(project, ['merge', '--quiet', '--ff-only', 'refs/remotes/origin/main']).catch(() => '')
}

/**
 * Takes the last commit of main back, there and here, where it is still the last one and says `subject`.
 * False where something was committed on top of it: then only another commit can undo it.
 */
export async function takeBackMain(
  {project, remote}: {project: string; remote: string},
  subject: string,
): Promise<boolean> {
  const [tip = '', parent = '', ...said] = (
    await git(remote, ['log', '-1', '--format=%H%n%P%n%s', 'refs/heads/main'])
  ).split('\n')
  if (said.join('\n') !== subject || !/^[0-9a-f]{40}$/.test(parent)) return false
  await git(remote, ['update-ref', 'refs/heads/main', parent, tip])
  await git(project, ['update-ref', 'refs/remotes/origin/main', parent])
  const branch = await git(project, ['symbolic-ref', '--quiet', '--short', 'HEAD']).catch(() => '')
  const head = await git(project, ['rev-parse', 'HEAD'])
  if (branch === 'main' && head === tip) await git(project, ['reset', '--quiet', '--keep', parent])
  return true
}

/** A text of the remote's main; null where it is not there. */
export async function onMain(project: string, path: string): Promise<string | null> {
  await git(project, ['fetch', '--quiet', 'origin', 'main'])
  const name = `refs/remotes/origin/main:${path}`
  return (await git(project, ['cat-file', '-e', name]).then(
    () => true,
    () => false,
  ))
    ? rawText(project, name)
    : null
}

async function rawText(project: string, name: string): Promise<string> {
  const {stdout} = await promisify(execFile)('git', ['cat-file', 'blob', name], {
    cwd: project,
    maxBuffer: 1 << 26,
  })
  return stdout
}

/** A killed git leaves its lock files behind, and then no git command works again. */
export async function dropStaleLocks(gitFolder: string): Promise<void> {
  for (let waited = 0; ; waited += 100) {
    const locks = await locksOf(gitFolder)
    if (locks.length === 0) return
    // Younger ones may be a person's git at work.
    if (waited >= 2_000) {
      for (const lock of locks) await rm(lock, {force: true})
      return
    }
    await sleep(100)
  }
}

async function locksOf(gitFolder: string): Promise<string[]> {
  const top = await readdir(gitFolder).catch(() => [])
  const refs = await readdir(join(gitFolder, 'refs'), {recursive: true}).catch(() => [])
  const found = [...top, ...refs.map((name) => join('refs', name))]
    .filter((name) => name.endsWith('.lock'))
    .map((name) => join(gitFolder, name))
  const files = await Promise.all(
    found.map(async (path) => ((await stat(path).catch(() => null))?.isFile() ? path : null)),
  )
  return files.filter((path) => path !== null)
}
