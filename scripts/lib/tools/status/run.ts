// How far one open run is: its phases, its last step, and what keeps it from going on.

import type {JsonOutput} from '../../domain/json-outputs.ts'
import {lastRunner} from '../../domain/last-runner.ts'
import {Problem} from '../../domain/problem.ts'
import {recorded} from '../../domain/recorded.ts'
import type {RunState, StepState} from '../../domain/run.ts'
import type {Text} from '../../domain/text.ts'
import type {Workspace} from '../../run/session.ts'
import type {LockHolder} from '../../store/lease/local-lock.ts'

export type PhaseLine = OpenRun['phases'][number]

export type OpenRun = NonNullable<JsonOutput<'status'>['run']>

export async function openRun(
  workspace: Workspace,
  state: RunState,
  where: OpenRun['where'],
  busy: LockHolder | null,
): Promise<OpenRun> {
  const {run, scenario, kind, started, checkpoint, pause, rollback, decided, effects} = state
  return {
    ...{run, scenario, kind, where, effects},
    ...lastRunner(state),
    startedAt: started.at,
    lastEventAt: state.events.at(-1)?.at ?? started.at,
    tag: checkpoint.tag,
    commit: checkpoint.commit,
    working: busy === null ? null : {pid: busy.pid, since: busy.since},
    phases: await phasesOf(workspace, state),
    lastStep: lastStep(state),
    waitingFor: pause?.waitingFor ?? openQuestion(state),
    earliest: pause?.earliest ?? null,
    open: openItems(state),
    rollback: rollback === null ? null : {...pick(rollback), finished: rollback.finished !== null},
    decided: decided === null ? null : {result: decided.result, why: decided.why},
  }
}

/** What is asked at a terminal right now: nothing was journalled behind the question. */
function openQuestion(state: RunState): Text[] {
  const last = state.events.findLast(({type}) => type !== 'notified')
  if (last?.type !== 'fact-recorded' || last.name !== 'question') return []
  const question = recorded(state, 'question')
  if (question === undefined) return []
  const {title, roles} = question
  return [roles.length === 0 ? title : `${title} (${roles.join(', ')})`]
}

const pick = ({why, startedAt}: {why: Text; startedAt: string}) => ({why, startedAt})

/** The runbook's phases, with what the journal says of each. */
async function phasesOf({policy}: Workspace, state: RunState): Promise<PhaseLine[]> {
  const begun = state.phases.map(({title, mode, finishedAt}) => ({
    ...{title, mode, number: null},
    status: finishedAt === null ? ('begun' as const) : ('passed' as const),
  }))
  const written = await policy.runbook(state.scenario).catch((error: unknown) => {
    if (error instanceof Problem) return null
    throw error
  })
  if (written === null || state.kind !== 'scenario') return begun
  const known = new Map(begun.map((each) => [each.title, each]))
  return written.phases.map(({number, title, mode}) => ({
    ...{number, title},
    mode: known.get(title)?.mode ?? mode,
    status: known.get(title)?.status ?? 'to-come',
  }))
}

function lastStep({steps}: RunState): OpenRun['lastStep'] {
  let last: StepState | null = null
  for (const step of steps.values()) {
    if (last === null || momentOf(step) >= momentOf(last)) last = step
  }
  if (last === null) return null
  const {phase, step, status, attempt, verdict, observed} = last
  return {phase, step, status, attempt, verdict, observed, at: momentOf(last)}
}

const momentOf = ({startedAt, finishedAt}: StepState) => finishedAt ?? startedAt

/** A trigger that has not fired is no open item. */
function openItems({items}: RunState): OpenRun['open'][number][] {
  return [...items.values()].flatMap(({item, title, verdict, observed, next}) =>
    (verdict === 'fail' || verdict === 'unknown') && !item.startsWith('abort/')
      ? [{title, verdict, observed, next: next ?? null}]
      : [],
  )
}
