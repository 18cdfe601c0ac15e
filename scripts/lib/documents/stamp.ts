// stub
import type {Item} from './checklist.ts'
import type {Document} from './document.ts'

export type Mark = '✅' | '❌' | '❔' | '➖'

export type Outcome = {
  readonly item: Item
  readonly mark: Mark
  readonly at: Date
  readonly who: string
  readonly observed?: string
}

export type Stamp = {
  readonly item: Item
  readonly mark: Mark
  readonly at: Date
  readonly who: string
  readonly observed: string | null
}

/** The document's whole text (byte order mark included) with the outcomes stamped in. Throws DocumentError. */
export declare function stamp(document: Document, outcomes: readonly Outcome[]): string
export declare function readStamps(document: Document): readonly Stamp[]
/** What `who` and `observed` become: one line, no ` · `. */
export declare function stampText(value: string): string
