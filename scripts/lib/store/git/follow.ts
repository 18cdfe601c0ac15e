// Lets the person's checked-out branch follow main, and only by a fast-forward that git itself finds
// harmless: what they changed, staged or left untracked stays exactly as it was.

import type {Text} from '../../domain/text.ts'
import type {Repository} from './repository.ts'
import {lastWords} from './run.ts'

export interface Followed {
  readonly followed: boolean
  /** Why not, for a remark; null where there was nothing to do. */
  readonly why: Text | null
}

/** Fast-forwards the checked-out branch to `commit` where it is the documents' branch. */
export async function follow(repository: Repository, commit: string): Promise<Followed> {
  const {git, branch} = repository
  if ((await repository.currentBranch()) !== branch) return {followed: false, why: null}
  const head = await repository.headCommit()
  if (head === commit) return {followed: true, why: null}
  if (head !== null && !(await repository.isAncestor(head, commit))) {
    if (await repository.isAncestor(commit, head)) return {followed: true, why: null}
    return {
      followed: false,
      why: {
        fr: `${branch} a ici des commits qui ne sont pas sur le dépôt distant`,
        en: `${branch} has commits here that the remote does not have`,
      },
    }
  }
  const merged = await git.attempt([
    'merge',
    '--quiet',
    '--ff-only',
    '--no-autostash',
    '--no-verify-signatures',
    commit,
  ])
  if ((await repository.headCommit()) === commit) return {followed: true, why: null}
  return {
    followed: false,
    why: {
      fr: `un travail local est sur le chemin (${lastWords(merged)}) ; lancer : git pull`,
      en: `local work is in the way (${lastWords(merged)}); run: git pull`,
    },
  }
}
