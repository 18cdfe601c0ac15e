// Parses a document whose tables grew long (a ledger, a history of runs) without parsing their rows each
// time. A row of a GFM table is read by itself: what stands in it decides nothing outside of it. So the
// middle of a long table is left out, the rest is parsed, and the rows left out are put in from what was
// read of the same text before. Gives the tree that the parser itself gives; where that is not certain
// (definitions that a row could refer to, lines that are no table), the parser reads the whole.

import type {Nodes, Root, RootContent, Table, TableRow} from 'mdast'

type Parse = (source: string) => Root

/** Rows in a row for which it is worth while. */
const long = 12
/** Rows that are parsed together, and remembered. */
const together = 200
const rememberedMost = 20_000

const plainRow = /^\|[^\t\0]*\|$/

/** `parse(source)`, sooner. */
export function parseLongTables(source: string, parse: Parse): Root {
  const cuts = cutsOf(source)
  if (cuts.length === 0) return parse(source)
  let rest = ''
  let from = 0
  for (const {start, end} of cuts) {
    rest += source.slice(from, start)
    from = end
  }
  const tree = parse(rest + source.slice(from))
  return restored(tree, cuts, parse) ?? parse(source)
}

/** A text without the middle of its long tables. */
export interface Shortened {
  readonly text: string
  /** Where in `text` rows were left out. */
  readonly at: readonly number[]
  /** The whole of what was made of `text`; null where something was changed before the last of these places. */
  readonly whole: (changed: string) => string | null
}

/** For who adds to a long document what depends on none of those rows; null where there are none to leave out. */
export function shortened(source: string): Shortened | null {
  const cuts = cutsOf(source)
  if (cuts.length === 0) return null
  let text = ''
  let from = 0
  const left: {readonly at: number; readonly rows: string}[] = []
  for (const {start, end} of cuts) {
    text += source.slice(from, start)
    left.push({at: text.length, rows: source.slice(start, end)})
    from = end
  }
  const before = text
  text += source.slice(from)
  return {
    text,
    at: left.map(({at}) => at),
    whole: (changed) => {
      if (!changed.startsWith(before)) return null
      let made = ''
      let taken = 0
      for (const {at, rows} of left) {
        made += changed.slice(taken, at) + rows
        taken = at
      }
      return made + changed.slice(taken)
    },
  }
}

// Definitions and footnotes reach everywhere; other line endings are counted otherwise.
const cutsOf = (source: string): Cut[] =>
  source.includes(']:') || /[\r\0]/.test(source) ? [] : longRuns(source)

/** Lines left out: from the start of the first to behind the last one's ending. */
interface Cut {
  readonly start: number
  readonly end: number
  /** Of the first line, from 1. */
  readonly line: number
  readonly rows: readonly string[]
}

/** Header, delimiter and first row stay, and so does the last row: where the table ends is the parser's to say. */
function longRuns(source: string): Cut[] {
  const cuts: Cut[] = []
  let run: string[] = []
  let start = 0
  let offset = 0
  let line = 0
  const close = () => {
    if (run.length >= long) {
      const [kept, last] = [run.slice(0, 3), run.at(-1) ?? '']
      const from = start + kept.join('\n').length + 1
      const rows = run.slice(3, -1)
      cuts.push({start: from, end: offset - last.length - 1, line: line - rows.length, rows})
    }
    run = []
  }
  for (const text of source.split('\n')) {
    if (plainRow.test(text)) {
      if (run.length === 0) start = offset
      run.push(text)
    } else close()
    offset += text.length + 1
    line += 1
  }
  close()
  return cuts
}

