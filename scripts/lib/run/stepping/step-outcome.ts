// How a step ends: its outcome and that of the item which names it, journalled together.

import type {Text} from '../../domain/text.ts'
import {holds, type ItemJudgement, type Judgement} from '../../domain/verdict.ts'
import type {Context} from '../../kit/context.ts'
import type {PolicyItem} from '../../policy/runbook.ts'
import {titled} from '../judging/judge-items.ts'
import {recordFacts} from '../opening/live-run.ts'
import {type End, passed, type Running} from '../running.ts'
import type {StepPlace} from './step-place.ts'

export interface Timed {
  readonly judgement: Judgement
  readonly durationMs: number
}

export interface Finished extends Timed {
  readonly attempt: number
}

/** By the run's own clock: a watch that waited two hours took two hours, also where the machine slept. */
export async function timed(context: Context, question: () => Promise<Judgement>): Promise<Timed> {
  const {clock} = context.world
  const began = clock.now().getTime()
  const judgement = await question()
  return {judgement, durationMs: Math.max(0, clock.now().getTime() - began)}
}

export function finishStep(
  {run}: Running,
  {phase, item, nature}: StepPlace,
  {judgement, durationMs, attempt}: Finished,
): void {
  recordFacts(run.append, judgement)
  const {verdict, observed, evidence = []} = judgement
  const step = item.name
  run.append({
    ...{type: 'step-finished', phase, step, attempt, verdict, observed, evidence, durationMs},
    nature,
  })
  const {facts: _, ...told} = judgement
  run.judged(item, told, null)
}

/** It has no effect, for sure: it may be tried again, and its item stays as it was. */
export function finishUntouched(
  {run}: Running,
  {phase, item, nature}: StepPlace,
  {attempt, observed, durationMs}: {attempt: number; observed: Text; durationMs: number},
): void {
  run.append({
    ...{type: 'step-finished', phase, step: item.name, attempt, verdict: 'unknown', observed},
    ...{evidence: [], durationMs, untouched: true, nature},
  })
}

export function stepEnd(item: PolicyItem, {verdict, observed, earliest}: ItemJudgement): End {
  const why = titled(item, observed)
  if (holds(verdict)) return passed
  if (verdict === 'fail') return {type: 'failed', why}
  return earliest === undefined
    ? {type: 'blocked', reasons: [why]}
    : {type: 'waiting', reasons: [why], earliest}
}
