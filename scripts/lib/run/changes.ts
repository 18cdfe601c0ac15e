// What the checkpoint brings since the deployment before it: the report lists it, and lead time is
// measured from it.

import {factRecorded} from '../domain/facts.ts'
import {recordsOf} from './context-of.ts'
import type {Running} from './running.ts'

const listedMax = 50

/** Journals the fact `changes` once; without it the documents say that it is not known. */
export async function recordChanges({session, run}: Running): Promise<void> {
  if (run.state().facts.has('changes')) return
  const {world, checkpoint, scenario} = session
  const {repository} = world
  const {runs} = await recordsOf(session)
  const before = runs
    .toReversed()
    .find(
      (each) =>
        each.scenario === scenario &&
        each.result === 'succeeded' &&
        each.commit !== checkpoint.commit,
    )
  try {
    const committedAt = (
      await repository.git.text(['show', '--no-patch', '--format=%cI', checkpoint.commit])
    ).trim()
    const commits =
      before === undefined ? [] : await repository.commitsBetween(before.commit, checkpoint.commit)
    run.append(
      factRecorded('changes', {
        committedAt: committedAt === '' ? null : new Date(committedAt).toISOString(),
        since: before?.tag ?? null,
        commits: commits.slice(0, listedMax).map(({sha, subject}) => ({sha, subject})),
      }),
    )
  } catch {
    // History that cannot be read (a shallow clone) leaves the list unknown; it holds nothing back.
  }
}
