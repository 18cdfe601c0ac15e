// The project's repository, read: facts, and nothing changes. Not the index, not FETCH_HEAD, not a
// ref: only objects are added when a remote commit has to be looked at.

import {realpath} from 'node:fs/promises'
import {isAbsolute, join} from 'node:path'
import {problem} from '../../domain/problem.ts'
import {historyOf} from './history.ts'
import {isRefName} from './ref-name.ts'
import {remoteOf} from './remote.ts'
import {answered, type Git, gitIn} from './run.ts'

export interface Tag {
  /** Id of the annotated tag object, or the commit's where the tag is a light one. */
  readonly object: string
  readonly commit: string
}

export interface CommitSummary {
  readonly sha: string
  readonly subject: string
  readonly files: readonly string[]
}

/** Paths relative to the root, sorted. A path can be both staged and unstaged. */
export interface WorkingStatus {
  readonly staged: readonly string[]
  readonly unstaged: readonly string[]
  readonly untracked: readonly string[]
}

export interface Identity {
  readonly name: string
  readonly email: string
}

export interface LocalReading {
  /** null when HEAD is detached. */
  readonly currentBranch: () => Promise<string | null>
  /** null before the first commit. */
  readonly headCommit: () => Promise<string | null>
  /** The full id that a name, a ref or a unique abbreviation stands for here, as a commit; else null. */
  readonly resolveCommit: (name: string) => Promise<string | null>
  /** Commits whose id starts so; a branch or tag of that name cannot answer. */
  readonly commitsStarting: (abbreviated: string) => Promise<readonly string[]>
  /** By `refs/tags/<name>` only, so that a branch of that name cannot answer. */
  readonly resolveTag: (name: string) => Promise<Tag | null>
  /** Local refs whose name starts with `prefix`, with the id they hold. */
  readonly localRefs: (prefix: string) => Promise<ReadonlyMap<string, string>>
  readonly status: () => Promise<WorkingStatus>
  readonly isIgnored: (path: string) => Promise<boolean>
  readonly isTracked: (path: string) => Promise<boolean>
  /** True where history is cut off: then nothing about the past can be said. */
  readonly isShallow: () => Promise<boolean>
  /** `user.name` and `user.email`; a neutral pair where they are not set. */
  readonly identity: () => Promise<Identity>
}

export interface HistoryReading {
  readonly isAncestor: (ancestor: string, descendant: string) => Promise<boolean>
  /** Commits of `to` that `from` lacks, newest first. `paths`: globs, those with `!` exclude. A merge
   * is listed only for what it changes itself. */
  readonly commitsBetween: (
    from: string,
    to: string,
    paths?: readonly string[],
  ) => Promise<readonly CommitSummary[]>
  /** Files that differ between two commits. */
  readonly changedFiles: (
    from: string,
    to: string,
    paths?: readonly string[],
  ) => Promise<readonly string[]>
  /** A file's text at a commit; null where it is not there. */
  readonly showFile: (commit: string, path: string) => Promise<string | null>
  readonly showBytes: (commit: string, path: string) => Promise<Buffer | null>
  /** Paths of all files under `folder` at a commit. */
  readonly listFiles: (commit: string, folder: string) => Promise<readonly string[]>
  /** The commit (newest) of any ref, here or on the remote, in which `path` ever changed; null: never.
   * Also finds the file's present bytes committed under another name. Throws a `Problem` (3) when the
   * remote is away or history is cut off. */
  readonly trackedEver: (path: string) => Promise<CommitSummary | null>
}

export interface RemoteReading {
  /** Refs of the remote by full name; annotated tags also peeled, as `<ref>^{}`. `patterns` are full
   * names or globs. Throws `remoteAway` (3) when it does not answer; empty without a remote. */
  readonly remoteRefs: (patterns?: readonly string[]) => Promise<ReadonlyMap<string, string>>
  readonly remoteTag: (name: string) => Promise<Tag | null>
  /** The commit of the documents' branch on the remote (without a remote: here); null where it is absent. */
  readonly remoteMain: () => Promise<{readonly sha: string} | null>
  /** Makes a remote commit readable here, without touching FETCH_HEAD or a ref. `what`: an id, or a
   * full ref name. Answers its id. Throws `remoteAway` (3). */
  readonly fetchCommit: (what: string) => Promise<string>
  /** The same for many ids at once; those that are here already cost nothing. */
  readonly fetchObjects: (ids: readonly string[]) => Promise<void>
}

export interface Repository extends LocalReading, HistoryReading, RemoteReading {
  /** The top folder of the working tree. */
  readonly root: string
  /** The git directory that all worktrees share: `.git/postgate/` lies there. */
  readonly gitDirectory: string
  /** The documents' branch: `main`. */
  readonly branch: string
  /** null: this repository has no remote of the configured name. */
  readonly remote: string | null
  /** For the few files that write: worktree, documents-commit, outcome-tag, lease. */
  readonly git: Git
}

export interface RepositoryOptions {
  readonly remote?: string
  readonly branch?: string
  readonly environment?: Readonly<Record<string, string | undefined>>
}

