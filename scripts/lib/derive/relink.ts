// A document copied into another folder: its relative links lead where they led before. Byte for byte elsewhere.

import {dirname, join, relative} from 'node:path/posix'
import type {Document} from '../documents/document.ts'
import {withByteOrderMark} from '../documents/parse.ts'
import {rangeOf, walk} from '../documents/walk.ts'

/** Paths of the document and of its copy, both relative to one folder. */
export type Move = {readonly from: string; readonly to: string}

/** The whole text with its links as the copy needs them; what leads out of the common folder stays as it is. */
export function relinked(document: Document, move: Move): string {
  const {source} = document
  const changes: {start: number; end: number; text: string}[] = []
  walk(document.tree, (node) => {
    const {start, end} = rangeOf(node)
    const whole = source.slice(start, end)
    if (node.type === 'html') {
      for (const match of whole.matchAll(/\b(?:href|src)\s*=\s*(["'])(.*?)\1/gi)) {
        const at = start + match.index + match[0].length - 1 - (match[2] ?? '').length
        change(at, match[2] ?? '')
      }
    } else if (node.type === 'link' || node.type === 'image' || node.type === 'definition') {
      // The address stands behind the text, and is written as it is read or not found at all.
      const behind = node.type === 'definition' ? whole.indexOf(']:') : whole.lastIndexOf('](')
      const at = behind < 0 ? -1 : whole.indexOf(node.url, behind)
      if (at >= 0 && node.url !== '') change(start + at, node.url)
    }
  })
  let text = ''
  let written = 0
  for (const each of changes.sort((a, b) => a.start - b.start)) {
    if (each.start < written) continue
    text += source.slice(written, each.start) + each.text
    written = each.end
  }
  return withByteOrderMark(document, text + source.slice(written))

  function change(start: number, url: string): void {
    const moved = movedUrl(url, move)
    if (moved !== null) changes.push({start, end: start + url.length, text: moved})
  }
}

/** The address as it stands in the copy; null where it is the same. */
function movedUrl(url: string, {from, to}: Move): string | null {
  if (/^(?:[a-z][a-z\d+.-]*:|[/#?\\])/i.test(url) || url === '') return null
  const [, path = '', rest = ''] = /^([^?#]*)(.*)$/s.exec(url) ?? []
  const target = join(dirname(from), path)
  if (path === '' || target.startsWith('../')) return null
  const back = relative(dirname(to), target)
  return `${back === '' ? '.' : back}${path.endsWith('/') ? '/' : ''}${rest}`
}
