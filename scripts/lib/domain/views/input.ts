// What a view is made of: the run, and the runbook's items and risks as plain data.

import type {RunState} from '../run.ts'

export interface RunbookItem {
  readonly id: string
  readonly title: string
  readonly section: 'prerequisites' | 'phase' | 'success' | 'abort' | 'rollback' | 'other'
  readonly kind: 'check' | 'step' | 'trigger' | 'attest'
  /** Of the check or trigger; id of the step; empty for an attestation. */
  readonly name: string
  readonly parameters: Readonly<Record<string, string>>
  readonly optional: boolean
}

export interface Risk {
  /** Risque, probabilité, impact, mitigation: the row's own cells. */
  readonly cells: readonly string[]
  readonly mitigatedBy: readonly string[]
}

export interface RunbookData {
  readonly path: string
  readonly title: string
  readonly items: readonly RunbookItem[]
  readonly risks: readonly Risk[]
}

/** Paths of a run's documents inside the project; null for what this run does not leave. */
export interface DocumentNames {
  /** `docs/runs/<run>`. */
  readonly folder: string
  /** Each by its key in the table of documents; those below are named once more for the views that link to them. */
  readonly paths: Readonly<Record<string, string | null>>
  /** What a report lists, with the words for it. */
  readonly listed: readonly {readonly title: string; readonly path: string}[]
  readonly changelog: string
  readonly gate: string
  readonly runbook: string
  readonly ledger: string
  readonly report: string | null
  readonly postMortem: string | null
  readonly freeze: string | null
  readonly backlog: string | null
}

export interface ViewInput {
  readonly state: RunState
  readonly runbook: RunbookData
  readonly names: DocumentNames
}
