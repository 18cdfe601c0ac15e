// The files of a commit as they will lie in its worktree, before anybody makes one.

export interface CommittedFiles {
  /** null where it is not there. */
  readonly text: (path: string) => Promise<string | null>
  /** Paths of all files under `folder`; '' is the root. */
  readonly list: (folder: string) => Promise<readonly string[]>
  /** Whether it may be run as a program; null where it is not there. */
  readonly executable: (path: string) => Promise<boolean | null>
}
