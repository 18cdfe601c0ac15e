// The tasks of a document (`- [ ] **Title** : text`) with what proves them. Boxes in fences, indented code or comments
// are no tasks: only what remark reads as a task is one.

import type {Break, ListItem, Paragraph, PhrasingContent} from 'mdast'
import {type Directive, directives} from './directive.ts'
import {type Document, type DocumentError, errorAt, type Position, positionAt} from './document.ts'
import {type Section, sectionAt} from './section.ts'
import {plainText, rangeOf, walk} from './walk.ts'

export type Item = {
  /** Place among all items of the document, from 0. */
  readonly index: number
  /** The bold lead, else the first words. */
  readonly title: string
  /** The first paragraph as plain text, title included, without comments and without its stamp. */
  readonly text: string
  /** The text after the bold lead and its colon; the whole text where there is no bold lead. */
  readonly detail: string
  readonly checked: boolean
  readonly section: Section
  /** What proves it; null: a person attests it. */
  readonly directive: Directive | null
  /** All directives in it, `optional` included. */
  readonly directives: readonly Directive[]
  /** May be answered "not applicable" with a reason. */
  readonly optional: boolean
  readonly position: Position
  /** Index of the task that it is nested in. */
  readonly parentIndex: number | null
  /** The document's path. */
  readonly path: string
}

export type Checklist = {
  readonly items: readonly Item[]
  readonly problems: readonly DocumentError[]
}

type Draft = {node: ListItem; start: number; end: number; parentIndex: number | null}
type Read = Checklist & {readonly nodes: ReadonlyMap<Item, ListItem>}

const cache = new WeakMap<Document, Read>()

/** Items in document order, and what is wrong with their comments. */
export function checklist(document: Document): Checklist {
  return read(document)
}

export function items(document: Document): readonly Item[] {
  return read(document).items
}

/** The list item that an item was read from; undefined for an item of another document. */
export function nodeOf(document: Document, item: Item): ListItem | undefined {
  return read(document).nodes.get(item)
}

function read(document: Document): Read {
  const known = cache.get(document)
  if (known !== undefined) return known
  const drafts: Draft[] = []
  const rows: {start: number; end: number}[] = []
  const problems: DocumentError[] = []
  const indices = new Map<unknown, number>()
  walk(document.tree, (node, ancestors) => {
    if (node.type === 'tableRow') rows.push(rangeOf(node))
    if (node.type !== 'listItem') return
    if (typeof node.checked !== 'boolean') {
      const heading = boxedHeading(document, node)
      if (heading !== null) problems.push(heading)
      return
    }
    let parentIndex: number | null = null
    for (const ancestor of ancestors) parentIndex = indices.get(ancestor) ?? parentIndex
    indices.set(node, drafts.length)
    drafts.push({node, ...rangeOf(node), parentIndex})
  })

  const owned = drafts.map((): Directive[] => [])
  const inRow = within(rows)
  const inItem = innermost(drafts)
  for (const directive of directives(document).directives) {
    const offset = directive.position.offset
    const owner = inItem(offset)
    if (owner !== undefined) owned[owner]?.push(directive)
    else if (needsItem(directive) && !inRow(offset)) problems.push(homeless(document, directive))
  }

  const nodes = new Map<Item, ListItem>()
  drafts.forEach(({node, parentIndex}, index) => {
    const own = owned[index] ?? []
    const [directive, second] = own.filter(({kind}) => kind !== 'optional')
    if (second !== undefined) {
      const first = `\`${directive?.kind}: ${directive?.name}\``
      const reason = {
        fr: `un point ne porte qu’une directive, et celui-ci a déjà ${first}`,
        en: `an item takes one directive, and this one already has ${first}`,
      }
      problems.push(errorAt(document, second.position.offset, reason, {rule: 'two-directives'}))
    }
    const words = wordsOf(node)
    const start = rangeOf(node).start
    const item: Item = {
      index,
      ...words,
      checked: node.checked === true,
      section: sectionAt(document, start),
      directive: directive ?? null,
      directives: own,
      optional: own.some(({flags}) => flags.has('optional')),
      position: positionAt(document, start),
      parentIndex,
      path: document.path,
    }
    nodes.set(item, node)
  })
  problems.push(...directives(document).problems)
  problems.sort((a, b) => a.line - b.line || a.column - b.column)
  const result = {items: [...nodes.keys()], problems, nodes}
  cache.set(document, result)
  return result
}

