// Whether one commit stands in another's past, as git tells it without replacements and grafts.

import {unmovedGit} from './git.ts'
import type {RemoteRefs} from './snapshot.ts'

/** true, false, or undefined where nobody can tell. */
export type IsAncestor = (
  ancestor: string,
  descendant: string,
) => boolean | undefined | Promise<boolean | undefined>

export interface AncestryOptions {
  readonly repository: string
  readonly remote: RemoteRefs
  readonly main: string
  readonly environment?: Readonly<Record<string, string | undefined>>
}

/** Asks git; what another person pushed meanwhile is fetched (no ref is written). */
export function ancestry({repository, remote, main, environment}: AncestryOptions): IsAncestor {
  const git = unmovedGit(repository, environment)
  const known = async (oid: string) =>
    (await git.attempt(['cat-file', '-e', `${oid}^{commit}`])).exitCode === 0
  return async (ancestor, descendant) => {
    if (!(await known(descendant)) && remote.status === 'read') {
      const how = ['--quiet', '--no-tags', '--no-write-fetch-head', '--no-auto-gc', '--refmap=']
      await git.attempt(['fetch', ...how, remote.address, `refs/heads/${main}`])
    }
    const {exitCode} = await git.attempt(['merge-base', '--is-ancestor', ancestor, descendant])
    if (exitCode === 0) return true
    // Where history is cut off, its end looks like no relation.
    const shallow = await git.attempt(['rev-parse', '--is-shallow-repository'])
    if (shallow.stdout.toString('utf8').trim() !== 'false') return undefined
    if (exitCode === 1) return false
    // The past of what is here is here too: what is not here is not in it.
    return (await known(descendant)) && !(await known(ancestor)) ? false : undefined
  }
}
