// The Release Gate document, as it stands on the documents' branch: it names the tag and the commit,
// and its section 4 is the checklist that has to be complete.

import type {JsonOutput} from '../domain/json-outputs.ts'

export type GateEntry = JsonOutput<'gate-open'>['toFillIn'][number]

export interface Gate {
  /** Relative to the project: `docs/RELEASE_GATE_YYYY_MM.md`. */
  readonly path: string
  readonly source: string
  readonly tag: string
  /** As written in the gate: may be abbreviated. */
  readonly commit: string
  readonly entries: readonly GateEntry[]
  /** SHA-256 of the document without its history section, since runs write there. */
  readonly sha256: string
}
