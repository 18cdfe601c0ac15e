// Between two steps as well main may only move forward: what it was when the run began is still in its
// history.

import type {Text} from '../../domain/text.ts'
import {isRemoteAway} from '../../store/git/remote.ts'
import type {Running} from '../running.ts'

/** What happened to main since the run began, as a violation; null where nothing did, or the remote is away. */
export async function mainRewritten({
  session,
  run,
}: Pick<Running, 'session' | 'run'>): Promise<Text | null> {
  const {repository} = session.world
  const since = run.state().started.main
  if (since === '') return null
  try {
    const main = await repository.remoteMain()
    if (main === null)
      return {
        fr: `${repository.branch} n’existe plus`,
        en: `${repository.branch} no longer exists`,
      }
    if (main.sha === since) return null
    await repository.fetchCommit(main.sha)
    if ((await repository.resolveCommit(since)) === null) return null
    if (await repository.isAncestor(since, main.sha)) return null
    return {
      fr: `${repository.branch} a été réécrite pendant l’exécution (${since.slice(0, 10)} → ${main.sha.slice(0, 10)})`,
      en: `${repository.branch} was rewritten during the run (${since.slice(0, 10)} → ${main.sha.slice(0, 10)})`,
    }
  } catch (error) {
    if (isRemoteAway(error)) return null
    throw error
  }
}
