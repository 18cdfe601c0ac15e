// Checklists as people write them in a gate: boxes, ticked bullets and numbers, tables with a status column. Each entry
// with what its mark means; legends, definitions, criteria, risks, evidence and fenced text are no entries.

import type {
  BlockContent,
  DefinitionContent,
  List,
  ListItem,
  Paragraph,
  RootContent,
  Table,
} from 'mdast'
import type {Document} from './document.ts'
import {normalise} from './normalise.ts'
import {isWithin, type Section, sectionAt} from './section.ts'
import {
  isQualified,
  leadingEmoji,
  type MarkMeaning,
  readStatus,
  type Status,
  startsWithStatus,
  statusEmoji,
} from './status.ts'
import {markedRows} from './status-table.ts'
import {plainText, rangeOf} from './walk.ts'

export {conflictMarkers, type Metadata, metadata} from './metadata.ts'
export type {MarkMeaning} from './status.ts'

export type MarkedEntry = {
  readonly text: string
  readonly mark: MarkMeaning
  /** The mark as written: `[ ]`, `✅`, `PASS`; '' where there is none. */
  readonly raw: string
  readonly line: number
}

type Flow = RootContent | BlockContent | DefinitionContent

// Narrow on purpose: what is skipped cannot block. "Critères de sécurité" or "Key checks" are checklists.
const asides = [
  /^(legendes?|legend|comment lire|how to (read|use)|risques?|risks?|preuves?|evidences?)\b/,
  /^(no )?go (si|if|when|lorsque|quand|requires)\b/,
  /^criteres? (de |d )(succes|reussite|abandon|rollback|acceptation|sortie|decision|go|no go)\b/,
  /^(success|acceptance|exit|abort|rollback|decision) criteri(a|on)\b/,
  /^(key|notes?|references?|liens|links|annexes?|appendix|definitions?|exemples?|examples?|symboles?|signification|verdicts?|historique|history)( (d|de|du|des|of|the) .*)?$/,
]

/** The checklist entries of a section and of what lies below it, in document order. */
export function markedEntries(document: Document, section: Section): readonly MarkedEntry[] {
  const found: MarkedEntry[] = []
  const inside = document.tree.children.filter((node) => {
    const {start} = rangeOf(node)
    return start >= section.start && start < section.end && node.type !== 'heading'
  })
  readFlow(
    inside.filter((node) => !isAside(sectionAt(document, rangeOf(node).start), section)),
    found,
  )
  return found.sort((a, b) => a.line - b.line)
}

/** Whether a subsection is about something else than the checklist. */
function isAside(home: Section, section: Section): boolean {
  for (let at: Section | null = home; at !== null && at !== section; at = at.parent) {
    if (!isWithin(at, section)) return false
    if (isAsideTitle(at.key) || (at.ownKind && /^(risks|success|abort|history)$/.test(at.kind))) {
      return true
    }
  }
  return false
}

function isAsideTitle(key: string): boolean {
  return asides.some((pattern) => pattern.test(key))
}

function readFlow(nodes: readonly Flow[], found: MarkedEntry[]): void {
  let intro = ''
  for (const node of nodes) {
    const skipped = isAsideTitle(normalise(intro))
    if (node.type === 'list') {
      if (!skipped) readList(node, found)
    } else if (node.type === 'table') {
      if (!skipped) found.push(...readTable(node))
    } else if (node.type === 'blockquote') {
      readFlow(node.children, found)
    } else if (node.type === 'paragraph') {
      if (!isAsideTitle(normalise(plainText(node)))) found.push(...readLines(node))
    }
    // A comment between an introduction and its list changes nothing.
    if (node.type !== 'html') intro = node.type === 'paragraph' ? plainText(node) : ''
  }
}

function readTable(table: Table): readonly MarkedEntry[] {
  return markedRows(table).map(({node, ...entry}) => ({...entry, line: lineOf(node)}))
}

/** Unmarked bullets are details, except beside marked ones: there a mark is missing. */
function readList(list: List, found: MarkedEntry[]): void {
  const read = list.children.map((item) => ({item, text: ownText(item), status: itemStatus(item)}))
  if (isLegend(read)) return
  const someMarked = read.some(({status}) => status !== null)
  for (const {item, text, status} of read) {
    if (typeof item.checked !== 'boolean' && isDefinition(text)) continue
    if (status === null && isAsideTitle(normalise(text))) continue
    if (status !== null) found.push({text: withoutMark(text), ...status, line: lineOf(item)})
    else if (someMarked && text !== '') {
      found.push({text, mark: 'open', raw: '', line: lineOf(item)})
    }
    for (const child of item.children) {
      if (child.type === 'list') readList(child, found)
      else if (child.type === 'table') found.push(...readTable(child))
    }
  }
}

