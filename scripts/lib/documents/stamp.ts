// Outcomes in a document: the box, and one line at the end of the item's first paragraph. Nothing else changes, byte for
// byte; stamping the same outcome again changes nothing; a new outcome replaces the old line. One parse serves all.

import type {Paragraph} from 'mdast'
import {type Item, items, type Mark, nodeOf, stampLine} from './checklist.ts'
import {type Document, errorAt, lineEnd, lineEndingAt, lineStart} from './document.ts'
import {escapeProse, oneLine, withoutWordJoiners} from './escape.ts'
import {rangeOf} from './walk.ts'

export type StampedOutcome = {
  readonly item: Item
  readonly mark: Mark
  readonly at: Date
  readonly who: string
  readonly observed?: string
}

export type Stamp = {
  readonly item: Item
  readonly mark: Mark
  /** Whole seconds, UTC. */
  readonly at: Date
  readonly who: string
  readonly observed: string | null
}

/** Where an item's stamp goes. `box` is the offset of the character between the brackets. */
type Place = {box: number; paragraph: Paragraph; from: number; to: number; stamp: Stamp | null}

/**
 * The document's whole text, byte order mark included, with the outcomes stamped in. Of two outcomes for one item the
 * last one counts. Throws a DocumentError for an item that cannot be stamped.
 */
export function stamp(document: Document, outcomes: readonly StampedOutcome[]): string {
  const {source} = document
  const byItem = new Map(outcomes.map((outcome) => [outcome.item.index, outcome]))
  let text = document.bom
  let written = 0
  for (const item of items(document)) {
    const outcome = byItem.get(item.index)
    if (outcome === undefined) continue
    const {box, from, to} = placeOf(document, item)
    const start = lineStart(document, box)
    const prefix = source.slice(start, box - 1).replace(/[^>\s]/gu, ' ')
    const ending = lineEndingAt(source, lineEnd(document, box)) || document.eol
    const checked = outcome.mark === '✅' || outcome.mark === '➖'
    const mark = checked === item.checked ? source.charAt(box) : checked ? 'x' : ' '
    text += source.slice(written, box) + mark + source.slice(box + 1, from)
    text += `  ${ending}${prefix}${lineOf(outcome)}`
    written = to
  }
  return text + source.slice(written)
}

/** The outcomes that a stamped document holds, in its order. */
export function readStamps(document: Document): readonly Stamp[] {
  const found: Stamp[] = []
  for (const item of items(document)) {
    const first = nodeOf(document, item)?.children[0]
    if (first?.type !== 'paragraph') continue
    const {stamp: read} = endOf(document, item, first)
    if (read !== null) found.push(read)
  }
  return found
}

/** What a name or an observed value is after stamping and reading back: one line without `·`, never empty. */
export function stampText(value: string): string {
  const text = withoutWordJoiners(value).replaceAll('·', '•')
  return text === '' ? '—' : text
}

/** Whether an item can be stamped; the same error that `stamp` would throw, or null. */
export function unstampable(document: Document, item: Item): Error | null {
  try {
    placeOf(document, item)
    return null
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

function lineOf({mark, at, who, observed}: StampedOutcome): string {
  const time = at.toISOString().replace('T', ' ').slice(0, 19)
  const parts = [`↳ ${mark} ${time} UTC`, escapeProse(stampText(who))]
  if (observed !== undefined && oneLine(observed) !== '')
    parts.push(escapeProse(stampText(observed)))
  return parts.join(' · ')
}

function placeOf(document: Document, item: Item): Place {
  const node = nodeOf(document, item)
  if (node === undefined) throw new Error(`item ${item.index} belongs to another document`)
  const paragraph = node.children[0]
  const {start} = rangeOf(node)
  if (paragraph?.type !== 'paragraph') {
    const reason = {
      fr: 'cette tâche ne peut pas être tamponnée : son texte n’est pas un paragraphe',
      en: 'this task cannot be stamped: its text is no paragraph',
    }
    throw errorAt(document, start, reason, {rule: 'stamp'})
  }
  const box = boxOf(document.source, start, rangeOf(paragraph).start)
  if (box === null) {
    const reason = {
      fr: 'cette tâche ne peut pas être tamponnée : sa case est coupée en deux lignes',
      en: 'this task cannot be stamped: its box is broken over two lines',
    }
    const note = {
      fr: 'écrire la case `[ ]` sur la ligne du point',
      en: 'write the box as `[ ]` on the line of the item',
    }
    throw errorAt(document, start, reason, {rule: 'stamp', note})
  }
  return {box, paragraph, ...endOf(document, item, paragraph)}
}

/** The box stands before the paragraph where the text is plain, and inside it where the text starts with markup. */
function boxOf(source: string, itemStart: number, paragraphStart: number): number | null {
  let end = paragraphStart
  while (end > itemStart && /[\s>]/.test(source.charAt(end - 1))) end--
  if (end - 3 >= itemStart && /^\[[ \txX]\]$/.test(source.slice(end - 3, end))) return end - 2
  const at = source.slice(paragraphStart).search(/\S/) + paragraphStart
  return /^\[[ \txX]\]$/.test(source.slice(at, at + 3)) ? at + 1 : null
}

/** The end of the first paragraph, or the old stamp there that a new one replaces. */
function endOf(
  document: Document,
  item: Item,
  paragraph: Paragraph,
): {from: number; to: number; stamp: Stamp | null} {
  const {source} = document
  const {start, end} = rangeOf(paragraph)
  const none = {from: end, to: end, stamp: null}
  const last = paragraph.children.at(-1)
  if (last?.type !== 'text') return none
  const line = lineStart(document, end)
  if (line <= start || !/^[>\s]*↳ /.test(source.slice(line, end))) return none
  const match = stampLine.exec(last.value.slice(last.value.lastIndexOf('\n') + 1).trim())
  const mark = match?.[1]
  const at = new Date(`${match?.[2]}T${match?.[3]}Z`)
  if (match === null || !isMark(mark) || Number.isNaN(at.getTime())) return none
  // Exactly what stamping put there: a line ending, and the two spaces of the break unless an editor trimmed them.
  const from = line - (/ {0,2}(?:\r\n|\n|\r)$/.exec(source.slice(start, line))?.[0].length ?? 0)
  const observed = match[5] === undefined ? null : withoutWordJoiners(match[5])
  return {from, to: end, stamp: {item, mark, at, who: withoutWordJoiners(match[4] ?? ''), observed}}
}

function isMark(text: string | undefined): text is Mark {
  return text === '✅' || text === '❌' || text === '❔' || text === '➖'
}
