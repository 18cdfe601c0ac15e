// Audits the recorded runs of a project, from its repository alone: no service, lease, cache or lock.

import {readdir} from 'node:fs/promises'
import {join} from 'node:path'
import {inParallel} from '../../base/parallel.ts'
import type {JsonOutput} from '../../domain/json-outputs.ts'
import {problem} from '../../domain/problem.ts'
import type {Repository} from '../../store/git/repository.ts'
import {type AnchoredHistory, readAnchoredHistory} from './history.ts'
import {createPast} from './past.ts'
import {type AuditTools, auditRun} from './run.ts'

export type Audit = Omit<JsonOutput<'audit'>, 'differences'>

const atATime = 48

/** All runs, or the one that `wanted` names. Throws a `Problem` (2) where there is no such run. */
export async function audit(tools: AuditTools, wanted?: string): Promise<Audit> {
  const {repository} = tools
  const history = await readAnchoredHistory(repository)
  const known = await knownRuns(repository, history)
  const past = createPast(repository, history)
  // Several at a time, so that what they ask of git is asked together.
  const runs = await inParallel(
    wanted === undefined ? known : [named(known, wanted)],
    atATime,
    (run) => auditRun(tools, {history, past}, run),
  )
  return {runs, remote: repository.remote === null || history.remoteTags !== null}
}

/** A run that anything speaks of is audited: that its documents are gone is a difference too. */
async function knownRuns(repository: Repository, history: AnchoredHistory): Promise<string[]> {
  const {commits, tags, records, main} = history
  const folder = join(repository.root, 'docs/runs')
  const entries = await readdir(folder, {withFileTypes: true}).catch(() => [])
  const onMain = main === null ? [] : await repository.listFiles(main, 'docs/runs')
  const found = new Set<string>([
    ...entries.filter((entry) => entry.isDirectory()).map(({name}) => name),
    ...onMain.map((path) => path.split('/')[2] ?? ''),
    ...[...commits, ...tags].map(({run}) => run),
    ...records.keys(),
  ])
  return [...found].filter((run) => /^[\w.-]+$/.test(run)).sort()
}

/** By its whole id, the path of its folder, or a part that only one has. */
function named(known: readonly string[], wanted: string): string {
  const word = wanted.replace(/\/(journal\.jsonl)?$/, '').replace(/^.*\//, '')
  const fitting = known.includes(word) ? [word] : known.filter((run) => run.includes(word))
  const [run, other] = fitting
  if (run !== undefined && other === undefined) return run
  throw problem({
    what:
      run === undefined
        ? {fr: `Aucune exécution ${wanted}.`, en: `There is no run ${wanted}.`}
        : {fr: `Plusieurs exécutions : ${wanted}.`, en: `Several runs: ${wanted}.`},
    why: (run === undefined ? known : fitting).slice(-10).join('\n'),
    next: {fr: 'en nommer une', en: 'name one of them'},
    exit: 2,
  })
}
