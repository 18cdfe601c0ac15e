// Checklists written as tables: `Catégorie | Élément | Statut | Notes`. Tables of risks, evidence, history and legends
// are none.

import type {Table, TableRow} from 'mdast'
import {normalise} from './normalise.ts'
import {isQualified, leadingEmoji, type MarkMeaning, readStatus, statusEmoji} from './status.ts'
import {plainText} from './walk.ts'

type MarkedRow = {text: string; mark: MarkMeaning; raw: string; node: TableRow}

const statusHeader =
  /^(statuts?|status|etats?|states?|resultats?|results?|verdicts?|validations?|valide|validated|ok|ok ko|pass( fail)?|go no go|fait|done|checks?|conforme|conformite|termine)$/
const elementHeader =
  /^(elements?|items?|criteres?|criteri(on|a)|controles?|checks?|points?( de controle)?|verifications?|taches?|tasks?|descriptions?|exigences?|requirements?|sujets?|tests?)\b/
const risk = /^(risques?|risks?)\b/
const riskColumns =
  /^(probabilites?|probability|likelihood|impacts?|gravite|severite|severity|mitigations?)\b/
const meaning = /^(significations?|meanings?|definitions?)\b/
const evidence =
  /^(preuves?|evidences?|proofs?|artefacts?|artifacts?|symboles?|symbols?|legende|legend)\b/
const historyColumns = /^(date|tag|commit|validateur|validator|decision|decided by)\b/

/** Whether a column's head speaks of a status, a decision or an opinion: `Statut QA`, `Current status`, `Avis`. */
export function speaksOfStatus(title: string): boolean {
  const key = normalise(title)
  return statusHeader.test(key) || /\b(statuts?|status|decisions?|avis|verdicts?)\b/.test(key)
}

/** The checklist rows of a table; none where it is another kind of table. */
export function markedRows(table: Table): readonly MarkedRow[] {
  const [header, ...rows] = table.children
  if (header === undefined) return []
  const titles = header.children.map((cell) => plainText(cell))
  const keys = titles.map(normalise)
  if (isOther(keys)) return []
  const cells = rows.map((row) => row.children.map((cell) => plainText(cell)))
  const status = statusColumn(titles, keys, cells)
  if (status < 0) return []
  const element = keys.findIndex((key, index) => index !== status && elementHeader.test(key))
  return rows.flatMap((node, index) => {
    const texts = cells[index] ?? []
    const read = readRow(texts, {status, element, columns: keys.length})
    return read === null ? [] : [{...read, node}]
  })
}

type Columns = {status: number; element: number; columns: number}

function readRow(texts: readonly string[], columns: Columns): Omit<MarkedRow, 'node'> | null {
  if (texts.every((text) => text === '')) return null
  const cell = texts[columns.status] ?? ''
  const before = columns.status === 0 ? texts.slice(1) : texts.slice(0, columns.status)
  const item = texts[columns.element >= 0 ? columns.element : Math.max(columns.status - 1, 0)] ?? ''
  // Only a category: a heading among the rows.
  const filled = texts.filter((text) => text !== '').length
  if (filled === 1 && item === '' && cell === '') return null
  const read = readStatus(cell)
  const notes = texts.slice(columns.status + 1).join(' ')
  const takenBack = read.mark === 'validated' && columns.status > 0 && isQualified(notes)
  const mark = takenBack ? 'unclear' : read.mark
  const text = before.filter((words) => words !== '').join(' — ')
  return {text: text === '' ? item : text, mark, raw: read.raw}
}

function isOther(keys: readonly string[]): boolean {
  const [first = ''] = keys
  if (risk.test(first) || keys.filter((key) => riskColumns.test(key)).length >= 2) return true
  if (keys.some((key) => meaning.test(key)) && statusHeader.test(first)) return true
  if (keys.some((key) => key.startsWith('scenario recommande'))) return true
  if (evidence.test(first)) return true
  return keys.filter((key) => historyColumns.test(key)).length >= 3
}

function statusColumn(
  titles: readonly string[],
  keys: readonly string[],
  cells: readonly (readonly string[])[],
): number {
  const named = keys.findLastIndex((key) => statusHeader.test(key))
  if (named >= 0) return named
  const drawn = titles.findIndex(
    (title) => statusEmoji(title).length > 0 && normalise(title) === '',
  )
  if (drawn >= 0) return drawn
  // No name that is known, but a column of marks all the same.
  return keys.findIndex((_, column) => {
    const filled = cells.map((row) => row[column] ?? '').filter((text) => text !== '')
    const marked = filled.filter((text) => {
      const lead = leadingEmoji(text)
      return /^\[[ xX]?\]$/.test(text) || (lead !== null && statusEmoji(lead.raw).length > 0)
    })
    return marked.length > 0 && marked.length * 2 > filled.length
  })
}
