// The answer to any question that Postgate asks of the world. Unknown is never a pass.

import type {Fact, FactName} from './facts.ts'
import type {Text} from './text.ts'

export type Verdict = 'pass' | 'fail' | 'unknown'

/** Of an item: a person may say of an optional one that it does not apply, with a reason. */
export type ItemVerdict = Verdict | 'not-applicable'

/** Whether a run goes on behind an item of this verdict. */
export const holds = (verdict: ItemVerdict | undefined): boolean =>
  verdict === 'pass' || verdict === 'not-applicable'

/** What a person can declare once for a whole run. */
export type Declaration = 'no-database'

export interface Evidence {
  readonly label: Text
  /** An http(s) address, or a path inside the project. */
  readonly link?: string
}

export interface Judgement {
  readonly verdict: Verdict
  /** The value observed, not "checked": it is stamped into the runbook and quoted in the report. */
  readonly observed: Text
  readonly evidence?: readonly Evidence[]
  /** What a person does about a fail or an unknown. */
  readonly next?: Text
  /** For a wait: the earliest moment (ISO 8601, UTC) at which this can pass. Only time is missing. */
  readonly earliest?: string
  /** Present where a person's answer can stand in for an unknown; `roles` limits who may answer. */
  readonly attestable?: {
    readonly roles?: readonly string[]
    /** One answer that stands for all that asks the same: by the name of what is declared. */
    readonly declares?: Declaration
  }
  /** Unknown until a person elsewhere has acted: it is worth looking again while others are asked. */
  readonly awaited?: true
  /** Facts worth keeping in the journal, by name (see facts.ts). */
  readonly facts?: {readonly [N in FactName]?: Fact<N>}
}

/** What came of an item: the world's answer, or a person's. */
export interface ItemJudgement extends Omit<Judgement, 'verdict'> {
  readonly verdict: ItemVerdict
  /** A person's answer that stands for all items that ask the same. */
  readonly declares?: Declaration
}

type More = Omit<Judgement, 'verdict' | 'observed'>

export const pass = (observed: Text, more: More = {}): Judgement => ({
  verdict: 'pass',
  observed,
  ...more,
})
export const fail = (observed: Text, more: More = {}): Judgement => ({
  verdict: 'fail',
  observed,
  ...more,
})
export const unknown = (observed: Text, more: More = {}): Judgement => ({
  verdict: 'unknown',
  observed,
  ...more,
})

/** The verdict of several: one fail fails, else one unknown is unknown; of nothing, unknown. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('fail')) return 'fail'
  return verdicts.length > 0 && verdicts.every((verdict) => verdict === 'pass') ? 'pass' : 'unknown'
}
