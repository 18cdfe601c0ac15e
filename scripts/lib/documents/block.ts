// Blocks that the machine writes between markers in documents that people write too:
// `<!-- postgate:begin NAME -->` ... `<!-- postgate:end NAME -->`. What stands outside is never touched.

import {comments} from './directive.ts'
import {
  type Document,
  type DocumentError,
  errorAt,
  lineEnd,
  type Position,
  positionAt,
} from './document.ts'
import {withByteOrderMark} from './parse.ts'
import {walk} from './walk.ts'

export type Block = {
  readonly name: string
  /** Between the markers, without the empty lines next to them; line endings are `\n`. */
  readonly content: string
  /** Of the opening marker. */
  readonly position: Position
  /** Offsets of what is between the markers, line endings next to them included. */
  readonly start: number
  readonly end: number
}

export type Blocks = {
  readonly blocks: readonly Block[]
  readonly problems: readonly DocumentError[]
}

type Marker = {type: 'begin' | 'end'; name: string; start: number; end: number}

const rule = 'block'

/** The blocks of a document in its order; markers that do not pair are problems. */
export function blocks(document: Document): Blocks {
  const found: Block[] = []
  const problems: DocumentError[] = []
  let open: Marker | undefined
  for (const marker of markers(document)) {
    if (marker.type === 'begin') {
      if (open !== undefined) problems.push(unclosed(document, open))
      open = marker
    } else if (open?.name === marker.name) {
      const {start, end} = {start: open.end, end: marker.start}
      if (found.some(({name}) => name === marker.name)) {
        const reason = {
          fr: `le bloc « ${marker.name} » figure ici une deuxième fois`,
          en: `the block "${marker.name}" stands here a second time`,
        }
        problems.push(errorAt(document, open.start, reason, {rule}))
      } else {
        const content = trimmed(document.source.slice(start, end))
        found.push({
          name: marker.name,
          content,
          position: positionAt(document, open.start),
          start,
          end,
        })
      }
      open = undefined
    } else {
      const end = `\`postgate:end ${marker.name}\``
      const reason = {
        fr: `${end} ne termine aucun bloc commencé plus haut`,
        en: `${end} ends no block that began before it`,
      }
      problems.push(errorAt(document, marker.start, reason, {rule}))
    }
  }
  if (open !== undefined) problems.push(unclosed(document, open))
  return {blocks: found, problems}
}

/** Throws the first DocumentError where a marker of this document is missing, doubled or unbalanced. */
export function readBlock(document: Document, name: string): Block {
  const {blocks: all, problems} = blocks(document)
  const [problem] = problems
  if (problem !== undefined) throw problem
  const block = all.find((candidate) => candidate.name === name)
  if (block !== undefined) return block
  const [begin, end] = [`<!-- postgate:begin ${name} -->`, `<!-- postgate:end ${name} -->`]
  const reason = {fr: `le bloc « ${name} » manque`, en: `the block "${name}" is missing`}
  const note = {
    fr: `remettre les lignes ${begin} et ${end}`,
    en: `put back the lines ${begin} and ${end}`,
  }
  throw errorAt(document, document.source.length, reason, {rule, note})
}

/** The document's whole text with new content in a block. */
export function replaceBlock(document: Document, name: string, content: string): string {
  const {start, end} = readBlock(document, name)
  const {source, eol} = document
  const text = inside(content).replaceAll('\n', eol)
  return withByteOrderMark(document, source.slice(0, start) + text + source.slice(end))
}

/** A block as it is first written, markers included; ends without a line ending. */
export function newBlock(name: string, content: string): string {
  return `<!-- postgate:begin ${name} -->${inside(content)}<!-- postgate:end ${name} -->`
}

function inside(content: string): string {
  if (/<!--\s*postgate:(begin|end)\b/.test(content)) {
    throw new Error('the content of a block must not hold a marker')
  }
  const text = trimmed(content)
  return text === '' ? '\n' : `\n\n${text}\n\n`
}

function trimmed(content: string): string {
  const text = content.replace(/\r\n|\r/g, '\n')
  return text.replace(/^(?:[ \t]*\n)+/, '').trimEnd()
}

function markers(document: Document): readonly Marker[] {
  const found: Marker[] = []
  walk(document.tree, (node) => {
    if (node.type !== 'html' || !node.value.includes('postgate:')) return
    for (const comment of comments(document, node)) {
      const match = /^\s*postgate:(begin|end)\s+([\w./-]+)\s*$/.exec(comment.text)
      const [, type, name = ''] = match ?? []
      if (type !== 'begin' && type !== 'end') continue
      found.push({type, name, start: comment.start, end: comment.end})
    }
  })
  return found
}

function unclosed(document: Document, marker: Marker): DocumentError {
  const line = document.source.slice(marker.start, lineEnd(document, marker.start))
  const end = `<!-- postgate:end ${marker.name} -->`
  const reason = {
    fr: `ce bloc n’est jamais terminé : ${line.trim()}`,
    en: `this block is never ended: ${line.trim()}`,
  }
  const note = {
    fr: `écrire ${end} sur une ligne à elle seule, plus bas`,
    en: `put ${end} on a line of its own after it`,
  }
  return errorAt(document, marker.start, reason, {rule, note})
}
