// The project's repository as everything else sees it: facts, and nothing changes. Not the index, not
// FETCH_HEAD, not a ref: only objects are added when a remote commit has to be looked at.

import type {RemoteLooks} from './remote-look.ts'
import type {Git} from './run.ts'

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
  /** The text of a file of the working tree as it is committed: where line endings or another filter alone
   * make the difference, the committed one; else `text` itself. */
  readonly asCommitted: (absolute: string, text: string) => Promise<string>
  /** True where history is cut off: then nothing about the past can be said. */
  readonly isShallow: () => Promise<boolean>
  /** `user.name` and `user.email`; a neutral pair where they are not set. */
  readonly identity: () => Promise<Identity>
  /** `commit.gpgSign`. */
  readonly signsCommits: () => boolean
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
  /** Every file of a commit with its mode: `100755` for a program. */
  readonly fileModes: (commit: string) => Promise<ReadonlyMap<string, string>>
  /** The commit (newest) of any ref, here or on the remote, in which `path` ever changed; null: never.
   * Also finds the file's present bytes committed under another name. Throws a `Problem` (3) when the
   * remote is away or history is cut off. */
  readonly trackedEver: (path: string) => Promise<CommitSummary | null>
}

export interface RemoteReading {
  /** Refs of the remote by full name; annotated tags also peeled, as `<ref>^{}`. `patterns` are full
   * names or globs. A young look serves, unless `again`. Throws `remoteAway` (3) when it does not answer; empty without a remote. */
  readonly remoteRefs: (
    patterns?: readonly string[],
    how?: {readonly again?: boolean},
  ) => Promise<ReadonlyMap<string, string>>
  /** One look for all who ask: see remote-look.ts. */
  readonly looks: RemoteLooks
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
