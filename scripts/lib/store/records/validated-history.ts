// Forbidden history, found afterwards: main as every recorded run saw it is still in main's past, and the
// tags that runs were validated on, or left behind, stand where they stood.

import {recorded} from '../../domain/recorded.ts'
import {fail, type Judgement, pass, unknown} from '../../domain/verdict.ts'
import {counted, words} from '../../words/observed.ts'
import {isRemoteAway} from '../git/remote-problem.ts'
import type {Repository} from '../git/repository.ts'
import type {RunRecords} from './records.ts'

type History = Pick<
  Repository,
  | 'branch'
  | 'remote'
  | 'remoteMain'
  | 'remoteRefs'
  | 'localRefs'
  | 'resolveTag'
  | 'fetchCommit'
  | 'isAncestor'
  | 'isShallow'
>

/** Rewritten main: a run began on a commit that main no longer holds. */
export async function mainIntact(repository: History, records: RunRecords): Promise<Judgement> {
  if (!records.complete) return away
  if (await repository.isShallow()) return cutOff
  const main = await repository.remoteMain()
  if (main === null)
    return fail({
      fr: `${repository.branch} n’existe plus`,
      en: `${repository.branch} is gone`,
    })
  await repository.fetchCommit(main.sha)
  const seen = new Map<string, string>()
  for (const run of records.runs) {
    const {started} = await run.load()
    if (started.main !== '') seen.set(started.main, run.run)
  }
  for (const [sha, run] of seen) {
    if (await holds(repository, sha, main.sha)) continue
    return fail(
      {
        fr: `${repository.branch} a été réécrite : ${sha}, où ${run} a commencé, n’y est plus`,
        en: `${repository.branch} was rewritten: ${sha}, where ${run} began, is no longer on it`,
      },
      {
        next: {
          fr: `retrouver qui a réécrit ${repository.branch}, et rétablir ce commit`,
          en: `find out who rewrote ${repository.branch}, and bring this commit back`,
        },
      },
    )
  }
  const starts = counted(
    seen.size,
    ['commit de départ', 'commits de départ'],
    ['starting commit', 'starting commits'],
  )
  const runs = counted(records.runs.length, ['exécution', 'exécutions'], ['run', 'runs'])
  const all = {fr: `, tous dans ${repository.branch}`, en: `, all on ${repository.branch}`}
  return pass(words`${starts} ${{fr: 'de', en: 'of'}} ${runs}${all}`)
}

/** A commit that nobody has any more is not on main either. */
async function holds(repository: History, sha: string, main: string): Promise<boolean> {
  try {
    await repository.fetchCommit(sha)
  } catch (error) {
    if (!isRemoteAway(error)) throw error
  }
  return repository.isAncestor(sha, main).catch(() => false)
}

interface Expected {
  readonly commit: string
  /** Empty where the run recorded none. */
  readonly object: string
  readonly run: string
}

/** Moved or deleted validated tags: those of the checkpoints, and those that runs left behind. */
export async function tagsIntact(repository: History, records: RunRecords): Promise<Judgement> {
  if (!records.complete) return away
  const expected = new Map<string, Expected>()
  for (const record of records.runs) {
    const {run, load} = record
    const state = await load()
    const {started} = state
    const tag = state.tag ?? recorded(state, 'release-tag')?.tag
    const {checkpoint} = started
    // The first to name a tag saw it as it was validated.
    if (!expected.has(checkpoint.tag))
      expected.set(checkpoint.tag, {commit: checkpoint.commit, object: checkpoint.tagObject, run})
    if (tag !== undefined && !expected.has(tag))
      expected.set(tag, {commit: checkpoint.commit, object: '', run})
  }
  const refs = await tagRefs(repository)
  const wrong: string[] = []
  for (const [tag, {commit, object, run}] of expected) {
    const ref = `refs/tags/${tag}`
    const there = refs.get(ref)
    const peeled = refs.get(`${ref}^{}`) ?? there
    if (there === undefined) wrong.push(`${tag} : supprimé (${run})`)
    else if (peeled !== commit) wrong.push(`${tag} : ${commit.slice(0, 12)} → ${peeled} (${run})`)
    else if (object !== '' && there !== object) wrong.push(`${tag} : refait (${run})`)
  }
  if (wrong.length === 0) {
    return pass(
      counted(
        expected.size,
        ['tag comme les exécutions l’ont vu', 'tags comme les exécutions les ont vus'],
        ['tag as the runs saw it', 'tags as the runs saw them'],
      ),
    )
  }
  return fail(
    {
      fr: `tags validés déplacés ou supprimés : ${wrong.join(' ; ')}`,
      en: `validated tags moved or deleted: ${wrong.join('; ')}`,
    },
    {
      next: {
        fr: 'un tag validé ne bouge pas : trouver qui l’a changé, et le rétablir',
        en: 'a validated tag does not move: find out who changed it, and restore it',
      },
    },
  )
}

async function tagRefs(repository: History): Promise<ReadonlyMap<string, string>> {
  if (repository.remote !== null) return repository.remoteRefs(['refs/tags/*'])
  const refs = new Map(await repository.localRefs('refs/tags/'))
  for (const ref of [...refs.keys()]) {
    const tag = await repository.resolveTag(ref.slice('refs/tags/'.length))
    if (tag !== null) refs.set(`${ref}^{}`, tag.commit)
  }
  return refs
}

const away: Judgement = unknown(
  {
    fr: 'le dépôt distant n’a pas répondu : les exécutions ne sont pas toutes connues',
    en: 'the remote did not answer: not all runs are known',
  },
  {next: {fr: 'rétablir l’accès au dépôt distant', en: 'restore access to the remote'}},
)

const cutOff: Judgement = unknown(
  {fr: 'l’historique de ce clone est tronqué', en: 'the history of this clone is cut off'},
  {next: 'git fetch --unshallow'},
)
