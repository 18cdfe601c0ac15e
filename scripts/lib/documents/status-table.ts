// Checklists written as tables: `Catégorie | Élément | Statut | Notes`. Every column whose head speaks of a status, a
// decision or an opinion counts, and so does every cell that is a mark; all of a row must agree.

import {normalise} from './normalise.ts'
import {
  asPictograms,
  beginsByTakingBack,
  endsByTakingBack,
  leadingEmoji,
  type MarkedEntry,
  markAhead,
  readBoxes,
  readStatus,
  type Status,
  startsWithStatus,
  statusEmoji,
} from './status.ts'

/** A table's words, whatever it was read from: `cells` as long as the row has them. */
export type StatusTable = {
  readonly titles: readonly string[]
  readonly rows: readonly {readonly cells: readonly string[]; readonly line: number}[]
}

const statusHeader =
  /^(statuts?|status|etats?|states?|resultats?|results?|verdicts?|validations?|valide|validated|ok|ok ko|pass( fail)?|go( no go)?|fait|done|conforme|conformite|termine|decisions?|avis|opinions?|approbations?|approvals?|accords?|signe|signed|feu vert)$/
const speaking =
  /\b(statuts?|status|etat d avancement|decisions?|avis|verdicts?|ok ko|go no go|pass fail|oui non|yes no|conformite|approbation|approval)\b/
/** `Statut précédent`, `Décidé par`, `Date de décision`, `Commentaires sur le statut` say nothing about now. */
const aboutElse =
  /\b(par|by|dates?|precedente?s?|previous|ancien|attendue?s?|expected|cible|target|commentaires?|comments?|notes?|remarques?|preuves?|evidences?|liens?|links?|responsables?|owners?|auteurs?|significations?|meanings?)\b/
const yesHeader =
  /^(ok|fait|done|valide|validated|go|oui|yes|conforme|pass|passed|termine|signe|signed)$/
const noHeader = /^(ko|nok|no go|non|no|refuse|refused|fail|failed|non conforme|echec)$/
const ambiguousHeader = /^(checks?|controles?|tests?)$/
const elementHeader =
  /^(elements?|items?|criteres?|criteri(on|a)|controles?|checks?|points?( de controle)?|verifications?|taches?|tasks?|descriptions?|exigences?|requirements?|sujets?|tests?)\b/
const risk = /^(risques?|risks?)\b/
const riskColumns =
  /^(probabilites?|probability|likelihood|impacts?|gravite|severite|severity|mitigations?)\b/
const meaning = /^(significations?|meanings?|definitions?|quand|when)\b/
const symbols = /^(symboles?|symbols?|legende|legend|marques?|marks?|statuts?|status)\b/
const historyColumns = /^(date|tag|commit|validateur|validator|decision|decided by)\b/

/** Whether a column's head speaks of a status, a decision or an opinion: `Statut QA`, `Current status`, `Avis`. */
export function speaksOfStatus(title: string): boolean {
  const key = normalise(title)
  if (aboutElse.test(key)) return false
  if (statusHeader.test(key) || speaking.test(key)) return true
  return key === '' && statusEmoji(title).length > 0
}

/** Whether a run or a person notes past validations in it: dated lines, not entries. */
export function isHistory({titles}: StatusTable): boolean {
  return titles.filter((title) => historyColumns.test(normalise(title))).length >= 3
}

/** The checklist rows of a table; none where it only explains marks, or where nothing in it is one. */
export function markedRows({titles, rows}: StatusTable): readonly MarkedEntry[] {
  const keys = titles.map(normalise)
  if (symbols.test(keys[0] ?? '') && keys.some((key) => meaning.test(key))) return []
  const named = keys.map((_, column) => speaksOfStatus(titles[column] ?? ''))
  const risks = risk.test(keys[0] ?? '') || keys.filter((key) => riskColumns.test(key)).length >= 2
  const others = risks || named.some((is) => is)
  const columns: Columns = {
    ...{keys, risks},
    status: named.map((is, column) => is || (!others && ambiguous(keys, column, rows))),
    element: keys.findIndex((key, column) => named[column] !== true && elementHeader.test(key)),
  }
  return rows.flatMap(({cells, line}) => {
    const read = readRow(cells.map(asPictograms), columns)
    return read === null ? [] : [{...read, line}]
  })
}

