// stub
import type {Directive} from './directive.ts'
import type {Document, DocumentError, Position} from './document.ts'
import type {Section} from './section.ts'

export type Item = {
  /** Place among all items of the document, from 0. */
  readonly index: number
  /** The bold lead, else the first words. */
  readonly title: string
  /** The item's first paragraph as plain text, without comments and without its stamp. */
  readonly text: string
  readonly checked: boolean
  readonly section: Section
  /** What proves it: null is a person's attestation. */
  readonly directive: Directive | null
  readonly directives: readonly Directive[]
  /** May be answered "not applicable" with a reason. */
  readonly optional: boolean
  readonly position: Position
  /** Index of the task that it is nested in. */
  readonly parentIndex: number | null
  /** The document's path. */
  readonly path: string
}

export type Checklist = {
  readonly items: readonly Item[]
  readonly problems: readonly DocumentError[]
}

export declare function checklist(document: Document): Checklist
export declare function items(document: Document): readonly Item[]
