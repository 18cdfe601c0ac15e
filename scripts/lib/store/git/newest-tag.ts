// The tag that a person made last, as a gate would be opened for it: outcome tags are no checkpoint.

import {isOutcomeTag} from './outcome-tag.ts'
import {gitIn} from './run.ts'

export interface NewestTag {
  /** null where there is none, or no repository. */
  readonly tag: string | null
  /** Whether what is checked out holds commits that it does not. */
  readonly isFollowed: boolean
}

export async function newestTag(folder: string): Promise<NewestTag> {
  const git = gitIn(folder, process.env)
  const words = ['for-each-ref', '--sort=-creatordate', '--format=%(refname:strip=2)', 'refs/tags']
  const {exitCode, stdout} = await git.attempt(words)
  const names = exitCode === 0 ? stdout.toString('utf8').split('\n') : []
  const tag = names.find((name) => name !== '' && !isOutcomeTag(name)) ?? null
  if (tag === null) return {tag, isFollowed: false}
  const counted = await git.attempt(['rev-list', '--count', `refs/tags/${tag}..HEAD`])
  return {tag, isFollowed: Number(counted.stdout.toString('utf8')) > 0}
}
