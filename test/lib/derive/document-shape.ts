// What no value may change in a derived document: its blocks, tables, machine marks, links and stamps.

import type {Code, Nodes} from 'mdast'
import {blocks} from '../../../scripts/lib/documents/block.ts'
import {directives} from '../../../scripts/lib/documents/directive.ts'
import {parse} from '../../../scripts/lib/documents/parse.ts'
import {readStamps} from '../../../scripts/lib/documents/stamp.ts'
import {tables} from '../../../scripts/lib/documents/table.ts'

/** What a value must neither add nor take away; a diagram's labels, but not its lines, are values. */
export async function shape(source: string, path: string): Promise<unknown> {
  const document = await parse(source, path)
  const found: string[] = []
  const visit = (node: Nodes): void => {
    if (node.type === 'code') found.push(codeShape(node))
    else if (node.type === 'link' || node.type === 'image') found.push(`${node.type} ${node.url}`)
    else if (node.type === 'heading') found.push(`heading ${node.depth}`)
    // A code span that cannot be one in a table is written as <code>.
    else if (node.type === 'html' && !/^<(br|\/?code)>$/.test(node.value))
      found.push(`html ${node.value}`)
    else if (
      /^(list|listItem|table|tableRow|blockquote|thematicBreak|definition|footnote.*)$/.test(
        node.type,
      )
    )
      found.push(node.type)
    if ('children' in node) for (const child of node.children) visit(child)
  }
  visit(document.tree)
  return {
    found,
    columns: tables(document).map(({header, rows}) => [
      header.length,
      ...rows.map(({cells}) => cells.length),
    ]),
    blocks: blocks(document).blocks.map(({name}) => name),
    problems: document.problems.length + blocks(document).problems.length,
    directives: directives(document).directives.length,
    stamps: readStamps(document).map(({item, mark, at}) => [item.title, mark, String(at)]),
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to go.
    controls: /[\u0000-\u0008\u001b\u202a-\u202e\u2066-\u2069\u200e\u200f]/.test(source),
  }
}

/** A command of several lines may have them; a diagram's lines are ours. */
const codeShape = ({lang, value}: Code) =>
  lang === 'mermaid' ? `mermaid ${value.split('\n').length}` : `code ${lang}`
