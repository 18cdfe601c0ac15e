// The second look at a gate's checklist: the bare lines of its sections, held against the entries that were read from
// the tree. A line with a box or a mark that is no entry becomes one, and counts as what a person sees in it.

import {type Document, positionAt} from './document.ts'
import {folded} from './folded.ts'
import {holding, type Outline, outline} from './outline.ts'
import type {Section} from './section.ts'
import {type Sign, signs} from './signs.ts'
import {
  asPictograms,
  endsByTakingBack,
  leadingEmoji,
  type MarkedEntry,
  type MarkMeaning,
  readBoxes,
  readStatus,
  statusEmoji,
} from './status.ts'
import {markedRows, type StatusTable} from './status-table.ts'
import {rangeOf, walk} from './walk.ts'

export type EntriesRead = {
  readonly entries: readonly MarkedEntry[]
  /** Lines that were looked at and are no entries. */
  readonly settled: ReadonlySet<number>
  /** Lines that explain marks and boxes. */
  readonly explained: ReadonlySet<number>
}

/** What the first look missed, in the order of the lines. */
export function missedEntries(
  document: Document,
  sections: readonly Section[],
  {entries, settled, explained}: EntriesRead,
): readonly MarkedEntry[] {
  const inside = (offset: number) =>
    sections.some(({start, end}) => offset >= start && offset < end)
  const found = strayTables(document, inside)
  const read = new Set([...entries, ...found].map(({line}) => line))
  const rows = tableLines(document)
  const place = outline(document)
  let previous = 0
  for (const sign of signs(document.source)) {
    if (!inside(sign.offset)) continue
    const {line} = positionAt(document, sign.offset)
    if (explained.has(line)) continue
    const known = read.has(line)
    // A second box may stand in the line of an entry; a row's cells have all been read.
    const another = known && sign.type === 'box' && !sign.leads && !rows.has(line)
    const besideEntry = read.has(previous) && previous >= line - 2
    previous = known ? line : previous
    if (known && !another) continue
    if (isHarmless(sign, {place, settled: settled.has(line), rows: rows.has(line), besideEntry}))
      continue
    const words = lineWords(document, line)
    const mark = markOf(sign, words, isStruck(document, line))
    if (mark === null || (another && mark === 'validated')) continue
    found.push({text: withoutMark(words), mark, raw: sign.text, line})
    read.add(line)
  }
  return found
}

type Place = {
  readonly place: Outline
  readonly settled: boolean
  readonly rows: boolean
  readonly besideEntry: boolean
}

/** Whether nobody takes the sign for an entry of the checklist. */
function isHarmless(sign: Sign, {place, settled, rows, besideEntry}: Place): boolean {
  const {type, offset} = sign
  const comment = holding(place.comments, offset)
  if (comment !== undefined && !comment.torn) return true
  const code = holding(place.code, offset)
  if (code !== undefined && code.language !== null) {
    return type !== 'box' || !(sign.bulleted || (sign.leads && /[ xX]/.test(sign.text)))
  }
  switch (type) {
    case 'box':
      return false
    case 'mark':
      return settled
    case 'cell':
      return settled || rows
    case 'control':
      return false
    case 'bullet':
      // A bullet of a word processor right below an entry: a mark is missing.
      return settled || !besideEntry || /[-*+\d]/.test(place.document.source.charAt(offset))
    default:
      return true
  }
}

/** What a line says that was not read; null where it says nothing. */
function markOf(sign: Sign, words: string, struck: boolean): MarkMeaning | null {
  const said = saidBy(sign, words)
  return struck && said === 'validated' ? 'unclear' : said
}

function saidBy({type, text}: Sign, words: string): MarkMeaning | null {
  if (type === 'bullet') return 'open'
  if (type === 'control') return controlMark(words)
  const box = words.search(/\[[^\][]{0,8}\]/)
  if (type === 'box') {
    const said = box < 0 ? null : readBoxes(words.slice(box))
    if (said === null) return /^.\s*.$/u.test(text) ? 'open' : 'unclear'
    return said === 'validated' && endsByTakingBack(words.slice(0, box)) ? 'unclear' : said
  }
  const lead = leadingEmoji(words) ?? leadingEmoji(asPictograms(text))
  if (lead === null) return readStatus(asPictograms(text)).mark
  const takenBack = lead.mark === 'validated' && endsByTakingBack(lead.rest)
  return takenBack ? 'unclear' : lead.mark
}