/** The tree with the rows back in it, and everything behind them moved; null where a cut is no table's. */
function restored(tree: Root, cuts: readonly Cut[], parse: Parse): Root | null {
  let characters = 0
  const places: {table: Table; at: number; rows: TableRow[]; shift: Shift}[] = []
  for (const {start, end, line, rows} of cuts) {
    // Where the cut lies in what was parsed, and the row that stands behind it there.
    const here = start - characters
    const table = tree.children.find((node) => isAround(node, here))
    if (table?.type !== 'table') return null
    const at = table.children.findIndex((row) => row.position?.start.offset === here)
    if (at < 2 || table.children[at - 1]?.position?.end.offset !== here - 1) return null
    const read = rowsOf(rows, parse)
    if (read === null) return null
    let offset = start
    places.push({
      ...{table, at},
      rows: read.map((row, index) => {
        const moved = copied(row, {line: line + index, offset})
        offset += (rows[index] ?? '').length + 1
        return moved
      }),
      shift: {from: here, lines: rows.length, characters: end - start},
    })
    characters += end - start
  }
  move(
    tree,
    places.map(({shift}) => shift),
  )
  // From the last to the first: two cuts may lie in one table.
  for (const {table, at, rows} of places.reverse()) {
    table.children = [...table.children.slice(0, at), ...rows, ...table.children.slice(at)]
  }
  return tree
}

const isAround = ({position}: RootContent, offset: number): boolean =>
  position !== undefined &&
  (position.start.offset ?? 0) < offset &&
  offset < (position.end.offset ?? 0)

/** What is left out before `from`, an offset of the shorter text. */
interface Shift {
  readonly from: number
  readonly lines: number
  readonly characters: number
}

function move(tree: Root, shifts: readonly Shift[]): void {
  const by = (offset: number) => {
    let lines = 0
    let characters = 0
    for (const shift of shifts) {
      if (shift.from > offset) break
      lines += shift.lines
      characters += shift.characters
    }
    return {lines, characters}
  }
  const open: Nodes[] = [tree]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const point of [node.position?.start, node.position?.end]) {
      if (point?.offset === undefined) continue
      const {lines, characters} = by(point.offset)
      point.line += lines
      point.offset += characters
    }
    if ('children' in node) open.push(...node.children)
  }
}

/** Rows as they stand on line 1 at offset 0, by their text. */
const known = new Map<string, TableRow>()

/** null where the lines are no rows of a table after all. */
function rowsOf(texts: readonly string[], parse: Parse): TableRow[] | null {
  const unknown = [...new Set(texts.filter((text) => !known.has(text)))]
  if (known.size + unknown.length > rememberedMost) {
    known.clear()
    unknown.splice(0, unknown.length, ...new Set(texts))
  }
  for (let from = 0; from < unknown.length; from += together) {
    const lines = unknown.slice(from, from + together)
    const [table, more] = parse(`${head}${lines.join('\n')}\n`).children
    if (table?.type !== 'table' || more !== undefined) return null
    const rows = table.children.slice(1)
    if (rows.length !== lines.length) return null
    for (const [index, row] of rows.entries()) {
      const {line, offset} = row.position?.start ?? {}
      if (line === undefined || offset === undefined) return null
      known.set(lines[index] ?? '', copied(row, {line: 2 - line, offset: -offset}))
    }
  }
  const found = texts.flatMap((text) => known.get(text) ?? [])
  return found.length === texts.length ? found : null
}

const head = '| a |\n| --- |\n'

/** A copy of a row that stands on line 1, further down: `line` and `offset` are those where it begins. */
function copied(row: TableRow, place: {line: number; offset: number}): TableRow {
  return copyOf(row, place.line - 1, place.offset)
}

function copyOf<T extends Nodes>(node: T, lines: number, characters: number): T {
  const copy = {...node}
  if (node.position !== undefined) {
    const {start, end} = node.position
    copy.position = {
      start: moved(start, lines, characters),
      end: moved(end, lines, characters),
    }
  }
  if ('children' in copy && 'children' in node)
    copy.children = node.children.map((child) => copyOf(child, lines, characters))
  return copy
}

const moved = (
  point: {line: number; column: number; offset?: number | undefined},
  lines: number,
  characters: number,
) => ({
  line: point.line + lines,
  column: point.column,
  ...(point.offset !== undefined && {offset: point.offset + characters}),
})
