// A step at its place in a run: the item that names it, what it may run, and how often it may fail.

import type {Mode} from '../../documents/headings.ts'
import type {Event} from '../../domain/event.ts'
import type {StepState} from '../../domain/run.ts'
import type {StepNature} from '../../domain/step-nature.ts'
import type {Text} from '../../domain/text.ts'
import type {Step} from '../../kit/definition.ts'
import type {PolicyItem} from '../../policy/runbook.ts'
import type {OpenContext} from '../context-of.ts'
import {openPhaseContext, type PhaseContextOptions, type Running} from '../running.ts'

export interface StepPlace {
  readonly phase: string
  readonly mode: Mode
  readonly item: PolicyItem
  /** Of the step, as its definition says. */
  readonly nature: StepNature
  readonly fences: PhaseContextOptions['fences']
  /** From the runbook's abort criteria; 1 where they say nothing. */
  readonly attemptsMax: number
  /** A rollback goes on where the remote is away. */
  readonly undoing: boolean
  /** Judges the items of the phase that fell due meanwhile; why one was refused. */
  readonly due?: () => Promise<Text | null>
}

export type Acting = Extract<Step, {act: unknown}>

/** What the journal knows of it; undefined where it never began. */
export const knownStep = ({run}: Running, {id}: Step, {phase}: StepPlace): StepState | undefined =>
  run.state().steps.get(`${phase}/${id}`)

/** An effect that may have happened: intended, or looked for and not found out. It is never just done again. */
export const isOpen = (known: StepState | undefined): boolean =>
  known?.status === 'intended' || (known?.verdict === 'unknown' && known.untouched !== true)

/** The attempts that failed, oldest first. */
export const failedAttempts = ({run}: Running, {phase}: StepPlace, step: Step) =>
  run
    .state()
    .events.filter(
      (event): event is Extract<Event, {type: 'step-finished'}> =>
        event.type === 'step-finished' &&
        event.phase === phase &&
        event.step === step.id &&
        event.verdict === 'fail',
    )

/** Counted from 1. */
export const nextAttempt = (running: Running, place: StepPlace, step: Step): number =>
  failedAttempts(running, place, step).length + 1

export function openStepContext(
  running: Running,
  step: Step,
  place: StepPlace,
): Promise<OpenContext> {
  return openPhaseContext(running, {
    mode: place.mode,
    fences: place.fences,
    step: () => step.id,
    attempt: nextAttempt(running, place, step),
    timeLimitMs: place.item.timeLimitMs,
    ...(place.due && {due: place.due}),
  })
}
