// Documents in which people write beside the machine: its blocks are written anew, the rest stays.

import {newBlock, readBlock, replaceBlock} from '../documents/block.ts'
import {parse} from '../documents/parse.ts'
import {tables} from '../documents/table.ts'
import {type Part, parts, type WrittenRow} from '../domain/views/backlog.ts'
import type {DeriveInput} from './input.ts'

/** The document that is there with its machine blocks written anew; the fresh one where there is none. */
export async function mergeBlocks(
  {previous}: DeriveInput,
  path: string,
  fresh: string,
  names: readonly string[],
): Promise<{text: string; blocks: {path: string; name: string; content: string}[]}> {
  const freshDocument = await parse(fresh, path)
  const blocks = names.map((name) => ({
    path,
    name,
    content: readBlock(freshDocument, name).content,
  }))
  let text = previous.get(path)
  if (text === undefined) return {text: fresh, blocks}
  for (const {name, content} of blocks) {
    const document = await parse(text, path)
    text = text.includes(`postgate:begin ${name} `)
      ? replaceBlock(document, name, content)
      : `${text.trimEnd()}\n\n${newBlock(name, content)}\n`
  }
  return {text, blocks}
}

/** The rows of a backlog's blocks as they stand, people's cells included. */
export async function writtenRows(source: string | undefined, path: string): Promise<WrittenRow[]> {
  if (source === undefined) return []
  const document = await parse(source, path)
  const found: WrittenRow[] = []
  for (const part of parts) {
    if (!source.includes(`postgate:begin ${part} `)) continue
    found.push(...(await blockRows(readBlock(document, part).content, part)))
  }
  return found
}

export async function blockRows(content: string, part: Part): Promise<WrittenRow[]> {
  const [table] = tables(await parse(content, part))
  return (table?.rows ?? []).map(({cells}) => ({part, cells}))
}