function needsItem({kind}: Directive): boolean {
  return (
    kind === 'check' ||
    kind === 'step' ||
    kind === 'trigger' ||
    kind === 'attest' ||
    kind === 'optional'
  )
}

function homeless(document: Document, directive: Directive): DocumentError {
  const written =
    directive.kind === 'optional' ? 'optional' : `${directive.kind}: ${directive.name}`
  const reason = {
    fr: `\`${written}\` n’appartient à aucun point`,
    en: `\`${written}\` belongs to no item`,
  }
  const note = {
    fr: 'écrire le commentaire sur la ligne d’un point `- [ ]`, ou en retrait sous lui',
    en: 'put the comment on the line of a `- [ ]` item, or indent it under one',
  }
  return errorAt(document, directive.position.offset, reason, {
    rule: 'directive-without-item',
    note,
  })
}

/** `- [ ] words` underlined by `===` is a heading, not the task that its author wanted. */
function boxedHeading(document: Document, node: ListItem): DocumentError | null {
  const first = node.children[0]
  if (first?.type !== 'heading') return null
  const {start} = rangeOf(first)
  if (!/^\[[ \txX]\]\s/.test(document.source.slice(start, start + 4))) return null
  const reason = {
    fr: 'cette tâche se lit comme un titre, parce qu’une ligne de = ou de - la suit',
    en: 'this task is read as a heading, because a line of = or - follows it',
  }
  return errorAt(document, start, reason, {rule: 'task-as-heading'})
}

function wordsOf(node: ListItem): {title: string; text: string; detail: string} {
  const first = node.children[0]
  if (first === undefined) return {title: '', text: '', detail: ''}
  if (first.type !== 'paragraph') {
    const text = plainText(first)
    return {title: firstWords(text), text, detail: text}
  }
  const content = unstamped(first)
  const text = textOf(content)
  const lead = content.find((child) => child.type !== 'html' && !isDecoration(child))
  if (lead?.type !== 'strong') return {title: firstWords(text), text, detail: text}
  const title = plainText(lead).replace(/\s*:$/, '')
  const after = content.slice(content.indexOf(lead) + 1)
  return {title, text, detail: textOf(after).replace(/^[\s:–—-]+/, '')}
}

/** Blank text and emoji in front of a bold lead. */
function isDecoration(child: PhrasingContent | Break): boolean {
  return child.type === 'text' && !/[\p{L}\p{N}]/u.test(child.value)
}

/** The paragraph without the stamp that may be its last line. */
function unstamped(paragraph: Paragraph): PhrasingContent[] {
  const content = [...paragraph.children]
  const last = content.at(-1)
  if (last?.type !== 'text') return content
  const newline = last.value.lastIndexOf('\n')
  const continues = newline >= 0 || content.at(-2)?.type === 'break'
  if (!continues || !stampLine.test(last.value.slice(newline + 1).trim())) return content
  content.pop()
  if (newline >= 0) content.push({...last, value: last.value.slice(0, newline)})
  return content
}

function textOf(children: PhrasingContent[]): string {
  return plainText({type: 'paragraph', children})
}

function firstWords(text: string): string {
  const lead = /^(.{3,60}?)\s*:\s/u.exec(text)?.[1]
  if (lead !== undefined) return lead
  const words = text.split(' ')
  return words.length <= 8 ? text : `${words.slice(0, 8).join(' ')}…`
}

/** Which of nested ranges, given in the order of their starts, holds an offset; offsets must be asked in order. */
function innermost(
  ranges: readonly {start: number; end: number}[],
): (offset: number) => number | undefined {
  const open: number[] = []
  let next = 0
  return (offset) => {
    for (
      let range = ranges[next];
      range !== undefined && range.start <= offset;
      range = ranges[next]
    ) {
      while (open.length > 0 && (ranges[open.at(-1) ?? 0]?.end ?? 0) <= range.start) open.pop()
      open.push(next)
      next++
    }
    while (open.length > 0 && (ranges[open.at(-1) ?? 0]?.end ?? 0) <= offset) open.pop()
    return open.at(-1)
  }
}

function within(ranges: readonly {start: number; end: number}[]): (offset: number) => boolean {
  const find = innermost(ranges)
  return (offset) => find(offset) !== undefined
}

// The one grammar of a stamp's line: `↳ ✅ 2026-01-23 14:03:11 UTC · automatique · 3 cycles`.
export type Mark = '✅' | '❌' | '❔' | '➖'

/** Groups: mark, date, time, who, observed. */
export const stampLine =
  /^↳ (✅|❌|❔|➖) (\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}) UTC · (.+?)(?: · (.+))?$/u