function itemStatus(item: ListItem): Status | null {
  const text = ownText(item)
  // The box outranks everything that is written beside it.
  if (item.checked === false) return {mark: 'open', raw: '[ ]'}
  if (item.checked === true) return {mark: contradicts(text) ? 'unclear' : 'validated', raw: '[x]'}
  const box = /^\[([^\]\p{L}\p{N}]?|[xX])\](?!\()/u.exec(text)
  if (box !== null) {
    // No task, although it looks like one: no space after the box, or a mark that is none.
    return {mark: (box[1] ?? '').trim() === '' ? 'open' : 'unclear', raw: box[0]}
  }
  const code = codeStatus(item)
  const written = textStatus(text) ?? code
  const disagree = written?.mark === 'validated' && (code?.mark ?? 'validated') !== 'validated'
  return disagree ? {...written, mark: 'unclear'} : written
}

/** A ticked box whose text starts with a refusal: two answers are none. */
function contradicts(text: string): boolean {
  const lead = leadingEmoji(text)
  return lead !== null && lead.mark === 'refused'
}

function textStatus(text: string): Status | null {
  const lead = leadingEmoji(text)
  const tail = tailStatus(text)
  // An unknown pictogram in front of an item whose status stands at its end is decoration.
  if (lead === null || (statusEmoji(lead.raw).length === 0 && tail !== null)) return tail
  const others = statusEmoji(lead.rest).some(({mark}) => mark !== 'validated')
  const tailSaysNo = (tailStatus(lead.rest)?.mark ?? 'validated') !== 'validated'
  const takenBack = others || tailSaysNo || isQualified(lead.rest)
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
  return emoji.mark === 'validated' && isQualified(text) ? {...emoji, mark: 'unclear'} : emoji
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

/** Lines of a paragraph that start with a mark: `✅ **Build réussi** : ...`. */
function readLines(paragraph: Paragraph): readonly MarkedEntry[] {
  const first = lineOf(paragraph)
  const lines = linesOf(paragraph)
  const marked = lines.map((text, index) => ({text, index, lead: leadingEmoji(text)}))
  const entries = marked.flatMap(({text, index, lead}) => {
    const box = /^\[[ \u00A0xX]?\]\s/.exec(text)
    if (box !== null) {
      const mark = /x/i.test(box[0]) ? ('unclear' as const) : ('open' as const)
      return [{text: withoutMark(text), mark, raw: box[0].trim(), line: first + index}]
    }
    if (lead === null || statusEmoji(lead.raw).length === 0) return []
    if (/^[=:→]/.test(lead.rest) || statusEmoji(lead.rest).length > 0) return []
    const status = textStatus(text)
    if (status === null || isIntroduction(text)) return []
    return [{text: withoutMark(text), ...status, line: first + index}]
  })
  return entries
}

/** `❌ **Abandon immédiat si** :` introduces a list; it is no entry. */
function isIntroduction(text: string): boolean {
  return /:\s*$/.test(text) && /\b(si|if|when|lorsque|quand)\b/i.test(text)
}

function linesOf(paragraph: Paragraph): string[] {
  let text = ''
  for (const child of paragraph.children) {
    if (child.type === 'break') text += '\n'
    else if (child.type === 'text') text += child.value
    else if (child.type !== 'html') text += plainText(child)
  }
  return text
    .replace(/\n\n/g, '\n')
    .split('\n')
    .map((line) => line.trim())
}

/** A list that only says what the marks mean: each line a mark and its own words, and different marks. */
function isLegend(read: readonly {item: ListItem; text: string}[]): boolean {
  if (read.length < 2 || read.some(({item}) => typeof item.checked === 'boolean')) return false
  const marks = new Set<string>()
  for (const {text} of read) {
    const lead = leadingEmoji(text)
    if (lead === null) return false
    marks.add(lead.raw)
    const rest = lead.rest.replace(/^[\s=:→–—-]+/, '')
    const says = /^[=→]/.test(lead.rest) || (startsWithStatus(rest) && rest.split(' ').length <= 3)
    if (!says) return false
  }
  return marks.size === read.length
}

/** `GO si tout est vert`, `NO-GO : un item refusé`; but "Go version : 1.22" is an item. */
function isDefinition(text: string): boolean {
  const words = text.replace(/^\P{L}+/u, '')
  return /^(NO[\s-]?GO|GO|PASS|FAIL|BLOCKED)\s*(\([^)]*\)\s*)?(=|:|→|(si|if|when|lorsque|quand|requires?)\b)/i.test(
    words,
  )
}

/** Text of the item itself, without its nested lists. */
function ownText(item: ListItem): string {
  const first = item.children[0]
  return first === undefined || first.type === 'list' || first.type === 'code'
    ? ''
    : plainText(first)
}

function withoutMark(text: string): string {
  const unboxed = text.replace(/^\[[^\]]?\]\s*/, '')
  const lead = leadingEmoji(unboxed)
  return (lead === null ? unboxed : lead.rest).trim()
}

function lineOf(node: {position?: {start: {line: number}} | undefined}): number {
  return node.position?.start.line ?? 1
}
