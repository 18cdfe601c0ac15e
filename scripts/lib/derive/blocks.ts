// Documents in which people write beside the machine: its blocks are written anew, the rest stays.

import {newBlock, readBlock, replaceBlock} from '../documents/block.ts'
import {parse} from '../documents/parse.ts'
import {tables} from '../documents/table.ts'
import type {Writing} from '../domain/documents.ts'
import {type BacklogPart, parts, type WrittenRow} from '../domain/views/backlog.ts'
import type {ViewInput} from '../domain/views/input.ts'
import {type DeriveInput, inZone, render, renderFrench} from './input.ts'

export interface DerivedBlock {
  readonly path: string
  readonly name: string
  readonly content: string
  /** Rows that people complete: compared by what the machine wrote in them. */
  readonly shared: boolean
}

/** A document whose blocks are the machine's. Where people complete its rows, their words are carried over. */
export async function writtenBlocks(
  input: DeriveInput,
  {
    writing,
    path,
    views,
  }: {writing: Extract<Writing, {how: 'blocks'}>; path: string; views: ViewInput},
): Promise<{text: string; blocks: DerivedBlock[]}> {
  const {template, view, blocks, rows = []} = writing
  const written = rows.length === 0 ? [] : await writtenRows(input.previous.get(path), path)
  // People's words in the rows are not to be touched.
  const asFrench = rows.length === 0 ? renderFrench : render
  const shown = view(views, written)
  const local = rows.length === 0 ? inZone(views.state, shown) : shown
  const fresh = await asFrench(input, template, local)
  const merged = await mergeBlocks(input, path, fresh, blocks)
  const isShared = (name: string) => rows.some((part) => part === name)
  return {
    text: merged.text,
    blocks: merged.blocks.map((block) => ({...block, shared: isShared(block.name)})),
  }
}

/** The document that is there with its machine blocks written anew; the fresh one where there is none. */
async function mergeBlocks(
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
async function writtenRows(source: string | undefined, path: string): Promise<WrittenRow[]> {
  if (source === undefined) return []
  const document = await parse(source, path)
  const found: WrittenRow[] = []
  for (const part of parts) {
    if (!source.includes(`postgate:begin ${part} `)) continue
    found.push(...(await blockRows(readBlock(document, part).content, part)))
  }
  return found
}

export async function blockRows(content: string, part: BacklogPart): Promise<WrittenRow[]> {
  const [table] = tables(await parse(content, part))
  return (table?.rows ?? []).map(({cells}) => ({part, cells}))
}
