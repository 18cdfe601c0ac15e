// The tables of a document, and rows appended to them in the columns that are there; byte for byte elsewhere.

import type {Nodes, TableCell, TableRow} from 'mdast'
import {type Directive, directives} from './directive.ts'
import {
  type Document,
  errorAt,
  lineEnd,
  lineEndingAt,
  lineStart,
  type Position,
  positionAt,
} from './document.ts'
import {emptyValue, escapeCell, escapeProse, oneLine} from './escape.ts'
import {normalise} from './normalise.ts'
import {parse, withByteOrderMark} from './parse.ts'
import {findSection, isWithin, type Section, sectionAt} from './section.ts'
import {plainText, rangeOf, walk} from './walk.ts'

export type Cell = {
  /** Plain text, without comments. */
  readonly text: string
  /** As written, without the bars. */
  readonly source: string
  readonly position: Position
}

export type Row = {
  /** As many as the row has; a short row has fewer than the header. */
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

/** Text is escaped; `markdown` is trusted and goes in as it is, on one line. */
export type CellValue = string | {readonly markdown: string}

/** In column order, or by column name; a name may list alternatives: `'Validateur|Approver'`. */
export type RowValues = readonly CellValue[] | Readonly<Record<string, CellValue>>

const cache = new WeakMap<Document, readonly Table[]>()

/** The tables of the document, or of a section and what lies below it. */
export function tables(document: Document, section?: Section): readonly Table[] {
  const known = cache.get(document) ?? read(document)
  cache.set(document, known)
  return section === undefined ? known : known.filter((table) => isWithin(table.section, section))
}

/** Index of the first column with one of these names, whatever accents and case; -1 where there is none. */
export function columnOf(table: Table, ...names: readonly string[]): number {
  const keys = names.map(normalise)
  return table.header.findIndex(({text}) => keys.includes(normalise(text)))
}

/** The text of a row's cell in the first column with one of these names; '' where column or cell are missing. */
export function cellText(table: Table, row: Row, ...names: readonly string[]): string {
  return row.cells[columnOf(table, ...names)]?.text ?? ''
}

/** The document's whole text with one row more; columns without a value get a dash, values without a column go. */
export function appendRow(document: Document, table: Table, values: RowValues): string {
  return appendRows(document, table, [values])
}

/** The document's whole text with these rows after the table's last one. */
export function appendRows(document: Document, table: Table, rows: readonly RowValues[]): string {
  const {source} = document
  const at = lineEnd(document, table.end)
  const start = lineStart(document, table.position.offset)
  const prefix = source.slice(start, table.position.offset).replace(/[^>\s]/gu, ' ')
  const headerEnding = lineEndingAt(source, lineEnd(document, table.position.offset))
  const ending = lineEndingAt(source, at) || headerEnding || document.eol
  const written = rows.map((values) => ending + prefix + rowOf(table, values)).join('')
  return withByteOrderMark(document, source.slice(0, at) + written + source.slice(at))
}

export type WantedTable = {
  /** The first one is written; the others are recognised too. */
  readonly titles: readonly [string, ...string[]]
  readonly columns: readonly string[]
  /** Of the heading that is written; 2 unless told. */
  readonly depth?: number
}

/** The table under a heading. What is missing is made: the table in its section, or both at the document's end. */
export async function ensureSectionTable(
  document: Document,
  wanted: WantedTable,
): Promise<{document: Document; table: Table}> {
  const section = findSection(document, ...wanted.titles)
  const table = section === undefined ? undefined : tables(document, section)[0]
  if (table !== undefined) return {document, table}

  const {source, eol} = document
  const at = section?.bodyEnd ?? source.length
  const lines = [
    `| ${wanted.columns.map(escapeProse).join(' | ')} |`,
    `| ${wanted.columns.map(() => '---').join(' | ')} |`,
  ]
  if (section === undefined)
    lines.unshift(`${'#'.repeat(wanted.depth ?? 2)} ${wanted.titles[0]}`, '')
  const before = blankLineBefore(source.slice(0, at), eol)
  const after = at < source.length ? eol + eol : eol
  const text = source.slice(0, at) + before + lines.join(eol) + after + source.slice(at)
  const written = await parse(withByteOrderMark(document, text), document.path)
  const home = findSection(written, ...wanted.titles)
  const made = home === undefined ? undefined : tables(written, home)[0]
  if (made === undefined) {
    const [title] = wanted.titles
    const reason = {
      fr: `aucun tableau ne peut être ajouté sous « ${title} » : un bloc de code ou un commentaire plus haut n’est jamais fermé`,
      en: `no table can be added under "${title}": a fence or comment above is never closed`,
    }
    throw errorAt(document, at, reason, {rule: 'table'})
  }
  return {document: written, table: made}
}

function read(document: Document): readonly Table[] {
  const found: Table[] = []
  const comments = [...directives(document).directives]
  walk(document.tree, (node) => {
    if (node.type !== 'table') return
    const [header, ...rows] = node.children
    const {start, end} = rangeOf(node)
    found.push({
      header: header?.children.map((cell) => readCell(document, cell)) ?? [],
      rows: rows.map((row) => readRow(document, row, comments)),
      section: sectionAt(document, start),
      position: positionAt(document, start),
      end,
    })
  })
  return found
}

/** `comments` are consumed: rows are read in document order. */
function readRow(document: Document, row: TableRow, comments: Directive[]): Row {
  const {start, end} = rangeOf(row)
  const own: Directive[] = []
  for (
    let next = comments[0];
    next !== undefined && next.position.offset < end;
    next = comments[0]
  ) {
    if (next.position.offset >= start) own.push(next)
    comments.shift()
  }
  return {
    cells: row.children.map((cell) => readCell(document, cell)),
    position: positionAt(document, start),
    directives: own,
  }
}

function readCell(document: Document, cell: TableCell): Cell {
  const inside: readonly Nodes[] = cell.children
  const [first, last] = [inside[0], inside.at(-1)]
  const {start} = rangeOf(first ?? cell)
  const source = last === undefined ? '' : document.source.slice(start, rangeOf(last).end)
  return {text: plainText(cell), source, position: positionAt(document, start)}
}

function rowOf(table: Table, values: RowValues): string {
  const cells = table.header.map(({text}, index) => written(valueFor(values, text, index)))
  return `| ${cells.join(' | ')} |`
}

function valueFor(values: RowValues, column: string, index: number): CellValue {
  if (isList(values)) return values[index] ?? ''
  const key = normalise(column)
  for (const [names, value] of Object.entries(values)) {
    if (names.split('|').some((name) => normalise(name) === key)) return value
  }
  return ''
}

function isList(values: RowValues): values is readonly CellValue[] {
  return Array.isArray(values)
}

function written(value: CellValue): string {
  if (typeof value === 'string') return escapeCell(value)
  return oneLine(value.markdown) || emptyValue
}

function blankLineBefore(text: string, eol: string): string {
  if (text.trim() === '') return ''
  if (/(?:\r\n|\n|\r)[ \t]*(?:\r\n|\n|\r)[ \t]*$/.test(text)) return ''
  return /(?:\n|\r)$/.test(text) ? eol : eol + eol
}
