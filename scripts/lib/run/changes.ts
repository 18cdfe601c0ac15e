// What the checkpoint brings since the version that is live: plan, confirmation and report tell it, and
// lead time is measured from it.

import {changelogNews} from '../domain/changelog-news.ts'
import {type CommitKind, commitKinds} from '../domain/commit-subject.ts'
import {type Fact, factRecorded} from '../domain/facts.ts'
import {recorded} from '../domain/recorded.ts'
import type {Context} from '../kit/context.ts'
import {forgeOf, issuePage} from '../store/git/issue-page.ts'
import {commitsGone, type ReleaseCommit, releaseCommits} from '../store/git/release-commits.ts'
import {deployedCheckpoint} from '../store/records/deployed-checkpoint.ts'
import {recordsOf} from './context-of.ts'
import {webRepository} from './merge-request.ts'
import {openPhaseContext, type Running} from './running.ts'
import type {Session} from './session.ts'

const listedMax = 100
const entriesMax = 100
const authorsMax = 20

type Changes = Fact<'changes'>
type Live = Changes['live']

/** Journals the fact `changes` once, before anything is changed: what is live is asked of the host. */
export async function recordChanges(running: Running): Promise<void> {
  const {session, run} = running
  if (run.state().facts.has('changes')) return
  const opened = await openPhaseContext(running, {
    ...{mode: 'READ-ONLY', fences: [], attempt: 1},
    step: () => 'changes',
  })
  try {
    keep(running, await readChanges(session, await liveNow(opened.context)))
  } finally {
    await opened.close()
  }
}

/** The same at the end of a run that never came so far: by what it noted before it changed anything. */
export async function recordKnownChanges(running: Running): Promise<void> {
  const {session, run} = running
  if (run.state().facts.has('changes')) return
  keep(running, await readChanges(session, recorded(run.state(), 'deployment-before')))
}

function keep({run}: Running, changes: Changes | null): void {
  if (changes !== null) run.append(factRecorded('changes', changes))
}

/** Of a plan. */
export const changesNow = async (session: Session, context: Context): Promise<Changes | null> =>
  readChanges(session, await liveNow(context))

/** null: nothing is live; undefined: nobody can say, or nothing is concerned. */
async function liveNow({environment, adapters}: Context): Promise<Deployed> {
  if (environment === null) return undefined
  try {
    return await (await adapters.hosting()).live()
  } catch {
    // A host that does not answer is judged where its answer counts.
    return undefined
  }
}

type Deployed = Fact<'deployment'> | null | undefined

/** null where history cannot be read (a shallow clone): it holds nothing back. */
async function readChanges(session: Session, deployed: Deployed): Promise<Changes | null> {
  try {
    const live = await liveOf(session, deployed)
    const committedAt = await commitTime(session)
    const since = live?.tag ?? live?.version ?? live?.id ?? null
    const base = {committedAt, since, commits: [], ...(live !== undefined && {live})}
    return live?.commit == null ? base : {...base, ...(await broughtSince(session, live.commit))}
  } catch {
    return null
  }
}

async function commitTime({world, checkpoint}: Session): Promise<string | null> {
  const {git} = world.repository
  const time = await git.text(['show', '--no-patch', '--format=%cI', checkpoint.commit])
  return time.trim() === '' ? null : new Date(time.trim()).toISOString()
}

/** Of the host where it answers, else of the last recorded success. */
async function liveOf(session: Session, deployed: Deployed): Promise<Live> {
  const {world, checkpoint, scenario} = session
  if (deployed === null) return null
  const records = await recordsOf(session)
  if (deployed === undefined) {
    const before = records.runs.findLast(
      (each) =>
        each.scenario === scenario &&
        each.result === 'succeeded' &&
        each.commit !== checkpoint.commit,
    )
    if (before === undefined) return undefined
    const {tag, commit, endedAt} = before
    return {id: null, version: null, tag, commit, at: endedAt}
  }
  const found = await deployedCheckpoint({repository: world.repository, records}, deployed, {
    ...{scenario, near: checkpoint.commit},
  })
  const {id, version, at} = deployed
  return {id, version, at, tag: found?.tag ?? null, commit: found?.commit ?? null}
}

async function broughtSince(session: Session, from: string) {
  const {world, checkpoint} = session
  const {repository} = world
  const range = {from, to: checkpoint.commit}
  const {commits, total} = await releaseCommits(repository, range)
  const [before, after] = await Promise.all(
    [from, checkpoint.commit].map((commit) => repository.showFile(commit, 'CHANGELOG.md')),
  )
  const listed = commits.slice(0, listedMax)
  const linked = await issueLinks(session)
  return {
    total,
    gone: await commitsGone(repository, range),
    kinds: countedBy(commits),
    authors: authorsOf(commits),
    changelog: changelogNews(before ?? '', after ?? '', entriesMax),
    commits: listed.map(({sha, subject, kind, authors, issues}) => ({
      ...{sha, subject, kind, authors: [...authors]},
      issues: issues.map((text) => ({text, link: linked(text)})),
    })),
  }
}

async function issueLinks(session: Session): Promise<(reference: string) => string | null> {
  const repository = await webRepository(session)
  if (repository === null) return () => null
  const forge = forgeOf(repository, session.project.ci?.adapter)
  return (reference) => issuePage({repository, forge}, reference)
}

function countedBy(commits: readonly ReleaseCommit[]): Partial<Record<CommitKind, number>> {
  const count = (kind: CommitKind) => commits.filter((each) => each.kind === kind).length
  return Object.fromEntries(
    commitKinds.map((kind) => [kind, count(kind)]).filter(([, number]) => number !== 0),
  )
}

/** Who brought most comes first. */
function authorsOf(commits: readonly ReleaseCommit[]): {name: string; commits: number}[] {
  const found = new Map<string, number>()
  for (const name of commits.flatMap(({authors}) => authors))
    found.set(name, (found.get(name) ?? 0) + 1)
  return [...found]
    .map(([name, count]) => ({name, commits: count}))
    .sort((a, b) => b.commits - a.commits)
    .slice(0, authorsMax)
}
