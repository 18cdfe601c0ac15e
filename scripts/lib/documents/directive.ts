// The comment that says what proves an item: `<!-- check: name key=value key="quoted value" flag -->`. A comment that
// was meant as one and is misspelt is a located error; any other HTML comment is left alone.

import type {Document, DocumentError, Position} from './document.ts'

export const directiveKinds = [
  'check',
  'step',
  'trigger',
  'attest',
  'risk',
  'rule',
  'condition',
] as const

/** `optional` is the bare `<!-- optional -->`; it can stand beside another directive. */
export type DirectiveKind = (typeof directiveKinds)[number] | 'optional'

/** A parameter's value and where the value stands. */
export type Parameter = {readonly value: string; readonly line: number; readonly column: number}

export type Directive = {
  readonly kind: DirectiveKind
  /** '' where there is none; check, step and trigger always have one. */
  readonly name: string
  readonly parameters: ReadonlyMap<string, Parameter>
  readonly flags: ReadonlySet<string>
  /** Where the comment starts, and where it ends (offset). */
  readonly position: Position
  readonly end: number
}

export type Directives = {
  readonly directives: readonly Directive[]
  readonly problems: readonly DocumentError[]
}

/** All directives of a document in its order, and the malformed ones as problems. */
export declare function directives(document: Document): Directives
