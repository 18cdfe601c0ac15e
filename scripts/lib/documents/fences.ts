// stub
import type {Document, Position} from './document.ts'
import type {Section} from './section.ts'

export type FenceLine = {readonly text: string; readonly position: Position}

export type Fence = {
  /** Lower case, '' where there is none. */
  readonly language: string
  /** What follows the language. */
  readonly meta: string
  readonly content: string
  readonly lines: readonly FenceLine[]
  readonly closed: boolean
  readonly section: Section
  readonly position: Position
}

export declare function fences(document: Document, section?: Section): readonly Fence[]
