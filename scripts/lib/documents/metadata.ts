// What a document says about itself: `**Clé** : valeur` lines, two-column tables at its top, and its front matter. Also
// the merge-conflict markers that somebody committed.

import type {PhrasingContent} from 'mdast'
import type {Document} from './document.ts'
import {normalise} from './normalise.ts'
import {columnOf, tables} from './table.ts'
import {plainText, walk} from './walk.ts'

/** `value` is '' where only underscores stand: an empty signature. */
export type Metadata = {readonly value: string; readonly line: number}

/** By normalised key. Front matter first, then the first line in the document that gives a key. */
export function metadata(document: Document): ReadonlyMap<string, Metadata> {
  const found = new Map<string, Metadata>()
  const add = (key: string, value: string, line: number) => {
    const name = normalise(key)
    if (name !== '' && !found.has(name)) found.set(name, {value: withoutBlanks(value), line})
  }
  for (const [key, value] of Object.entries(document.frontMatter)) {
    const text = value instanceof Date ? value.toISOString().slice(0, 10) : scalar(value)
    if (text !== null) add(key, text, document.frontMatterLines.get(key) ?? 1)
  }
  walk(document.tree, (node, ancestors) => {
    if (node.type !== 'paragraph') return
    const parent = ancestors.at(-1)
    if (parent?.type === 'listItem' && typeof parent.checked === 'boolean') return
    for (const line of lines(node.children)) {
      const [lead, ...rest] = line
      if (lead?.type !== 'strong') continue
      const key = plainText(lead)
      const value = plainText({type: 'paragraph', children: rest})
      const inKey = /^(.*?)\s*:$/su.exec(key)?.[1]
      const after = /^\s*:\s*(.*)$/su.exec(value)?.[1]
      if (inKey === undefined && after === undefined) continue
      add(inKey ?? key, inKey === undefined ? (after ?? '') : value, lead.position?.start.line ?? 1)
    }
  })
  for (const table of tables(document)) {
    const key = columnOf(
      table,
      'Champ',
      'Clé',
      'Field',
      'Key',
      'Propriété',
      'Property',
      'Métadonnée',
    )
    const value = columnOf(table, 'Valeur', 'Value')
    if (key < 0 || value < 0) continue
    for (const row of table.rows) {
      add(row.cells[key]?.text ?? '', row.cells[value]?.text ?? '', row.position.line)
    }
  }
  return found
}

/** Lines (from 1) of merge-conflict markers; a lone line of equals signs is a heading's underline. */
export function conflictMarkers(source: string): readonly number[] {
  const found: number[] = []
  let open = false
  source.split(/\r\n|\n|\r/).forEach((line, index) => {
    const start = /^<{7}(?: |$)/.test(line)
    const end = /^>{7}(?: |$)/.test(line)
    const middle = open && (/^={7}$/.test(line) || /^\|{7}(?: |$)/.test(line))
    if (start) open = true
    if (end) open = false
    if (start || end || middle) found.push(index + 1)
  })
  return found
}

/** A paragraph's lines: parted by hard breaks, and by line endings before a bold word. */
function lines(children: readonly PhrasingContent[]): PhrasingContent[][] {
  const found: PhrasingContent[][] = [[]]
  for (const child of children) {
    if (child.type === 'break') {
      found.push([])
    } else if (child.type === 'text') {
      child.value.split(/\r\n|\n|\r/).forEach((value, index) => {
        if (index > 0) found.push([])
        if (value !== '') found.at(-1)?.push({...child, value})
      })
    } else if (child.type !== 'html') found.at(-1)?.push(child)
  }
  return found
}

function withoutBlanks(value: string): string {
  return /^[_\s.…]*$/.test(value) ? '' : value.trim()
}

function scalar(value: unknown): string | null {
  if (value === null) return ''
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : null
}
