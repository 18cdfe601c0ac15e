// stub
import type {Document, DocumentError, Position} from './document.ts'

export type Block = {
  readonly name: string
  /** Between the markers, without the empty lines next to them. */
  readonly content: string
  readonly position: Position
}

export declare function blocks(document: Document): {
  readonly blocks: readonly Block[]
  readonly problems: readonly DocumentError[]
}
/** Throws DocumentError where a marker is missing, doubled or unbalanced. */
export declare function readBlock(document: Document, name: string): Block
/** Whole new text. */
export declare function replaceBlock(document: Document, name: string, content: string): string
/** A block as it is first written. */
export declare function newBlock(name: string, content: string): string