/** Opens the repository that `folder` lies in. Throws a `Problem` (2) where there is none. */
export async function openRepository(
  folder: string,
  options: RepositoryOptions = {},
): Promise<Repository> {
  const environment = options.environment ?? process.env
  const found = await gitIn(folder, environment).attempt([
    'rev-parse',
    '--show-toplevel',
    '--git-common-dir',
  ])
  const [top, common] = found.stdout.toString('utf8').split('\n')
  if (found.exitCode !== 0 || !top || !common) throw noRepository(folder)
  const root = await realpath(top)
  const gitDirectory = await realpath(isAbsolute(common) ? common : join(folder, common))
  const git = gitIn(root, environment)
  const name = options.remote ?? 'origin'
  const configured = await git.attempt(['config', '--get', `remote.${name}.url`])
  const remote = configured.exitCode === 0 ? name : null
  const branch = options.branch ?? 'main'
  const local = localOf(git)
  const far = remoteOf({git, remote, branch, local})
  return {
    root,
    gitDirectory,
    branch,
    remote,
    git,
    ...local,
    ...far,
    ...historyOf({git, root, remote, local, far}),
  }
}

function noRepository(folder: string) {
  return problem({
    what: {
      fr: `${folder} n’est pas dans un dépôt git.`,
      en: `${folder} is not inside a git repository.`,
    },
    next: {
      fr: 'lancer la commande dans le projet, ou le nommer avec --project DOSSIER',
      en: 'run the command in the project, or name it with --project DIR',
    },
    exit: 2,
  })
}

function localOf(git: Git): LocalReading {
  const line = async (args: readonly string[]) => {
    const result = await git.attempt(args)
    return result.exitCode === 0 ? result.stdout.toString('utf8').trim() || null : null
  }
  const resolve = (name: string) =>
    line(['rev-parse', '--verify', '--quiet', '--end-of-options', name])
  return {
    currentBranch: () => line(['symbolic-ref', '--quiet', '--short', 'HEAD']),
    headCommit: () => resolve('HEAD'),
    resolveCommit: (name) => resolve(`${name}^{commit}`),
    async commitsStarting(abbreviated) {
      const listed = await git.text(['rev-parse', `--disambiguate=${abbreviated}`])
      const input = `${listed}\n`
      const kinds = await git.text(['cat-file', '--batch-check=%(objectname) %(objecttype)'], {
        input,
      })
      return kinds
        .split('\n')
        .filter((each) => each.endsWith(' commit'))
        .map((each) => each.slice(0, -' commit'.length))
    },
    async resolveTag(name) {
      const ref = `refs/tags/${name}`
      // Names that could carry a suffix (`^`, `~`, `@{`) are no ref names.
      if (!(await isRefName(git, ref))) return null
      const [object, commit] =
        (await line(['rev-parse', ref, `${ref}^{commit}`]))?.split('\n') ?? []
      return object && commit ? {object, commit} : null
    },
    async localRefs(prefix) {
      const listed = await git.text(['for-each-ref', '--format=%(refname) %(objectname)', prefix])
      return new Map(
        listed
          .split('\n')
          .filter((each) => each !== '')
          .map((each): [string, string] => [
            each.slice(0, each.indexOf(' ')),
            each.slice(each.indexOf(' ') + 1),
          ]),
      )
    },
    status: () => statusOf(git),
    isIgnored: async (path) => answered(git, ['check-ignore', '--quiet', '--no-index', '--', path]),
    isTracked: async (path) =>
      (await git.text(['ls-files', '-z', '--', `:(literal,top)${path}`])) !== '',
    isShallow: async () => (await git.text(['rev-parse', '--is-shallow-repository'])) === 'true',
    async identity() {
      const [name, email] = await Promise.all(
        ['user.name', 'user.email'].map((key) => line(['config', '--get', key])),
      )
      return {name: name ?? 'Postgate', email: email ?? 'postgate@localhost'}
    },
  }
}

async function statusOf(git: Git): Promise<WorkingStatus> {
  const listed = await git.text(['status', '--porcelain=v1', '-z', '--untracked-files=all'])
  const staged = new Set<string>()
  const unstaged = new Set<string>()
  const untracked = new Set<string>()
  const entries = listed.split('\0')
  for (let index = 0; index < entries.length; index += 1) {
    const entry = entries[index] ?? ''
    if (entry.length < 4) continue
    const path = entry.slice(3)
    const [x, y] = entry
    if (x === '?') untracked.add(path)
    else {
      if (x !== ' ') staged.add(path)
      if (y !== ' ') unstaged.add(path)
    }
    // A rename or a copy is followed by the path that it came from.
    if (x === 'R' || x === 'C') {
      index += 1
      const origin = entries[index]
      if (origin !== undefined && x === 'R') staged.add(origin)
    }
  }
  const sorted = (paths: Set<string>) => [...paths].sort()
  return {staged: sorted(staged), unstaged: sorted(unstaged), untracked: sorted(untracked)}
}
