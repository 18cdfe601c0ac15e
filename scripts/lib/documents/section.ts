// The tree of headings: which part of a document an offset belongs to, and what that part is for.

import type {Heading} from 'mdast'
import {type Document, type Position, positionAt} from './document.ts'
import {type HeadingKind, type HeadingPhase, headingMeaning} from './headings.ts'
import {headingNumber, normalise} from './normalise.ts'
import {plainText, rangeOf} from './walk.ts'

export type Section = {
  /** Plain text of the heading; '' for what comes before the first one. */
  readonly title: string
  /** `normalise(title)`. */
  readonly key: string
  /** The number that the title starts with, such as "4" or "4.1". */
  readonly number: string | null
  /** 1 to 6; 0 for the whole document. */
  readonly depth: number
  /** What it is for: its own heading's kind, else its parent's. */
  readonly kind: HeadingKind
  /** True where the heading itself names the kind, false where it is inherited. */
  readonly ownKind: boolean
  readonly phase: HeadingPhase | null
  readonly heading: Heading | null
  /** From the heading's first character to the next heading of the same or a higher rank. */
  readonly start: number
  readonly end: number
  /** Its own content: after the heading line, before the first subheading. */
  readonly bodyStart: number
  readonly bodyEnd: number
  readonly position: Position
  readonly parent: Section | null
  readonly children: readonly Section[]
}

type Draft = {-readonly [Key in keyof Section]: Section[Key]} & {children: Draft[]}

const cache = new WeakMap<Document, readonly Section[]>()

/** All sections in document order; the first is the document itself (depth 0). */
export function sections(document: Document): readonly Section[] {
  const known = cache.get(document)
  if (known !== undefined) return known
  const built = build(document)
  cache.set(document, built)
  return built
}

/** The innermost section that holds `offset`. */
export function sectionAt(document: Document, offset: number): Section {
  const all = sections(document)
  let low = 0
  let high = all.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((all[middle]?.start ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  const found = all[low] ?? all[0]
  if (found === undefined) throw new Error('a document has at least one section')
  return found
}

/** Sections whose own heading names this kind, in document order. */
export function sectionsOfKind(document: Document, kind: HeadingKind): readonly Section[] {
  return sections(document).filter((section) => section.kind === kind && section.ownKind)
}

/** The first section with one of these titles, whatever accents, case and numbering. */
export function findSection(document: Document, ...titles: readonly string[]): Section | undefined {
  const keys = new Set(titles.map(normalise))
  return sections(document).find((section) => section.depth > 0 && keys.has(section.key))
}

/** The highest-ranking section that is numbered so ("4"), the first where several are. */
export function numberedSection(document: Document, number: string): Section | undefined {
  return sections(document)
    .filter((section) => section.number === number)
    .sort((a, b) => a.depth - b.depth || a.start - b.start)[0]
}

/** That section and those that go on with it: `4.1`, `4 bis`, `4. (suite)` at whatever rank; none inside another. */
export function numberedSections(document: Document, number: string): readonly Section[] {
  const first = numberedSection(document, number)
  const goesOn = new RegExp(
    `^\\P{L}*(?:section|partie|part|§)?\\s*${number}(?:\\s*(?:bis|ter|quater|suite|cont)\\b|[a-z]\\b|\\.\\d)`,
    'iu',
  )
  const found: Section[] = []
  for (const section of sections(document)) {
    const again = section.number === number && section.depth <= (first?.depth ?? section.depth)
    if (section !== first && !again && (section.depth === 0 || !goesOn.test(section.title)))
      continue
    if (!found.some((other) => isWithin(section, other))) found.push(section)
  }
  return found
}

/** Whether `section` is `other` or lies below it. */
export function isWithin(section: Section, other: Section): boolean {
  return section.start >= other.start && section.end <= other.end && section.depth >= other.depth
}

/** Titles from the document's top down to the section. */
export function trail(section: Section): readonly string[] {
  const titles: string[] = []
  for (let at: Section | null = section; at !== null && at.depth > 0; at = at.parent) {
    titles.unshift(at.title)
  }
  return titles
}

function build(document: Document): Section[] {
  const length = document.source.length
  const root: Draft = {
    title: '',
    key: '',
    number: null,
    depth: 0,
    kind: 'prose',
    ownKind: false,
    phase: null,
    heading: null,
    start: 0,
    end: length,
    bodyStart: 0,
    bodyEnd: length,
    position: positionAt(document, 0),
    parent: null,
    children: [],
  }
  const all = [root]
  const open = [root]
  for (const node of document.tree.children) {
    if (node.type !== 'heading') continue
    const {start, end} = rangeOf(node)
    const before = all.at(-1)
    if (before !== undefined) before.bodyEnd = start
    while ((open.at(-1)?.depth ?? 0) >= node.depth) {
      const closed = open.pop()
      if (closed !== undefined) closed.end = start
    }
    const parent = open.at(-1) ?? root
    const title = plainText(node)
    const meaning = headingMeaning(title)
    const own = meaning.kind !== 'prose'
    const section: Draft = {
      title,
      key: normalise(title),
      number: headingNumber(title),
      depth: node.depth,
      kind: own ? meaning.kind : parent.kind,
      ownKind: own,
      phase: own ? meaning.phase : parent.phase,
      heading: node,
      start,
      end: length,
      bodyStart: Math.min(end, length),
      bodyEnd: length,
      position: positionAt(document, start),
      parent,
      children: [],
    }
    parent.children.push(section)
    all.push(section)
    open.push(section)
  }
  return all
}