/** `Check` heads a column of marks in one table and of names in another. */
function ambiguous(keys: readonly string[], column: number, rows: StatusTable['rows']): boolean {
  if (!ambiguousHeader.test(keys[column] ?? '')) return isMarks(column, rows)
  return column > 0 || isMarks(column, rows)
}

/** A column of marks without a name that is known: most of what is filled in is one. */
function isMarks(column: number, rows: StatusTable['rows']): boolean {
  const filled = rows
    .map(({cells}) => asPictograms(cells[column] ?? ''))
    .filter((text) => text !== '')
  const marked = filled.filter((text) => isMark(text))
  return marked.length > 0 && marked.length * 2 > filled.length
}

const isMark = (text: string) => readBoxes(text) !== null || markAhead(text) !== null

type Columns = {
  readonly keys: readonly string[]
  readonly status: readonly boolean[]
  readonly element: number
  readonly risks: boolean
}

function readRow(texts: readonly string[], columns: Columns): Omit<MarkedEntry, 'line'> | null {
  if (texts.every((text) => text === '')) return null
  const width = columns.status.length
  const statuses: Status[] = []
  const words: string[] = []
  // The entry's own words stand before its status.
  let named = 0
  for (let column = 0; column < Math.max(width, texts.length); column++) {
    const text = texts[column] ?? ''
    const status = statusOf(text, column, columns)
    if (status !== null) {
      statuses.push(status)
      if (column > 0) named = words.length
    } else if (text !== '') words.push(text)
  }
  if (statuses.length === 0) return null
  // Only a category: a heading among the rows.
  const filled = texts.filter((text) => text !== '')
  const item = texts[columns.element] ?? ''
  if (
    filled.length === 1 &&
    words.length === 1 &&
    columns.element !== 0 &&
    width > 2 &&
    item === ''
  )
    return null
  const worst = (['refused', 'open', 'unclear'] as const)
    .map((mark) => statuses.find((status) => status.mark === mark))
    .find((status) => status !== undefined)
  const said = worst ?? statuses[0]
  const takenBack = worst === undefined && words.some(takesNoteBack)
  return {
    text: words.slice(0, named).join(' — ') || item || words.join(' — ') || filled.join(' — '),
    mark: takenBack ? 'unclear' : (said?.mark ?? 'unclear'),
    raw: said?.raw ?? '',
  }
}

function statusOf(text: string, column: number, columns: Columns): Status | null {
  const {keys, status, risks} = columns
  const key = keys[column] ?? ''
  // A column for each answer: a cross under OK, or under KO.
  if (noHeader.test(key) && keys.some((other) => yesHeader.test(other)))
    return text === '' ? null : {mark: 'refused', raw: text}
  if (yesHeader.test(key) && /^[xX]$/.test(text)) return {mark: 'validated', raw: text}
  if (status[column] === true) return readStatus(text)
  const boxes = readBoxes(text)
  if (boxes !== null) return {mark: boxes, raw: text}
  return !risks && isShout(text) ? readStatus(text) : null
}

/** A cell that is a mark, or a refusal in capitals, below any head. */
function isShout(text: string): boolean {
  if (markAhead(text) !== null && statusEmoji(leadingEmoji(text)?.raw ?? '').length > 0) return true
  return /^(KO|NOK|NO[ -]?GO|FAIL(ED)?|BLOCKED)$/.test(text)
}

function takesNoteBack(text: string): boolean {
  if (endsByTakingBack(text) || beginsByTakingBack(text)) return true
  return (
    startsWithStatus(text) &&
    ['refused', 'open'].includes(readStatus(text).mark) &&
    /^\p{Lu}{2}/u.test(text)
  )
}
