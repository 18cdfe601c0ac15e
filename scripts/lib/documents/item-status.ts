// What the words, boxes and pictograms of one entry say of it: an item of a list, or a line of a paragraph.

import type {ListItem, Paragraph, PhrasingContent} from 'mdast'
import {
  asPictograms,
  endsByTakingBack,
  isQualified,
  leadingEmoji,
  type MarkedEntry,
  readBoxes,
  readStatus,
  type Status,
  startsWithStatus,
  statusAlone,
  statusEmoji,
} from './status.ts'
import {plainText} from './walk.ts'

/** null: nothing says how the item stands. `text`: its own words. */
export function itemStatus(item: ListItem, text: string): Status | null {
  const first = item.children[0]
  const struck = first?.type === 'paragraph' && isStruck(first.children)
  // The box outranks everything that is written beside it.
  if (item.checked === false) return {mark: 'open', raw: '[ ]'}
  if (item.checked === true) {
    const said = statusAlone(text)
    const mark = said ?? readBoxes(`[x] ${text}`) ?? 'unclear'
    const takenBack = struck || contradicts(text) || endsByTakingBack(answered(text))
    return {mark: mark === 'validated' && takenBack ? 'unclear' : mark, raw: '[x]'}
  }
  const box = /^\[([^\][]{0,8})\](?!\()/u.exec(text)
  if (box !== null && readBoxes(text) !== null) {
    // No task, although it looks like one: no space after the box, or a mark that is none.
    return {mark: (box[1] ?? '').trim() === '' ? 'open' : 'unclear', raw: box[0]}
  }
  const code = codeStatus(item)
  const written = textStatus(text) ?? code
  const disagree = written?.mark === 'validated' && (code?.mark ?? 'validated') !== 'validated'
  const doubt = disagree || (struck && written?.mark === 'validated')
  return doubt && written !== null ? {...written, mark: 'unclear'} : written
}

/** The words that a ticked box answers for: without the answers that were not chosen. */
function answered(text: string): string {
  const other = text.search(/\[[^\][]{0,8}\](?!\()/)
  return other < 0 ? text : text.slice(0, other)
}

/** A ticked box whose text starts with a refusal: two answers are none. */
function contradicts(text: string): boolean {
  const lead = leadingEmoji(text)
  return lead !== null && lead.mark === 'refused'
}

/** Whether a mark, a status word or all words are struck out. */
export function isStruck(children: readonly PhrasingContent[]): boolean {
  const struck = children
    .filter((child) => child.type === 'delete')
    .map((child) => asPictograms(plainText(child)))
  if (struck.length === 0) return false
  const rest = children.filter((child) => child.type !== 'delete' && child.type !== 'html')
  if (plainText({type: 'paragraph', children: rest}).replace(/[\s:.–—-]+/g, '') === '') return true
  return struck.some(
    (text) => statusEmoji(text).length > 0 || statusAlone(text) !== null || /\[.?\]/.test(text),
  )
}

function textStatus(text: string): Status | null {
  const lead = leadingEmoji(text)
  const tail = tailStatus(text)
  // An unknown pictogram in front of an item whose status stands at its end is decoration.
  if (lead === null || (statusEmoji(lead.raw).length === 0 && tail !== null)) return tail
  const others = statusEmoji(lead.rest).some(({mark}) => mark !== 'validated')
  const tailSaysNo = (tailStatus(lead.rest)?.mark ?? 'validated') !== 'validated'
  const takenBack = others || tailSaysNo || isQualified(lead.rest) || endsByTakingBack(lead.rest)
  return {mark: lead.mark === 'validated' && takenBack ? 'unclear' : lead.mark, raw: lead.raw}
}

/** `Build : PASS`, `Recette — 🟡 en cours`, `Connexion ✅`. */
function tailStatus(text: string): Status | null {
  const separated = /(?:\s[–—-]\s|\s?[:→]\s|->|=>)(?!.*(?:\s[–—-]\s|[:→]\s|->|=>))\s*(.+)$/su.exec(
    text,
  )?.[1]
  if (separated !== undefined) {
    const tail = separated.trim()
    if (statusEmoji(tail).length > 0 && leadingEmoji(tail) !== null) return readStatus(tail)
    const shout = tail.split(/[\s(,;]/)[0] ?? ''
    if (startsWithStatus(tail) && (shout === shout.toUpperCase() || tail.split(' ').length <= 2)) {
      return readStatus(tail)
    }
  }
  const last = /(\p{Extended_Pictographic}|[✓✗✘])[\uFE0E\uFE0F]?[\s.]*$/u.exec(text)?.[1]
  const [emoji] = last === undefined ? [] : statusEmoji(last)
  if (emoji === undefined) return null
  const doubt = emoji.mark === 'validated' && (isQualified(text) || endsByTakingBack(text))
  return doubt ? {...emoji, mark: 'unclear'} : emoji
}

/** A status word in backticks: `PASS`, `BLOCKED_INFRA`. */
function codeStatus(item: ListItem): Status | null {
  const first = item.children[0]
  if (first?.type !== 'paragraph') return null
  const found: Status[] = []
  for (const child of first.children) {
    if (child.type !== 'inlineCode' || !startsWithStatus(child.value)) continue
    if (child.value !== child.value.toUpperCase()) continue
    found.push(readStatus(child.value))
  }
  const worst = found.find(({mark}) => mark !== 'validated') ?? found[0]
  if (worst?.mark !== 'validated') return worst ?? null
  return isQualified(plainText(first)) ? {...worst, mark: 'unclear'} : worst
}

/** A line of a paragraph as an entry; null where it is none. */
export function readLine(text: string): Omit<MarkedEntry, 'line'> | null {
  const box = readBoxes(text)
  if (box !== null) return {text: withoutMark(text), mark: box, raw: `${text.split(']')[0]}]`}
  const lead = leadingEmoji(text)
  if (lead === null || statusEmoji(lead.raw).length === 0) {
    const said = /^.{2,40}?\s*:\s/u.test(text) || !/[.:]$/.test(text) ? tailStatus(text) : null
    return said !== null && isBlocking(said.mark) && text.split(/\s+/).length <= 8
      ? {text, ...said}
      : null
  }
  if (/^[=:→]/.test(lead.rest) || statusEmoji(lead.rest).length > 0) {
    // `✅ = validé` explains a mark; `✅ Build ❌` contradicts itself.
    return /^[=:→]/.test(lead.rest) || /[,;/|=]/.test(lead.rest)
      ? null
      : {text: withoutMark(text), mark: 'unclear', raw: lead.raw}
  }
  const status = textStatus(text)
  if (status === null || isIntroduction(text)) return null
  return {text: withoutMark(text), ...status}
}

/** `❌ **Abandon immédiat si** :` introduces a list; it is no entry. */
function isIntroduction(text: string): boolean {
  return /:\s*$/.test(text) && /\b(si|if|when|lorsque|quand)\b/i.test(text)
}

/** Pictograms as they are drawn, comments left out. */
export function paragraphLines(paragraph: Paragraph): string[] {
  let text = ''
  for (const child of paragraph.children) {
    if (child.type === 'break') text += '\n'
    else if (child.type === 'text') text += child.value
    else if (child.type !== 'html') text += plainText(child)
  }
  return text
    .replace(/\n\n/g, '\n')
    .split(/\r\n|\n|\r/)
    .map((line) => asPictograms(line.trim()))
}

/** Text of the item itself, without its nested lists, and without a table that was written right below it. */
export function ownText(item: ListItem): string {
  const first = item.children[0]
  if (first === undefined || first.type === 'list' || first.type === 'code') return ''
  if (first.type !== 'paragraph') return asPictograms(plainText(first))
  const lines = paragraphLines(first)
  const table = lines.findIndex((line, index) => index > 0 && line.startsWith('|'))
  const own = table < 0 ? lines : lines.slice(0, table)
  return own.join(' ').replace(/\s+/g, ' ').trim()
}

export function withoutMark(text: string): string {
  const unboxed = text.replace(/^\[[^\]]?\]\s*/, '')
  const lead = leadingEmoji(unboxed)
  return (lead === null ? unboxed : lead.rest).trim()
}

/** Refused or open: it stands in the way. */
export const isBlocking = (mark: MarkedEntry['mark']) => mark === 'refused' || mark === 'open'
