// Reading a fact back from a run: through its schema, since a journal may come from another version.

import type {z} from 'zod'
import {type Fact, type FactName, facts} from './facts.ts'
import type {RunState} from './run.ts'

const schemas: {readonly [N in FactName]: z.ZodType<Fact<N>>} = facts

/** The last recorded value of a fact; undefined where there is none, or none that can be read. */
export function recorded<N extends FactName>(state: RunState, name: N): Fact<N> | undefined {
  const parsed = schemas[name].safeParse(state.facts.get(name)?.value)
  return parsed.success ? parsed.data : undefined
}

/** When a fact was last recorded. */
export const recordedAt = (state: RunState, name: FactName): string | undefined =>
  state.facts.get(name)?.at
