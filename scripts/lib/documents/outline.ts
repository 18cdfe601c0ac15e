// Where in a source the tree put what: tasks, code, comments, HTML, headings. For those who look at the bare lines and
// ask what the tree made of a place.

import type {Nodes} from 'mdast'
import {comments, directives} from './directive.ts'
import type {Document} from './document.ts'
import {rangeOf, walk} from './walk.ts'

export type Range = {readonly start: number; readonly end: number}
export type Code = Range & {readonly language: string | null}

export type Outline = {
  /** Offsets of the brackets of the boxes that are tasks. */
  readonly boxes: ReadonlySet<number>
  /** Outermost ones only, like the lists that a sentence introduces. */
  readonly tasks: readonly Range[]
  readonly introduced: readonly Range[]
  readonly annotations: readonly Range[]
  /** `torn`: it was never closed where its author thought so, and hides what follows. */
  readonly comments: readonly (Range & {readonly torn: boolean; readonly text: string})[]
  readonly code: readonly Code[]
  readonly html: readonly Range[]
  readonly headings: readonly Range[]
  readonly front: Range
  readonly document: Document
}

const cache = new WeakMap<Document, Outline>()

/** Made once for a document. */
export function outline(document: Document): Outline {
  const known = cache.get(document)
  if (known !== undefined) return known
  const made = make(document)
  cache.set(document, made)
  return made
}

function make(document: Document): Outline {
  const boxes = new Set<number>()
  const tasks: Range[] = []
  const introduced: Range[] = []
  const [headings, html]: [Range[], Range[]] = [[], []]
  const hidden: (Range & {torn: boolean; text: string})[] = []
  const code: Code[] = []
  walk(document.tree, (node) => {
    const range = rangeOf(node)
    if (node.type === 'heading') headings.push(range)
    if (node.type === 'code') {
      const fenced = /^[`~]{3}/.test(document.source.slice(range.start, range.start + 3))
      code.push({...range, language: fenced ? (node.lang ?? '').toLowerCase() : null})
    }
    if (node.type === 'html') {
      html.push(range)
      if (!node.value.includes('<!--')) return
      for (const {start, end, text, closed} of comments(document, node))
        hidden.push({start, end, text, torn: !closed || text.includes('<!--')})
    }
    if (node.type === 'listItem' && typeof node.checked === 'boolean') {
      if (range.start >= (tasks.at(-1)?.end ?? 0)) tasks.push(range)
      boxes.add(document.source.indexOf('[', range.start))
    }
    if (!('children' in node)) return
    for (const list of introducedLists(node.children))
      if (list.start >= (introduced.at(-1)?.end ?? 0)) introduced.push(list)
  })
  const yaml = document.tree.children[0]
  return {
    ...{boxes, tasks, introduced, headings, html, code, document, comments: hidden},
    annotations: directives(document).directives.map(({position, end}) => ({
      start: position.offset,
      end,
    })),
    front: yaml?.type === 'yaml' ? rangeOf(yaml) : {start: 0, end: 0},
  }
}

function introducedLists(nodes: readonly Nodes[]): Range[] {
  return nodes.flatMap((node, index) => {
    const before = nodes[index - 1]
    if (node.type !== 'list' || before?.type !== 'paragraph') return []
    const last = before.children.at(-1)
    return last?.type === 'text' && /:\s*$/.test(last.value) ? [rangeOf(node)] : []
  })
}

/** The range that holds an offset; they are disjoint and in the order of their starts. */
export function holding<Kind extends Range>(
  ranges: readonly Kind[],
  offset: number,
): Kind | undefined {
  let low = 0
  let high = ranges.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ranges[middle]?.start ?? 0) <= offset) low = middle + 1
    else high = middle
  }
  const range = ranges[low - 1]
  return range !== undefined && range.end > offset ? range : undefined
}
