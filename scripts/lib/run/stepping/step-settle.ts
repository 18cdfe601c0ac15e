// An effect that was intended and has no outcome: what it left behind is ended, then the world is asked.

import {inLang, type Text} from '../../domain/text.ts'
import {fail} from '../../domain/verdict.ts'
import {endGroup} from '../../guard/process/group.ts'
import type {Context} from '../../kit/context.ts'
import {answerOf} from '../judging/judge.ts'
import {type End, passed, type Running} from '../running.ts'
import {effectName, refsViolation} from './refs-state.ts'
import {askPerson} from './step-ask.ts'
import {finishStep, finishUntouched, timed} from './step-outcome.ts'
import {type Acting, isOpen, knownStep, openStepContext, type StepPlace} from './step-place.ts'

/** Asks the world about an effect that was intended and has no outcome. null: none is open, or it had no effect. */
export async function settleOpen(
  running: Running,
  step: Acting,
  place: StepPlace,
): Promise<End | null> {
  if (!isOpen(knownStep(running, step, place))) return null
  const opened = await openStepContext(running, step, place)
  try {
    return await settleEffect(running, step, place, opened.context)
  } finally {
    await opened.close()
  }
}

/** Asks the world what became of an effect whose outcome was never written. null: no effect; go on. */
export async function settleEffect(
  running: Running,
  step: Acting,
  place: StepPlace,
  context: Context,
): Promise<End | null> {
  const known = knownStep(running, step, place)
  for (const child of known?.children ?? []) {
    if (child.ended) continue
    running.session.terminal.progress({
      fr: `fin de la commande interrompue (${child.pid})`,
      en: `ending the interrupted command (${child.pid})`,
    })
    await endGroup({pid: child.pid, birth: child.birth})
  }
  const {judgement, durationMs} = await timed(context, () =>
    answerOf(() => step.done(context, place.item.parameters, null)),
  )
  const attempt = known?.attempt ?? 1
  const before = running.guard.interrupted(effectName(running, place, step, attempt))
  const violation = before === null ? null : await refsViolation(running, before)
  if (violation !== null) {
    finishStep(running, place, {judgement: fail(violation), durationMs, attempt})
    return {type: 'failed', why: violation}
  }
  if (judgement.verdict === 'pass') {
    finishStep(running, place, {judgement, durationMs, attempt})
    return passed
  }
  if (judgement.verdict === 'unknown')
    return askPerson(running, place, context, {
      ...judgement,
      attestable: judgement.attestable ?? {},
    })
  const observed: Text = {
    fr: `interrompu ; sans effet (${inLang(judgement.observed, 'fr')})`,
    en: `interrupted; without effect (${inLang(judgement.observed, 'en')})`,
  }
  finishUntouched(running, place, {attempt, observed, durationMs})
  return null
}
