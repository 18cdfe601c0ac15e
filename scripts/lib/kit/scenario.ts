// What a scenario's script hands over: its phases in order, its rollback, and what exists by name.

import type {Scenario} from '../domain/event.ts'
import type {Catalogue} from './catalogue.ts'
import type {Phase} from './definition.ts'

export interface ScenarioDefinition {
  readonly scenario: Scenario
  /** Loaded one by one when they are needed, in this order. */
  readonly phases: readonly (() => Promise<Phase>)[]
  /** A freeze has nothing to roll back. */
  readonly rollback: (() => Promise<Phase>) | null
  readonly catalogue: () => Promise<Catalogue>
}
