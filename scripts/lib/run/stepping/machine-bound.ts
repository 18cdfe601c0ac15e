// What lies on one machine only: the worktree and what was built in it. After a take-over these steps
// are done again, unless users may have what was built: from then on the bytes served are what counts.

import type {RunState} from '../../domain/run.ts'
import type {Phase, Step} from '../../kit/definition.ts'

/** True where the run came from another machine after the step was done there. */
export function mustRedo(state: RunState, phase: string, step: Step): boolean {
  if (step.machine !== true || mayBeLive(state)) return false
  const known = state.steps.get(`${phase}/${step.id}`)
  const taken = lastTakeOver(state)
  return known?.finishedAt != null && taken !== null && known.finishedAt <= taken
}

/**
 * A deployment that happened, or of which nobody knows yet. One that failed, or that the host was seen
 * to know nothing of, is none: its prerequisites hold again, and its artifact has to be here.
 */
export function mayBeLive({steps}: Pick<RunState, 'steps'>): boolean {
  return [...steps.values()].some(
    ({nature, status, verdict, untouched}) =>
      nature.deploys === true &&
      (status === 'intended' || verdict === 'pass' || (verdict === 'unknown' && !untouched)),
  )
}

/** True where the phase came to its end once, on whatever machine. */
export const hasPassed = (state: RunState, phase: Phase): boolean =>
  state.phases.find((each) => each.phase === phase.id)?.finishedAt != null

/** A finished phase stays finished unless one of its steps has to be done again here. */
export function isFinished(state: RunState, phase: Phase): boolean {
  return hasPassed(state, phase) && !phase.steps.some((step) => mustRedo(state, phase.id, step))
}

/** True where all that the phase changes has happened, on whatever machine: nothing is left to be confirmed. */
export function hasActed(state: RunState, phase: Phase): boolean {
  const acts = phase.steps.filter((step) => 'act' in step)
  return (
    acts.length > 0 &&
    acts.every(
      (step) =>
        state.steps.get(`${phase.id}/${step.id}`)?.verdict === 'pass' &&
        !mustRedo(state, phase.id, step),
    )
  )
}

/** Who takes a run over confirms an EXECUTIVE phase anew. */
export function isConfirmed(state: RunState, phase: string): boolean {
  const confirmed = state.phases.find((each) => each.phase === phase)?.confirmed
  return confirmed != null && confirmed.at >= (lastTakeOver(state) ?? '')
}

function lastTakeOver({events}: RunState): string | null {
  return events.findLast(({type}) => type === 'run-taken-over')?.at ?? null
}
