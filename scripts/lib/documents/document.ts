// A parsed Markdown document and its located errors. Offsets, lines and columns always refer to `source`, which never
// starts with a byte order mark; whoever writes the document back puts `bom` before it.

import type {Root} from 'mdast'
import type {Bilingual} from './bilingual.ts'

/** A place in a document: line and column from 1, offset from 0 into `Document.source` (UTF-16 units). */
export type Position = {readonly line: number; readonly column: number; readonly offset: number}

export type Document = {
  readonly path: string
  /** The text without its byte order mark. */
  readonly source: string
  readonly bom: '' | '\uFEFF'
  /** The line ending that most lines have; `\n` where there is none. */
  readonly eol: '\n' | '\r\n' | '\r'
  /** Offset of the start of each line. */
  readonly lineStarts: readonly number[]
  readonly tree: Root
  /** The YAML front matter; empty where there is none or where it is unreadable (then `problems` says why). */
  readonly frontMatter: Readonly<Record<string, unknown>>
  /** Line of each top-level key of the front matter. */
  readonly frontMatterLines: ReadonlyMap<string, number>
  readonly problems: readonly DocumentError[]
}

export type DocumentErrorFields = {
  readonly path: string
  readonly line: number
  readonly column: number
  readonly reason: Bilingual
  /** Kebab-case name of the rule that was broken. */
  readonly rule?: string
  /** Legal values, best first. */
  readonly expected?: readonly string[]
  /** How to mend it, one sentence. */
  readonly note?: Bilingual
}

/** What an error says in one language. Has the fields of a VFileMessage: vfile reporters print it as it is. */
export type DocumentMessage = ReturnType<DocumentError['in']>

/** An error at a place in a document, in both languages; `message` is the English one. */
export class DocumentError extends Error {
  readonly path: string
  readonly line: number
  readonly column: number
  readonly reason: Bilingual
  readonly ruleId: string
  readonly expected: readonly string[]
  readonly note: Bilingual | undefined

  constructor(fields: DocumentErrorFields) {
    super(`${fields.path}:${fields.line}:${fields.column}: ${fields.reason.en}`)
    this.name = 'DocumentError'
    this.path = fields.path
    this.line = fields.line
    this.column = fields.column
    this.reason = fields.reason
    this.ruleId = fields.rule ?? 'document'
    this.expected = fields.expected ?? []
    this.note = fields.note
  }

  /** The reason after its place: `runbooks/staging.md:12:3: …`. */
  get placed(): Bilingual {
    const {path, line, column, reason} = this
    const at = `${path}:${line}:${column}`
    return {fr: `${at}: ${reason.fr}`, en: `${at}: ${reason.en}`}
  }

  in(lang: keyof Bilingual) {
    const {path, line, column, ruleId, expected} = this
    const place = {line, column}
    const said = {reason: this.reason[lang], note: this.note?.[lang], message: this.placed[lang]}
    return {
      ...{path, file: path, line, column, place, ruleId, expected},
      ...said,
      fatal: true,
      source,
    }
  }
}

const source = 'postgate'

/** Line and column of an offset of `source`. */
export function positionAt(document: Pick<Document, 'lineStarts'>, offset: number): Position {
  const starts = document.lineStarts
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return {line: low + 1, column: offset - (starts[low] ?? 0) + 1, offset}
}

/** Offset of the first character of the line that holds `offset`. */
export function lineStart(document: Pick<Document, 'lineStarts'>, offset: number): number {
  return document.lineStarts[positionAt(document, offset).line - 1] ?? 0
}

/** Offset of the end of the line that holds `offset`, before its line ending. */
export function lineEnd(document: Pick<Document, 'source'>, offset: number): number {
  let end = offset
  while (end < document.source.length && !/[\r\n]/.test(document.source.charAt(end))) end++
  return end
}

/** The line ending at `offset`, or '' where the text goes on or stops. */
export function lineEndingAt(source: string, offset: number): string {
  if (source.startsWith('\r\n', offset)) return '\r\n'
  const character = source.charAt(offset)
  return character === '\n' || character === '\r' ? character : ''
}

export function errorAt(
  document: Document,
  offset: number,
  reason: Bilingual,
  more: {rule?: string; expected?: readonly string[]; note?: Bilingual} = {},
): DocumentError {
  const {line, column} = positionAt(document, offset)
  return new DocumentError({path: document.path, line, column, reason, ...more})
}
