// stub
import type {Directive} from './directive.ts'
import type {Document, Position} from './document.ts'
import type {Section} from './section.ts'

export type Cell = {
  readonly text: string
  readonly source: string
  readonly position: Position
}

export type Row = {
  readonly cells: readonly Cell[]
  readonly position: Position
  readonly directives: readonly Directive[]
}

export type Table = {
  readonly header: readonly Cell[]
  readonly rows: readonly Row[]
  readonly section: Section
  readonly position: Position
  readonly end: number
}

/** Text is escaped; `markdown` is trusted and goes in as it is. */
export type CellValue = string | {readonly markdown: string}

export declare function tables(document: Document, section?: Section): readonly Table[]
/** Index of the first column with one of these names, or -1. */
export declare function columnOf(table: Table, ...names: readonly string[]): number
/** Whole new text. Cells in column order, or by column name; a name may list alternatives: 'Validateur|Approver'. */
export declare function appendRow(
  document: Document,
  table: Table,
  cells: readonly CellValue[] | Readonly<Record<string, CellValue>>,
): string
/** The table under a heading; heading and table are made at the document's end where they are missing. */
export declare function ensureSectionTable(
  document: Document,
  wanted: {titles: readonly [string, ...string[]]; columns: readonly string[]; depth?: number},
): Promise<{document: Document; table: Table}>
