// Which checkpoint a deployment came from: by the recorded run that made it, else by the number that its
// version carries, which is its commit's time.

import type {Fact} from '../../domain/facts.ts'
import {recorded} from '../../domain/recorded.ts'
import type {RunState} from '../../domain/run.ts'
import {liveOrigin, liveVersion} from '../../domain/views/live.ts'
import type {Repository} from '../git/repository.ts'
import type {RecordedRun, RunRecords} from './records.ts'

export interface DeployedCheckpoint {
  readonly tag: string | null
  readonly commit: string
}

type Deployed = Pick<Fact<'deployment'>, 'id' | 'version'>

/** Runs whose journals are read; what is live was hardly ever deployed so many releases ago. */
const lookBackMax = 20

/** null: nothing here tells. */
export async function deployedCheckpoint(
  {repository, records}: {repository: Repository; records: RunRecords},
  deployment: Deployed,
  {scenario, near}: {readonly scenario: RecordedRun['scenario']; readonly near: string},
): Promise<DeployedCheckpoint | null> {
  const runs = records.runs
    .filter((run) => run.scenario === scenario && changedWhatIsLive(run))
    .slice(-lookBackMax)
  let wanted = deployment
  for (const run of runs.reverse()) {
    const state = await run.load()
    wanted = broughtBack(state, wanted) ?? wanted
    if (state.kind === 'scenario' && recorded(state, 'deployment')?.id === wanted.id)
      return {tag: run.tag, commit: run.commit}
  }
  return byNumber(repository, wanted.version, near)
}

export const changedWhatIsLive = ({figures}: RecordedRun): boolean =>
  figures === undefined || figures.deployedAt !== null || figures.restoredAt !== null

/** What `wanted` was before, where this run made it live again: a host may give it another id then. */
function broughtBack(state: RunState, wanted: Deployed): Deployed | undefined {
  const live = liveVersion(state)
  if (live.id !== wanted.id) return undefined
  return liveOrigin(state, live) === 'own'
    ? recorded(state, 'deployment')
    : recorded(state, 'deployment-before')
}

/** The one commit in the past of `near` that was made at that second. */
async function byNumber(
  {git}: Repository,
  version: string | null,
  near: string,
): Promise<DeployedCheckpoint | null> {
  const seconds = /\+(\d{9,11})$/.exec(version ?? '')?.[1]
  if (seconds === undefined) return null
  const listed = await git.attempt([
    ...['log', '--no-show-signature', '--format=%H %ct', `--since=${Number(seconds) - 1}`],
    ...[`--until=${Number(seconds) + 1}`, near, '--'],
  ])
  const commits = listed.stdout
    .toString('utf8')
    .split('\n')
    .flatMap((line) => {
      const [commit = '', time] = line.split(' ')
      return time === seconds ? [commit] : []
    })
  const [commit] = commits
  return commit === undefined || commits.length > 1 ? null : {tag: null, commit}
}
