// Reading a fact back from a run: through its schema, since a journal may come from another version.

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
