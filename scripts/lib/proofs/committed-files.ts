// A commit's files, read from git's objects: a plan makes no worktree.

import {lazy} from '../base/lazy.ts'
import type {CommittedFiles} from '../kit/ports/committed-files.ts'
import type {Repository} from '../store/git/repository.ts'

/** null where the commit is not here, or holds submodules, whose files are elsewhere. */
export async function committedFiles(
  repository: Repository,
  commit: string,
): Promise<CommittedFiles | null> {
  if ((await repository.resolveCommit(commit)) === null) return null
  if ((await repository.showFile(commit, '.gitmodules')) !== null) return null
  const files = lazy(() => repository.fileModes(commit))
  return {
    text: (path) => repository.showFile(commit, path),
    list: async (folder) => {
      const under = folder === '' || folder === '.' ? '' : `${folder.replace(/\/+$/, '')}/`
      return [...(await files()).keys()].filter((path) => path.startsWith(under))
    },
    executable: async (path) => {
      const mode = (await files()).get(path)
      return mode === undefined ? null : mode === '100755'
    },
  }
}
