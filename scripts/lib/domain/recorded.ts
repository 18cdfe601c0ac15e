// What a run's journal recorded, read back: facts through their schema, since a journal may come from
// another version.

import {type Fact, type FactName, readFact} from './facts.ts'
import type {RunState} from './run.ts'

/** The last recorded value of a fact; undefined where there is none, or none that can be read. */
export const recorded = <N extends FactName>(
  {facts}: Pick<RunState, 'facts'>,
  name: N,
): Fact<N> | undefined => readFact(name, facts.get(name)?.value)

/** When a fact was last recorded. */
export const recordedAt = (state: RunState, name: FactName): string | undefined =>
  state.facts.get(name)?.at

/** ISO 8601: when users began to get the new version, minute 0 of every figure; null before. */
export function deploymentStartedAt(state: RunState): string | null {
  const deploy = [...state.steps.values()].findLast(({nature}) => nature.deploys)
  return deploy?.startedAt ?? recordedAt(state, 'deployment') ?? null
}
