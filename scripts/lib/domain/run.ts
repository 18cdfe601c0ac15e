// The state of a run: a fold over its events, and nothing else. Documents, status and the runner all
// read this, so that they cannot disagree.

import type {Mode} from '../documents/headings.ts'
import type {
  Checkpoint,
  DocumentDigest,
  Environment,
  Event,
  EventBody,
  Person,
  RunKind,
  RunResult,
  Sample,
  Scenario,
  Severity,
} from './event.ts'
import type {StepNature} from './step-nature.ts'
import type {Text} from './text.ts'
import type {Declaration, Evidence, ItemVerdict, Verdict} from './verdict.ts'

export interface ItemOutcome {
  readonly item: string
  readonly title: string
  readonly verdict: ItemVerdict
  readonly observed: Text
  readonly evidence: readonly Evidence[]
  readonly by: Person | null
  readonly at: string
  readonly next?: Text
  readonly earliest?: string
  readonly declares?: Declaration
}

export interface StepState {
  readonly step: string
  readonly phase: string
  readonly nature: StepNature
  /** `intended`: the effect may or may not have happened; only a look at the world can tell. */
  readonly status: 'intended' | 'finished'
  readonly attempt: number
  readonly effects: readonly Text[]
  readonly verdict: Verdict | null
  /** Nothing happened: it may be tried without asking the world first. */
  readonly untouched?: true
  readonly observed: Text
  readonly evidence: readonly Evidence[]
  readonly startedAt: string
  readonly finishedAt: string | null
  readonly durationMs: number
  readonly children: readonly {
    pid: number
    birth: string
    command: string
    exitCode: number | null
    ended: boolean
    durationMs: number
  }[]
}

export interface PhaseState {
  readonly phase: string
  readonly title: string
  readonly mode: Mode
  readonly startedAt: string
  readonly confirmed: {
    readonly typed: string
    readonly told: readonly Text[]
    readonly by: Person
    readonly at: string
  } | null
  readonly finishedAt: string | null
}

export interface Incident {
  readonly what: Text
  readonly severity: Severity
  readonly environment: Environment | null
  readonly by: string | null
  readonly at: string
}

export interface RunState {
  readonly run: string
  readonly scenario: Scenario
  readonly kind: RunKind
  readonly started: Extract<EventBody, {type: 'run-started'}> & {readonly at: string}
  readonly checkpoint: Checkpoint
  readonly phases: readonly PhaseState[]
  /** The last outcome of each item, by item id. */
  readonly items: ReadonlyMap<string, ItemOutcome>
  /** The last state of each step, by `phase/step`. */
  readonly steps: ReadonlyMap<string, StepState>
  readonly facts: ReadonlyMap<string, {readonly value: unknown; readonly at: string}>
  readonly samples: readonly Sample[]
  readonly incidents: readonly Incident[]
  readonly triggers: readonly {
    readonly trigger: string
    readonly item: string
    readonly observed: Text
    readonly at: string
  }[]
  readonly rollback: {
    readonly kind: 'trigger' | 'request' | 'drill'
    readonly why: Text
    readonly startedAt: string
    readonly finished: {
      readonly result: 'verified' | 'unverified' | 'failed' | 'nothing-to-do'
      readonly observed: Text
      readonly at: string
    } | null
  } | null
  readonly resumes: readonly {readonly at: string; readonly note: Text; readonly machine: string}[]
  readonly pause: {
    readonly at: string
    readonly waitingFor: readonly Text[]
    readonly earliest: string | null
  } | null
  readonly decided: {readonly result: RunResult; readonly why: Text; readonly at: string} | null
  readonly documents: readonly DocumentDigest[]
  readonly commit: string | null
  readonly tag: string | null
  readonly pushed: {readonly branch: string; readonly commit: string} | null
  readonly ended: {readonly result: RunResult; readonly at: string} | null
  /** True once an EXECUTIVE effect was intended, or the guard found a violation: from then on the run leaves documents. */
  readonly effects: boolean
  readonly deploymentAttempted: boolean
  readonly events: readonly Event[]
}
