// The tag that a person made last, as a gate would be opened for it: outcome tags are no checkpoint.

import {isOutcomeTag} from './outcome-tag.ts'
import {gitIn} from './run.ts'

/** null where there is none, or no repository. */
export async function newestTag(folder: string): Promise<string | null> {
  const words = ['for-each-ref', '--sort=-creatordate', '--format=%(refname:strip=2)', 'refs/tags']
  const {exitCode, stdout} = await gitIn(folder, process.env).attempt(words)
  const names = exitCode === 0 ? stdout.toString('utf8').split('\n') : []
  return names.find((name) => name !== '' && !isOutcomeTag(name)) ?? null
}
