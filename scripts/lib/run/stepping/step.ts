// Runs one step at its place: a `read` asks the world, an `ask` a person, an `act` changes something.

import type {StepState} from '../../domain/run.ts'
import type {Context} from '../../kit/context.ts'
import type {Step} from '../../kit/definition.ts'
import {answerOf} from '../judging/judge.ts'
import {isAnswered} from '../judging/judge-items.ts'
import {type End, interruptedByOperator, passed, type Running} from '../running.ts'
import {mustRedo} from './machine-bound.ts'
import {runActStep} from './step-act.ts'
import {askPerson} from './step-ask.ts'
import {finishStep, stepEnd, type Timed, timed} from './step-outcome.ts'
import {knownStep, nextAttempt, openStepContext, type StepPlace} from './step-place.ts'

export async function runStep(running: Running, step: Step, place: StepPlace): Promise<End> {
  const {run} = running
  const known = knownStep(running, step, place)
  if (
    known?.status === 'finished' &&
    known.verdict === 'pass' &&
    !mustRedo(run.state(), place.phase, step)
  ) {
    stampLeftOut(running, place, known)
    return passed
  }
  const opened = await openStepContext(running, step, place)
  try {
    const {context} = opened
    if (step.when !== undefined && !(await step.when(context))) {
      run.judged(
        place.item,
        {verdict: 'not-applicable', observed: {fr: 'sans objet ici', en: 'not needed here'}},
        null,
      )
      return passed
    }
    const parameters = place.item.parameters
    if ('read' in step) {
      const answer = await timed(context, () => answerOf(() => step.read(context, parameters)))
      const end = await finishRead(running, step, place, answer, context)
      // Where the remote is away the run goes on: what was seen is kept here, and sent with what follows.
      if (step.momentary) await running.lease.sync(running.run.journal.text())
      return end
    }
    if ('ask' in step) return await askPerson(running, place, context)
    return await runActStep(running, step, place, context)
  } finally {
    await opened.close()
  }
}

/** A process that died between a step's outcome and its item's: the item has the same one. */
function stampLeftOut(running: Running, {item}: StepPlace, known: StepState): void {
  if (isAnswered(running, item)) return
  const {observed, evidence} = known
  running.run.judged(item, {verdict: 'pass', observed, evidence}, null)
}

async function finishRead(
  running: Running,
  step: Step,
  place: StepPlace,
  {judgement, durationMs}: Timed,
  context: Context,
): Promise<End> {
  if (running.signal.aborted && judgement.verdict !== 'pass') return interruptedByOperator
  if (judgement.verdict === 'unknown' && judgement.attestable !== undefined) {
    return askPerson(running, place, context, judgement)
  }
  finishStep(running, place, {judgement, durationMs, attempt: nextAttempt(running, place, step)})
  return stepEnd(place.item, judgement)
}
