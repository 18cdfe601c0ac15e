// The finished runs of a project, from the remote's own refs: what later checks (48 h on STAGING, a
// tested rollback, an active freeze) rest on. One small summary per run; a journal is read on demand.

import type {RunKind, RunResult, Scenario} from '../../domain/event.ts'
import type {RunState} from '../../domain/run.ts'
import {isRemoteAway} from '../git/remote-problem.ts'
import type {Repository} from '../git/repository.ts'
import type {RunFigures} from './figures.ts'
import {readSummaries, type Summary} from './summary.ts'

export interface RecordedRun {
  readonly run: string
  readonly scenario: Scenario
  readonly kind: RunKind
  /** null: the record ends before a decision. */
  readonly result: RunResult | null
  /** ISO 8601, UTC. */
  readonly startedAt: string
  readonly endedAt: string | null
  /** The run's checkpoint. */
  readonly commit: string
  readonly tag: string
  /** Moments for the history; absent where only the result is known. */
  readonly figures?: RunFigures
  /** The ref or the path that the record was read from. */
  readonly source: string
  readonly load: () => Promise<RunState>
}

export interface RunRecords {
  /** Oldest first. */
  readonly runs: readonly RecordedRun[]
  /** False: the remote was away, and this is only what is known here. */
  readonly complete: boolean
}

const prefix = 'refs/postgate/runs/'

interface Record {
  readonly source: string
  /** Id of the journal's blob, or of a commit that holds one. */
  readonly object: string
}

/**
 * All records: the remote's refs, and beside them the journals of `docs/runs/` on main for runs whose
 * ref is missing. With the remote away, what is known here, and `complete: false`.
 * `cache`: `World.cache`; summaries are kept there by object id, so that thousands stay cheap. Not `write`: only read.
 */
export async function readRecords(
  repository: Repository,
  {cache, write = true}: {readonly cache: string; readonly write?: boolean},
): Promise<RunRecords> {
  const {records, complete} = await recordsOf(repository)
  const summaries = await readSummaries(
    repository,
    {cache, write},
    [...records.values()].map(({object}) => object),
  )
  const runs = [...records.values()].flatMap(({source, object}) => {
    const summary = summaries.get(object)
    return summary === undefined
      ? []
      : [{...summary, source, load: loader(repository, object, source)}]
  })
  const order = (a: Summary, b: Summary) =>
    a.startedAt.localeCompare(b.startedAt) || a.run.localeCompare(b.run)
  return {runs: runs.sort(order), complete}
}

async function recordsOf(repository: Repository) {
  const records = new Map<string, Record>()
  const add = (refs: ReadonlyMap<string, string>) => {
    for (const [ref, object] of refs) {
      if (ref.startsWith(prefix)) records.set(ref.slice(prefix.length), {source: ref, object})
    }
  }
  let complete = true
  let main: string | null = null
  try {
    if (repository.remote !== null) {
      const branch = `refs/heads/${repository.branch}`
      const refs = await repository.remoteRefs([`${prefix}*`, branch])
      add(refs)
      main = refs.get(branch) ?? null
      await repository.fetchObjects([...refs.values()])
    }
  } catch (error) {
    if (!isRemoteAway(error)) throw error
    complete = false
    main = await repository.resolveCommit(`refs/remotes/${repository.remote}/${repository.branch}`)
  }
  if (repository.remote === null || !complete) {
    add(await repository.localRefs(prefix))
    main ??= await repository.resolveCommit(`refs/heads/${repository.branch}`)
  }
  if (main !== null) await addDocuments(repository, main, records)
  return {records, complete}
}

async function addDocuments(repository: Repository, main: string, records: Map<string, Record>) {
  const listed = await repository.git.attempt(['ls-tree', '-r', '-z', main, '--', 'docs/runs/'])
  for (const line of listed.stdout.toString('utf8').split('\0')) {
    const match = /^\d+ blob ([0-9a-f]+)\t(docs\/runs\/([^/]+)\/journal\.jsonl)$/.exec(line)
    const [, object, source, run] = match ?? []
    if (object && source && run && !records.has(run)) records.set(run, {source, object})
  }
}

function loader(repository: Repository, object: string, source: string): () => Promise<RunState> {
  let state: RunState | undefined
  return async () => {
    if (state === undefined) {
      const {parseJournal} = await import('../journal.ts')
      const {fold} = await import('../../domain/fold.ts')
      const text = await journalOf(repository, object)
      state = fold(parseJournal(text, source))
    }
    return state
  }
}

async function journalOf({git}: Repository, object: string): Promise<string> {
  const kind = await git.text(['cat-file', '-t', object])
  const name = kind === 'blob' ? object : `${object}:journal.jsonl`
  const read = await git.attempt(['cat-file', 'blob', name])
  return read.exitCode === 0 ? read.stdout.toString('utf8') : ''
}

/** The freeze that holds now, the newest that succeeded and was not left again; or null. */
export function activeFreeze({runs}: RunRecords): RecordedRun | null {
  let active: RecordedRun | null = null
  for (const run of runs) {
    if (run.scenario !== 'freeze') continue
    if (run.result === 'exited') active = null
    else if (run.result === 'succeeded') active = run.kind === 'exit' ? null : run
  }
  return active
}
