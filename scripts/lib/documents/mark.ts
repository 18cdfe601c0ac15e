// Checklists as people write them in a gate: boxes, ticked bullets and numbers, tables with a status column. Each entry
// with what its mark means. Legends, definitions and filling-in instructions are no entries, save where they hold a box.

import type {
  BlockContent,
  DefinitionContent,
  List,
  ListItem,
  Paragraph,
  RootContent,
  Table,
  TableCell,
} from 'mdast'
import type {Document} from './document.ts'
import {
  isBlocking,
  isStruck,
  itemStatus,
  ownText,
  paragraphLines,
  readLine,
  withoutMark,
} from './item-status.ts'
import {missedEntries} from './missed-entries.ts'
import {normalise} from './normalise.ts'
import {isWithin, type Section, sectionAt} from './section.ts'
import {
  endsByTakingBack,
  leadingEmoji,
  type MarkedEntry,
  type Status,
  startsWithStatus,
  statusAlone,
} from './status.ts'
import {isHistory, markedRows, type StatusTable} from './status-table.ts'
import {plainText, rangeOf} from './walk.ts'

type Flow = RootContent | BlockContent | DefinitionContent

/** How a place is read: all of it; boxes, status cells and what is refused or open; or boxes alone. */
type Reading = 'entries' | 'notes' | 'legend'

// Narrow on purpose: what is skipped cannot block. "Critères de sécurité" or "Key checks" are checklists.
const legends = [
  /^(legendes?|legend|comment (lire|remplir|cocher)|how to (read|use|fill))\b/,
  /^(key|symboles?|symbols?|signification|definitions?|verdicts?|exemples?|examples?|mode d emploi|consignes?|instructions?)( (d|de|des|du|of|the|this|in|possibles?|pour|to|for|remplissage|lecture)\b.*)?$/,
  /^(regles?|guide|rules?) (de |d |of )?(remplissage|lecture|notation|saisie|filling)\b/,
  /^(no )?go (si|if|when|lorsque|quand|requires)\b/,
  /^(abandon|arret|stop|abort)( immediat| immediately)? (si|if|when|lorsque|quand)\b/,
]
const notes = [
  /^(risques?|risks?|preuves?|evidences?)\b/,
  /^criteres? (de |d )(succes|reussite|abandon|rollback|acceptation|sortie|decision|go|no go)\b/,
  /^(success|acceptance|exit|abort|rollback|decision) criteri(a|on)\b/,
  /^(notes?|remarques?|references?|liens|links|annexes?|appendix|historique|history)( (d|de|du|des|of|the) .*)?$/,
]

type Found = {
  readonly document: Document
  readonly entries: MarkedEntry[]
  /** Lines whose mark was looked at and makes no entry of them. */
  readonly settled: Set<number>
  /** Lines that explain marks and boxes. */
  readonly explained: Set<number>
}

/** The checklist entries of sections and of what lies below them, in document order. */
export function markedEntries(
  document: Document,
  ...sections: readonly Section[]
): readonly MarkedEntry[] {
  const found: Found = {document, entries: [], settled: new Set(), explained: new Set()}
  for (const section of sections) {
    const groups = new Map<Section, Flow[]>()
    for (const node of document.tree.children) {
      const {start} = rangeOf(node)
      if (start < section.start || start >= section.end || node.type === 'heading') continue
      const home = sectionAt(document, start)
      groups.set(home, [...(groups.get(home) ?? []), node])
    }
    for (const [home, nodes] of groups) readFlow(nodes, readingOf(home, section), found)
  }
  const unread = missedEntries(document, sections, found)
  return [...found.entries, ...unread].sort((a, b) => a.line - b.line)
}

/** What a subsection is about. */
function readingOf(home: Section, section: Section): Reading {
  let reading: Reading = 'entries'
  for (let at: Section | null = home; at !== null && at !== section; at = at.parent) {
    if (!isWithin(at, section)) return 'entries'
    const own = at.ownKind && /^(risks|success|abort|history)$/.test(at.kind)
    reading = stricter(reading, own ? 'notes' : readingOfTitle(at.key))
  }
  return reading
}

function readingOfTitle(key: string): Reading {
  if (legends.some((pattern) => pattern.test(key))) return 'legend'
  return notes.some((pattern) => pattern.test(key)) ? 'notes' : 'entries'
}

function stricter(one: Reading, other: Reading): Reading {
  const order: readonly Reading[] = ['entries', 'notes', 'legend']
  return order.indexOf(other) > order.indexOf(one) ? other : one
}

function readFlow(nodes: readonly Flow[], reading: Reading, found: Found): void {
  let intro = ''
  for (const node of nodes) {
    const here = stricter(reading, readingOfTitle(normalise(intro)))
    if (node.type === 'list') readList(node, here, found, null)
    else if (node.type === 'table') readTable(node, here, found)
    else if (node.type === 'blockquote') readFlow(node.children, reading, found)
    else if (node.type === 'paragraph') {
      readLines(node, stricter(reading, readingOfTitle(normalise(plainText(node)))), found)
    }
    // A comment between an introduction and its list changes nothing.
    if (node.type !== 'html') intro = node.type === 'paragraph' ? plainText(node) : ''
  }
}

