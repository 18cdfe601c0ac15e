// What can happen in a run: the lines of its journal. The journal is the truth; every document is a
// pure function of these events and a template.

import type {z} from 'zod'
import type {Mode} from '../documents/headings.ts'
import type {
  environmentShape,
  kindShape,
  originShape,
  resultShape,
  scenarioShape,
  severityShape,
} from './shapes.ts'
import type {StepNature} from './step-nature.ts'
import type {Text} from './text.ts'
import type {Declaration, Evidence, ItemVerdict, Verdict} from './verdict.ts'

export type Scenario = z.output<typeof scenarioShape>
export type Environment = z.output<typeof environmentShape>
/** What was asked for: the scenario, a rollback by itself, a drill, or the end of a freeze. */
export type RunKind = z.output<typeof kindShape>
export type RunResult = z.output<typeof resultShape>
export type Severity = z.output<typeof severityShape>
export type Origin = z.output<typeof originShape>

/** A person's word: declared through the operator, or signed with the person's own key. */
export interface Person {
  readonly role: string
  readonly name: string
  readonly how: 'signed' | 'declared'
}

export interface Checkpoint {
  readonly tag: string
  /** The annotated tag object's id, or the commit's where the tag is a light one. */
  readonly tagObject: string
  readonly commit: string
}

export interface DocumentDigest {
  readonly path: string
  readonly sha256: string
  /** Whose text it was; absent in journals from before this was recorded. */
  readonly origin?: Origin
}

export type EventBody =
  | {
      readonly type: 'run-started'
      readonly run: string
      readonly scenario: Scenario
      readonly kind: RunKind
      readonly checkpoint: Checkpoint
      readonly gate: DocumentDigest
      readonly runbook: DocumentDigest
      readonly templates: readonly DocumentDigest[]
      readonly project: string
      readonly bundle: string
      readonly operator: string
      /** Whom git names where the command ran, where an answers file names another. */
      readonly account?: string
      readonly machine: string
      readonly platform: string
      readonly sandbox: boolean
      readonly main: string
      readonly reason?: string
    }
  | {
      readonly type: 'run-resumed'
      readonly machine: string
      readonly operator: string
      /** Whom git names where the command ran, where an answers file names another. */
      readonly account?: string
      readonly note: Text
    }
  | {
      readonly type: 'run-taken-over'
      readonly machine: string
      readonly operator: string
      /** Whom git names where the command ran, where an answers file names another. */
      readonly account?: string
      readonly from: string
      readonly why: string
    }
  | {
      readonly type: 'phase-started'
      readonly phase: string
      readonly title: string
      readonly mode: Mode
    }
  | {
      readonly type: 'phase-confirmed'
      readonly phase: string
      readonly typed: string
      /** What they were told it would do. */
      readonly told?: readonly Text[]
      readonly by: Person
    }
  | {readonly type: 'phase-finished'; readonly phase: string}
  | {
      readonly type: 'item-judged'
      readonly item: string
      readonly title: string
      /** `not-applicable` only for optional items, with a reason in `observed`. */
      readonly verdict: ItemVerdict
      readonly observed: Text
      readonly evidence: readonly Evidence[]
      /** Null: by the machine itself. */
      readonly by: Person | null
      readonly next?: Text
      readonly earliest?: string
      /** The answer is a declaration: it stands for all items that ask the same. */
      readonly declares?: Declaration
    }
  | {
      readonly type: 'step-intended'
      readonly phase: string
      readonly step: string
      readonly attempt: number
      readonly effects: readonly Text[]
      readonly nature?: StepNature
    }
  | {
      readonly type: 'child-started'
      readonly step: string
      readonly pid: number
      readonly birth: string
      readonly command: string
    }
  | {
      readonly type: 'child-ended'
      readonly step: string
      readonly exitCode: number | null
      readonly durationMs: number
      readonly tail: string
    }
  | {
      readonly type: 'step-finished'
      readonly phase: string
      readonly step: string
      readonly attempt: number
      readonly verdict: Verdict
      readonly observed: Text
      readonly evidence: readonly Evidence[]
      readonly durationMs: number
      /** The verdict is unknown, and yet it is certain that nothing happened. */
      readonly untouched?: true
      readonly nature?: StepNature
    }
  /** A fact by its name; facts.ts holds each one's shape. The last one of a name counts. */
  | {readonly type: 'fact-recorded'; readonly name: string; readonly value: unknown}
  /** Samples of the watch, in the order taken; see facts.ts `sample`. */
  | {readonly type: 'samples-taken'; readonly samples: readonly Sample[]}
  | {
      readonly type: 'incident-recorded'
      readonly what: Text
      readonly severity: Severity
      readonly environment: Environment | null
      /** Who declared it; null: found by the machine. Older journals say `automatique`. */
      readonly by: string | null
      /** When that was, ISO 8601, UTC; the run may hear of it later. None: at the event's own time. */
      readonly declaredAt?: string
    }
  | {
      readonly type: 'trigger-fired'
      readonly trigger: string
      readonly item: string
      readonly observed: Text
    }
  | {
      readonly type: 'rollback-started'
      readonly kind: 'trigger' | 'request' | 'drill'
      readonly why: Text
    }
  | {
      readonly type: 'rollback-finished'
      readonly result: 'verified' | 'unverified' | 'failed' | 'nothing-to-do'
      readonly observed: Text
    }
  | {
      readonly type: 'run-paused'
      readonly waitingFor: readonly Text[]
      readonly earliest: string | null
    }
  | {readonly type: 'run-decided'; readonly result: RunResult; readonly why: Text}
  | {readonly type: 'documents-written'; readonly documents: readonly DocumentDigest[]}
  | {readonly type: 'documents-committed'; readonly commit: string}
  | {readonly type: 'run-tagged'; readonly tag: string; readonly object: string}
  | {readonly type: 'documents-pushed'; readonly branch: string; readonly commit: string}
  | {
      readonly type: 'notified'
      readonly what: string
      readonly channel: string
      readonly verdict: Verdict
      readonly observed: Text
    }
  | {readonly type: 'run-ended'; readonly result: RunResult}

/** One look at the environment. `ms` null: no answer. */
export interface Sample {
  readonly at: string
  readonly source: string
  readonly ok: boolean | null
  readonly status: number | null
  readonly ms: number | null
  readonly note?: string
  /** Taken beside the rhythm, since errors were seen: it counts for early evidence only. */
  readonly extra?: true
}

/** An event as it stands in the journal: `seq` from 1, `at` in UTC, `prev` the SHA-256 of the line before. */
export type Event = EventBody & {
  readonly v: 1
  readonly seq: number
  readonly at: string
  readonly prev: string
}
