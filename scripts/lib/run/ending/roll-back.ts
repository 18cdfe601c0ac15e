// Going back to the previous version: a journalled phase like any other. It needs no gate, no nightly,
// no approval and no typed name; only a machine that knows it lost the lease may not.

import type {RunState} from '../../domain/run.ts'
import {inLang, type Text} from '../../domain/text.ts'
import type {Running} from '../running.ts'
import {runStep} from '../stepping/step.ts'
import {announce} from './notify.ts'

type Finished = 'verified' | 'unverified' | 'failed' | 'nothing-to-do'
export type RollbackResult = Finished | 'interrupted'

export interface RollbackRequest {
  readonly kind: 'trigger' | 'request' | 'drill'
  readonly why: Text
}

/** Runs what is left of the rollback procedure; judged by the bytes served, never by an exit code. */
export async function rollBack(
  running: Running,
  {kind, why}: RollbackRequest,
): Promise<{result: RollbackResult; observed: Text}> {
  const {session, run} = running
  const {rollback} = session
  const known = run.state().rollback
  if (known?.finished) return known.finished
  if (known === null) run.append({type: 'rollback-started', kind, why})
  session.terminal.heading({
    fr: `Procédure de rollback : ${inLang(why, 'fr')}`,
    en: `Rollback: ${inLang(why, 'en')}`,
  })
  if (rollback === null)
    return ended(running, 'nothing-to-do', {
      fr: 'ce scénario ne déploie rien',
      en: 'this scenario deploys nothing',
    })
  const problems: Text[] = []
  for (const item of session.runbook.rollback.items) {
    const step = rollback.steps.find(({id}) => item.kind === 'step' && id === item.name)
    if (step === undefined) continue
    // Cut off: nothing is judged by half a procedure; the same command goes on with it.
    if (running.signal.aborted) break
    session.terminal.doing(item.title)
    const end = await runStep(running, step, {
      phase: 'rollback',
      mode: 'EXECUTIVE',
      item,
      nature: step.nature ?? {},
      fences: session.runbook.rollback.fences,
      attemptsMax: 2,
      undoing: true,
    })
    // What users get again is told at once, and not after the questions that follow.
    const proof = proofOf(run.state(), 'previous')
    if (kind !== 'drill' && proof?.verdict === 'pass')
      await announce(running, 'rollback', {text: inLang(proof.observed, 'fr')})
    if (end.type === 'failed') problems.push(end.why)
    if (end.type === 'blocked') problems.push(...end.reasons)
    // A person's answer (PROD's data, say) never holds the version back: it is owed, and the procedure goes on.
    if (end.type === 'waiting') problems.push(...end.reasons)
  }
  if (running.signal.aborted) return {result: 'interrupted', observed: ''}
  const verified = proofOf(run.state(), 'previous')
  const observed = verified?.observed ??
    problems[0] ?? {fr: 'rien n’a été vérifié', en: 'nothing was verified'}
  if (verified?.verdict === 'pass') return ended(running, 'verified', observed)
  return ended(
    running,
    verified?.verdict === 'fail' ? 'failed' : 'unverified',
    problems[0] ?? observed,
  )
}

/** The last step that proves which version is served. */
export const proofOf = ({steps}: RunState, version: 'previous' | 'checkpoint') =>
  [...steps.values()].findLast(({nature}) => nature.proves === version)

function ended(
  {run}: Running,
  result: Finished,
  observed: Text,
): {result: Finished; observed: Text} {
  run.append({type: 'rollback-finished', result, observed})
  return {result, observed}
}