function readTable(table: Table, reading: Reading, found: Found): void {
  const read = tableOf(table)
  const past = reading !== 'entries' && isHistory(read)
  if (!past) found.entries.push(...markedRows(read))
  // What is no entry in a row was looked at all the same.
  for (const {line} of read.rows) found.settled.add(line)
}

function tableOf(table: Table): StatusTable {
  const [header, ...rows] = table.children
  return {
    titles: (header?.children ?? []).map((cell) => plainText(cell)),
    rows: rows.map((row) => ({cells: row.children.map(cellText), line: lineOf(row)})),
  }
}

/** A mark that was struck out is none. */
function cellText(cell: TableCell): string {
  return isStruck(cell.children) ? '' : plainText(cell)
}

type ReadItem = {
  readonly item: ListItem
  readonly text: string
  readonly status: Status | null
}

/** Unmarked bullets are details, except beside marked ones: there a mark is missing. */
function readList(list: List, reading: Reading, found: Found, parent: Status | null): void {
  const read = list.children.map((item): ReadItem => {
    const text = ownText(item)
    return {item, text, status: itemStatus(item, text)}
  })
  if (isLegend(read, reading)) {
    explain(list, found)
    return
  }
  const dropped = unchosen(read)
  const someMarked = reading === 'entries' && read.some(({status}) => status !== null)
  for (const {item, text, status} of read) {
    const boxed = status !== null && /^\[/.test(status.raw)
    const line = lineOf(item)
    const counts =
      boxed || reading === 'entries' || (reading === 'notes' && isBlocking(status?.mark ?? 'open'))
    if (dropped.has(item)) found.explained.add(line)
    else if (!boxed && isDefinition(text)) found.settled.add(line)
    else if (status === null && readingOfTitle(normalise(text)) !== 'entries')
      found.settled.add(line)
    else if (status !== null && counts) {
      found.entries.push({text: withoutMark(text), ...status, line})
    } else if (status === null && someMarked && text !== '') {
      found.entries.push({text, mark: 'open', raw: '', line})
    } else if (status === null && parent?.mark === 'validated' && endsByTakingBack(text)) {
      found.entries.push({text, mark: 'unclear', raw: '', line})
    } else found.settled.add(line)
    for (const child of item.children.slice(1)) {
      if (
        child.type === 'paragraph' &&
        status?.mark === 'validated' &&
        endsByTakingBack(plainText(child))
      )
        found.entries.push({text: plainText(child), mark: 'unclear', raw: '', line: lineOf(child)})
    }
    for (const child of item.children) {
      if (child.type === 'list') readList(child, reading, found, status)
      else if (child.type === 'table') readTable(child, reading, found)
    }
  }
}

/** Answers of one question, `[x] GO` and `[ ] NO-GO`: the one that is ticked stands for all. */
function unchosen(read: readonly ReadItem[]): ReadonlySet<ListItem> {
  const dropped = new Set<ListItem>()
  let answers: ReadItem[] = []
  for (const each of [...read, null]) {
    if (
      each !== null &&
      typeof each.item.checked === 'boolean' &&
      statusAlone(each.text) !== null
    ) {
      answers.push(each)
      continue
    }
    const [yes, ...more] = answers.filter(({item}) => item.checked === true)
    if (yes !== undefined && more.length === 0 && statusAlone(yes.text) === 'validated')
      for (const {item} of answers) if (item !== yes.item) dropped.add(item)
    answers = []
  }
  return dropped
}

/** Lines of a paragraph that start with a mark, `✅ **Build réussi** : ...`, or end by a refusal, `Décision : NO-GO`. */
function readLines(paragraph: Paragraph, reading: Reading, found: Found): void {
  const first = lineOf(paragraph)
  paragraphLines(paragraph).forEach((text, index) => {
    const line = first + index
    const entry = readLine(text)
    if (
      entry !== null &&
      (reading === 'entries' || (reading === 'notes' && isBlocking(entry.mark)))
    )
      found.entries.push({...entry, line})
    else if (reading === 'legend') found.explained.add(line)
    else if (leadingEmoji(text) !== null) found.settled.add(line)
  })
}

/** A list that only says what the marks mean: each line a mark and its own words, and different marks. */
function isLegend(read: readonly ReadItem[], reading: Reading): boolean {
  const boxed = read.some(({item}) => typeof item.checked === 'boolean')
  if (read.length < 2 || (boxed && reading !== 'legend')) return false
  const marks = new Set<string>()
  for (const {item, text} of read) {
    const lead = boxed ? {raw: String(item.checked), rest: text} : leadingEmoji(text)
    if (lead === null) return false
    marks.add(lead.raw)
    const rest = lead.rest.replace(/^[\s=:→–—-]+/, '')
    const says = /^[=→:]/.test(lead.rest) || (startsWithStatus(rest) && rest.split(' ').length <= 3)
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

function explain(list: List, {explained}: Found): void {
  const {start, end} = list.position ?? {}
  for (let line = start?.line ?? 1; line <= (end?.line ?? 0); line++) explained.add(line)
}

function lineOf(node: {position?: {start: {line: number}} | undefined}): number {
  return node.position?.start.line ?? 1
}
