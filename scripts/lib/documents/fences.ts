// The fenced code blocks of a document, with the place of each of their lines. Indented code is no fence.

import type {Code} from 'mdast'
import {type Document, lineEnd, type Position, positionAt} from './document.ts'
import {isWithin, type Section, sectionAt} from './section.ts'
import {rangeOf, walk} from './walk.ts'

export type FenceLine = {readonly text: string; readonly position: Position}

export type Fence = {
  /** Lower case, '' where there is none. */
  readonly language: string
  /** What follows the language. */
  readonly meta: string
  readonly content: string
  readonly lines: readonly FenceLine[]
  /** False where the document ends before the fence does. */
  readonly closed: boolean
  readonly section: Section
  readonly position: Position
}

/** The fences of the document, or of a section and what lies below it. */
export function fences(document: Document, section?: Section): readonly Fence[] {
  const found: Fence[] = []
  walk(document.tree, (node) => {
    if (node.type !== 'code') return
    const {start} = rangeOf(node)
    if (!/^(`{3}|~{3})/.test(document.source.slice(start, start + 3))) return
    const home = sectionAt(document, start)
    if (section !== undefined && !isWithin(home, section)) return
    found.push(readFence(document, node, home))
  })
  return found
}

function readFence(document: Document, node: Code, section: Section): Fence {
  const {start, end} = rangeOf(node)
  const position = positionAt(document, start)
  const texts = node.value === '' ? [] : node.value.split(/\r\n|\n|\r/)
  const lines = texts.map((text, index) => {
    const from = document.lineStarts[position.line + index] ?? end
    const line = document.source.slice(from, lineEnd(document, from))
    // In a quote or a list the line has a prefix, which the content has not.
    const column = line.endsWith(text) ? line.length - text.length : 0
    return {text, position: positionAt(document, from + column)}
  })
  const marker = document.source.charAt(start)
  const tail = document.source.slice(start, end).split(/\r\n|\n|\r/)
  const last = tail.length > 1 ? (tail.at(-1) ?? '').replace(/^[>\s]*/, '').trimEnd() : ''
  const opening = /^(`+|~+)/.exec(tail[0] ?? '')?.[0].length ?? 3
  const closed = last.length >= opening && [...last].every((character) => character === marker)
  return {
    language: (node.lang ?? '').toLowerCase(),
    meta: node.meta ?? '',
    content: node.value,
    lines,
    closed,
    section,
    position,
  }
}