/** HTML: an input that is not checked, a cell with a mark or a status. */
function controlMark(line: string): MarkMeaning | null {
  if (/<input\b/i.test(line)) {
    if (!/type\s*=\s*["']?(checkbox|radio)/i.test(line)) return 'unclear'
    const all = [...line.matchAll(/<input\b[^>]*>/gi)]
    return all.every(([input]) => /\schecked\b/i.test(input)) ? 'validated' : 'open'
  }
  const cells = line.split(/<[^>]*>/).map((cell) => cell.trim())
  const said = cells.flatMap((cell): MarkMeaning[] => {
    if (statusEmoji(cell).length > 0 || readBoxes(cell) !== null) return [readStatus(cell).mark]
    return /^(KO|NOK|NO[ -]?GO|FAIL(ED)?|BLOCKED|TODO|TBD)$/.test(cell) ? ['refused'] : []
  })
  for (const worst of ['refused', 'open', 'unclear', 'validated'] as const)
    if (said.includes(worst)) return worst
  return null
}

function isStruck({source, lineStarts}: Document, line: number): boolean {
  return source.slice(lineStarts[line - 1] ?? 0, lineStarts[line]).includes('~~')
}

/** A line as the eye takes it, without bullets, quotes and emphasis. */
function lineWords(document: Document, line: number): string {
  const start = document.lineStarts[line - 1] ?? 0
  const source = document.source.slice(start, document.lineStarts[line])
  return words(asPictograms(folded(source).text))
}

function words(text: string): string {
  return text
    .replace(/^[\s>#]*(?:(?:[-*+•‣–—·]|\d{1,3}[.)]|[a-z][.)])(?=[\s[(]|\p{So}))*/u, '')
    .replace(/\*\*|__|~~|`/g, '')
    .replace(/^(?:<(?!input|td|th|li)[^>]*>|[\s|*_-])*/, '')
    .trim()
}

const withoutMark = (text: string) =>
  (leadingEmoji(text)?.rest ?? text)
    .replace(/^\[[^\][]{0,8}\]\s*/, '')
    .replace(/<[^>]*>/g, ' ')
    .trim()
    .slice(0, 200)

function tableLines(document: Document): ReadonlySet<number> {
  const lines = new Set<number>()
  walk(document.tree, (node) => {
    if (node.type !== 'table') return
    const {start, end} = rangeOf(node)
    const last = positionAt(document, end).line
    for (let {line} = positionAt(document, start); line <= last; line++) lines.add(line)
  })
  return lines
}

/** Tables that Markdown does not see, such as one right below a list: a head, a line of dashes, rows. */
function strayTables(document: Document, inside: (offset: number) => boolean): MarkedEntry[] {
  const known = tableLines(document)
  const {comments, code} = outline(document)
  const found: MarkedEntry[] = []
  const {lineStarts, source} = document
  const row = (line: number): readonly string[] | null => {
    const start = lineStarts[line - 1]
    if (start === undefined || known.has(line) || !inside(start)) return null
    if (holding(comments, start) !== undefined) return null
    if ((holding(code, start)?.language ?? null) !== null) return null
    const text = source
      .slice(start, lineStarts[line])
      .trim()
      .replace(/^[>\s]+/, '')
    return text.includes('|') ? cellsOf(text) : null
  }
  for (let line = 1; line < lineStarts.length; line++) {
    const titles = row(line)
    const dashes = titles === null ? null : row(line + 1)
    if (titles === null || !dashes?.every((cell) => /^:?-+:?$/.test(cell))) continue
    const rows: {cells: readonly string[]; line: number}[] = []
    for (line += 2; ; line++) {
      const cells = row(line)
      if (cells === null) break
      rows.push({cells, line})
    }
    found.push(...markedRows({titles, rows} satisfies StatusTable))
  }
  return found
}

function cellsOf(text: string): readonly string[] {
  const cells = folded(text)
    .text.replace(/^\|/, '')
    .replace(/\|\s*$/, '')
    .split('|')
  return cells.map((cell) =>
    cell
      .replace(/\*\*|__|~~|`/g, '')
      .replace(/<[^>]*>/g, '')
      .trim(),
  )
}
