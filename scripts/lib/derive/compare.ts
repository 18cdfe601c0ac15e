// What the audit compares: documents of one run whole, shared documents by this run's row or entry,
// documents that people write in by the machine's blocks. Every difference has a name and a place.

import {blocks as blocksOf} from '../documents/block.ts'
import {withoutWordJoiners} from '../documents/escape.ts'
import {parse} from '../documents/parse.ts'
import {appendRow, type Row, type RowValues, type Table, tables} from '../documents/table.ts'
import type {Text} from '../domain/text.ts'
import {parts} from '../domain/views/backlog.ts'
import {blockRows} from './blocks.ts'
import type {Derived} from './derive.ts'
import {wordsOf} from './rows.ts'

export interface DocumentDifference {
  readonly path: string
  readonly kind: 'missing' | 'changed' | 'row' | 'entry' | 'block'
  readonly what: Text
}

/** The differences between what the events derive and what stands in the files; none: all as derived. */
export async function compareDocuments(
  derived: Derived,
  actual: ReadonlyMap<string, string>,
): Promise<DocumentDifference[]> {
  const found: DocumentDifference[] = []
  const missing = new Set<string>()
  const read = (path: string): string | undefined => {
    const text = actual.get(path)
    if (text === undefined && !missing.has(path)) {
      missing.add(path)
      found.push({
        path,
        kind: 'missing',
        what: {fr: 'le document manque', en: 'the document is missing'},
      })
    }
    return text
  }
  for (const path of derived.whole) {
    const text = read(path)
    const wanted = derived.documents.get(path) ?? ''
    if (text !== undefined && text !== wanted) found.push(changedWhole(path, wanted, text))
  }
  for (const {path, values} of derived.rows) {
    const text = read(path)
    if (text !== undefined) found.push(...(await compareRow(path, text, values, derived.run)))
  }
  for (const {path, text: entry} of derived.entries) {
    const text = read(path)
    if (text === undefined || lines(text).includes(lines(entry).trim())) continue
    const what = {
      fr: `l’entrée de l’exécution ${derived.run} manque ou a changé`,
      en: `the entry of run ${derived.run} is missing or was changed`,
    }
    found.push({path, kind: 'entry', what})
  }
  found.push(...(await compareBlocks(derived, read)))
  return found
}

const lines = (text: string) => text.replace(/\r\n?/g, '\n')

function changedWhole(path: string, wanted: string, text: string): DocumentDifference {
  const [derived, actual] = [lines(wanted).split('\n'), lines(text).split('\n')]
  const at = derived.findIndex((line, index) => line !== actual[index])
  const line = (at < 0 ? derived.length : at) + 1
  return {
    path,
    kind: 'changed',
    what: {
      fr: `diffère à partir de la ligne ${line} de ce que le journal en donne`,
      en: `differs from line ${line} on from what the journal gives`,
    },
  }
}

async function compareRow(
  path: string,
  text: string,
  values: RowValues,
  run: string,
): Promise<DocumentDifference[]> {
  let near: readonly string[] | null = null
  for (const {table, rowsSaying, lastWith} of await rowsOf(path, text)) {
    const wanted = await expectedCells(table, values)
    if (rowsSaying(wanted)) return []
    const mentioning = lastWith.get(run)
    if (mentioning !== undefined)
      near = wanted.flatMap((cell, index) =>
        withoutWordJoiners(mentioning[index]?.text ?? '') === cell
          ? []
          : [table.header[index]?.text ?? ''],
      )
  }
  const what =
    near === null
      ? {fr: `la ligne de l’exécution ${run} manque`, en: `the row of run ${run} is missing`}
      : {
          fr: `la ligne de l’exécution ${run} a changé : ${near.join(', ')}`,
          en: `the row of run ${run} was changed: ${near.join(', ')}`,
        }
  return [{path, kind: 'row', what}]
}

interface TableRows {
  readonly table: Table
  /** Whether a row says this in its first cells. */
  readonly rowsSaying: (cells: readonly string[]) => boolean
  /** The last row in which a word stands, by the word. */
  readonly lastWith: ReadonlyMap<string, Row['cells']>
}

/** A document that every run writes in is asked for by every run: it is read once. */
const read: {path: string; text: string; rows: Promise<readonly TableRows[]>}[] = []
const readMost = 8

function rowsOf(path: string, text: string): Promise<readonly TableRows[]> {
  const known = read.find((one) => one.path === path && one.text === text)
  if (known !== undefined) return known.rows
  const rows = parse(text, path).then((document) => tables(document).map(tableRows))
  read.push({path, text, rows})
  if (read.length > readMost) read.shift()
  return rows
}

function tableRows(table: Table): TableRows {
  const byLength = new Map<number, Set<string>>()
  const lastWith = new Map<string, Row['cells']>()
  for (const {cells} of table.rows)
    for (const word of cells.flatMap(wordsOf)) lastWith.set(word, cells)
  const saying = (length: number) => {
    const known =
      byLength.get(length) ??
      new Set(
        table.rows.map(({cells}) =>
          keyOf(Array.from({length}, (_, index) => withoutWordJoiners(cells[index]?.text ?? ''))),
        ),
      )
    byLength.set(length, known)
    return known
  }
  return {table, lastWith, rowsSaying: (cells) => saying(cells.length).has(keyOf(cells))}
}

const keyOf = (cells: readonly string[]) => JSON.stringify(cells)

/** What this run's row says when it is read back under the table's own header. */
async function expectedCells({header}: Table, values: RowValues): Promise<string[]> {
  const head = `| ${header.map(({source}) => source).join(' | ')} |\n|${' --- |'.repeat(header.length)}\n`
  const empty = await parse(head, 'row.md')
  const [table] = tables(empty)
  if (table === undefined) return []
  const [written] = tables(await parse(appendRow(empty, table, values), 'row.md'))
  return (written?.rows[0]?.cells ?? []).map(({text}) => withoutWordJoiners(text))
}

async function compareBlocks(
  derived: Derived,
  read: (path: string) => string | undefined,
): Promise<DocumentDifference[]> {
  const found: DocumentDifference[] = []
  for (const path of new Set(derived.blocks.map((block) => block.path))) {
    const text = read(path)
    if (text === undefined) continue
    const actual = new Map(
      blocksOf(await parse(text, path)).blocks.map(({name, content}) => [name, content]),
    )
    // A backlog that a later run of the same month wrote anew speaks for that run.
    const source = actual.get('source')
    const wanted = derived.blocks.filter((block) => block.path === path)
    const shared = wanted.some((block) => block.shared)
    if (shared && source !== undefined && !source.includes(derived.run)) continue
    for (const {name, content, shared} of wanted) {
      const there = actual.get(name)
      const same =
        there !== undefined &&
        (shared ? await holdsRows(there, content) : lines(there) === lines(content))
      if (same) continue
      const what = {
        fr: `le bloc « ${name} » ${there === undefined ? 'manque' : 'a changé'}`,
        en: `the block "${name}" ${there === undefined ? 'is missing' : 'was changed'}`,
      }
      found.push({path, kind: 'block', what})
    }
  }
  return found
}

/** Whether every row of the machine is there, whatever people wrote in its other columns. */
async function holdsRows(actual: string, wanted: string): Promise<boolean> {
  const keys = async (content: string) =>
    (await blockRows(content, parts[0])).map(({cells: [title, origin]}) =>
      withoutWordJoiners(`${title?.text ?? ''}\n${origin?.text ?? ''}`),
    )
  const there = new Set(await keys(actual))
  return (await keys(wanted)).every((key) => there.has(key))
}
