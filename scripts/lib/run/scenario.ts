// A scenario's command, from its start to its exit code: start or resume, go on, undo, finish.

import {inLang, type Text} from '../domain/text.ts'
import {proveSigning} from '../store/git/signing.ts'
import {lockProject} from '../store/lease/project-lock.ts'
import {approvalScopeOf} from './asking/approval.ts'
import {recordChanges} from './changes.ts'
import {conclude} from './ending/conclude.ts'
import {drill, inheritDeployment} from './ending/drill.ts'
import {interruptible} from './ending/interruption.ts'
import {leaveFreeze} from './ending/leave-freeze.ts'
import {announce} from './ending/notify.ts'
import {rollBack} from './ending/roll-back.ts'
import {stop} from './ending/stop.ts'
import {hearIncidents} from './judging/declared-incidents.ts'
import {judgePrerequisites} from './judging/prerequisites.ts'
import {openRunHere} from './opening/live-file.ts'
import {openRunning} from './opening/open-running.ts'
import {runPhases, settleDeployment} from './runner.ts'
import {interruptedByOperator, type Running} from './running.ts'
import {isInteractive, type Session} from './session.ts'
import {mayBeLive} from './stepping/machine-bound.ts'
import {compareRefsState} from './stepping/refs-state.ts'
import {openViolation} from './stepping/run-incident.ts'

/** Runs the scenario as the arguments say. Answers its exit code (domain/problem.ts). */
export async function runScenario(session: Session, only?: string): Promise<number> {
  const lock = await lockProject(session)
  const interruption = interruptible(session)
  try {
    await mayCommit(session)
    const running = await openRunning(session, interruption)
    try {
      // What was waited for is waited for no more, or is known here alone: others see it at once.
      if (running.run.state().effects) running.lease.syncSoon(running.run.journal.text)
      return await goOn(running, only)
    } finally {
      await running.lease.flush()
    }
  } finally {
    interruption.stop()
    await lock.release()
  }
}

/** Before anything is changed: documents that could not be committed at the end. Undoing is never locked. */
async function mayCommit(session: Session): Promise<void> {
  const {args, world} = session
  const undoing =
    args.abort !== undefined || (args.rollback !== undefined && args.rollback !== 'drill')
  if (undoing || args.takeOver !== undefined || openRunHere(session)?.effects) return
  await proveSigning(world.repository, world.clock.now())
}

/** Goes on where the journal ends, in the order: decided, undoing, asked to undo, forward. */
async function goOn(running: Running, only: string | undefined): Promise<number> {
  const {session, run} = running
  const {args} = session
  const state = run.state()
  if (state.decided !== null) return conclude(running, state.decided.result, state.decided.why)
  if (state.kind === 'drill') return rehearse(running)
  if (state.kind === 'exit') return leaveFreeze(running)
  if (state.rollback !== null)
    return goBack(running, {kind: state.rollback.kind, why: state.rollback.why})
  if (args.rollback !== undefined || state.kind === 'rollback') {
    if (state.kind === 'rollback') await inheritDeployment(running)
    return goBack(running, {kind: 'request', why: args.rollback ?? state.started.reason ?? ''})
  }
  if (args.abort !== undefined) return giveUp(running, args.abort)
  // What fired is undone first, whatever the prerequisites say by now.
  const [fired] = state.triggers
  const why = fired?.observed ?? openViolation(state)
  if (why !== null) return giveUp(running, why)
  return forward(running, only)
}

async function forward(running: Running, only: string | undefined): Promise<number> {
  const {session, run} = running
  const settled = run.state().effects
  if (!isInteractive(session.args)) await session.standIns?.beforeRun(approvalScopeOf(session))
  // How main and the tags stand from here on; the prerequisites judge where the checkpoint's own is.
  const {violation} = await compareRefsState(running, {own: settled})
  if (violation !== null) return giveUp(running, violation)
  const known = await settleDeployment(running)
  if (running.signal.aborted) return stop(running, interruptedByOperator)
  if (known.type === 'failed') return giveUp(running, known.why)
  if (known.type !== 'passed') return stop(running, known)
  await hearIncidents(running)
  session.terminal.heading({fr: 'Pré-requis', en: 'Prerequisites'})
  const ready = await judgePrerequisites(running, session.runbook.prerequisites)
  if (running.signal.aborted) return stop(running, interruptedByOperator)
  if ((ready.type === 'waiting' || ready.type === 'blocked') && !deployed(running))
    return stop(running, ready)
  if (!deployed(running)) await recordChanges(running)
  if (!settled) running.lease.syncSoon(run.journal.text)
  await announce(running, 'start')
  const end = await runPhases(running, only)
  if (running.signal.aborted) return stop(running, interruptedByOperator)
  switch (end.type) {
    case 'passed':
      return only === undefined
        ? conclude(running, 'succeeded', {
            fr: 'tous les critères de succès tiennent',
            en: 'every success criterion holds',
          })
        : phaseDone(running)
    case 'failed':
      return giveUp(running, end.why)
    case 'waiting':
    case 'blocked':
      return stop(running, end)
    default:
      return end satisfies never
  }
}

// After a deployment a prerequisite that no longer holds does not keep the validation from finishing.
const deployed = ({run}: Running) => mayBeLive(run.state())

async function phaseDone(running: Running): Promise<number> {
  // The next phase may run on another machine, and this one may be gone by then.
  const sent = await running.lease.sync(running.run.journal.text())
  if (sent !== 'synced') throw sent
  running.session.terminal.say({
    fr: 'Phase terminée ; la même commande du scénario continue.',
    en: 'Phase finished; the scenario’s command goes on.',
  })
  return 0
}

/** Before a deployment: aborted. After one: back to the previous version. */
async function giveUp(running: Running, why: Text): Promise<number> {
  const {run} = running
  if (run.state().deploymentAttempted)
    return goBack(running, {
      kind: running.session.args.abort === undefined ? 'trigger' : 'request',
      why,
    })
  return conclude(running, 'aborted', why)
}

async function goBack(
  running: Running,
  how: {kind: 'trigger' | 'request' | 'drill'; why: Text},
): Promise<number> {
  // Whoever takes this run over goes back too, and does not go on.
  running.lease.syncSoon(running.run.journal.text)
  if (how.kind === 'trigger') await announce(running, 'trigger', {text: inLang(how.why, 'fr')})
  const undone = await rollBack(running, how)
  if (undone.result === 'interrupted') return stop(running, interruptedByOperator)
  await announce(running, 'rollback', {text: inLang(undone.observed, 'fr')})
  return conclude(
    running,
    undone.result === 'verified' ? 'rolled-back' : 'rollback-failed',
    how.why,
  )
}

async function rehearse(running: Running): Promise<number> {
  const {passed, why} = await drill(running)
  if (running.signal.aborted && !passed) return stop(running, interruptedByOperator)
  return conclude(running, passed ? 'drill-passed' : 'drill-failed', why)
}
