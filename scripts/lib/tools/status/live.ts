// What users get now in each environment, by what the runs noted: no host is asked.

import type {Environment} from '../../domain/event.ts'
import type {JsonOutput} from '../../domain/json-outputs.ts'
import {recorded} from '../../domain/recorded.ts'
import type {RunState} from '../../domain/run.ts'
import {liveOrigin, liveVersion} from '../../domain/views/live.ts'
import {changedWhatIsLive} from '../../store/records/deployed-checkpoint.ts'
import type {RecordedRun, RunRecords} from '../../store/records/records.ts'

export type LiveNow = JsonOutput<'status'>['live']

interface Known {
  readonly records: RunRecords
  /** The open run; null where none is. */
  readonly open: RunState | null
  /** Journals that were read already. */
  readonly read: (run: RecordedRun) => Promise<RunState>
}

/** What the open run noted counts first, then what the last one left. A run that ended before it looked
 * says nothing of what is live: one before it does. */
export async function liveNow(known: Known): Promise<LiveNow> {
  const [staging, production] = await Promise.all([
    liveOn('staging', known),
    liveOn('production', known),
  ])
  return {staging, production}
}

const lookBackMax = 5

async function liveOn(
  environment: Environment,
  {records, open, read}: Known,
): Promise<LiveNow[Environment]> {
  const own = records.runs.filter(({scenario}) => scenario === environment)
  const last = own.slice(-lookBackMax).reverse()
  // However many runs were refused since, what is live was put there by one.
  const changed = own.findLast(changedWhatIsLive)
  const states = [
    ...(open?.scenario === environment ? [async () => open] : []),
    ...[...last, ...(changed === undefined || last.includes(changed) ? [] : [changed])].map(
      (run) => () => read(run),
    ),
  ]
  for (const load of states) {
    const state = await load()
    const live = leftBy(state)
    if (live !== null) return {...live, run: state.run}
  }
  return null
}

/** null: it ended, or waits, without having looked. */
function leftBy(state: RunState): Omit<NonNullable<LiveNow[Environment]>, 'run'> | null {
  const live = liveVersion(state)
  // What a rehearsal restored in the end is its own checkpoint.
  if (live.status === 'previous' && liveOrigin(state, live) === 'own')
    return {...live, status: 'new', tag: state.checkpoint.tag}
  if (live.status !== 'unchanged' || live.id !== null) return live
  const found = recorded(state, 'changes')?.live
  if (found === null) return {...live, status: 'none'}
  // Without an id it was taken from the records, which are read here as well.
  if (found === undefined || found.id === null) return null
  const {id, version, at, tag} = found
  return {status: 'unchanged', id, version, url: null, since: at, tag}
}
