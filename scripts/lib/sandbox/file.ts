// Files that a kill must never leave half written.

import {randomUUID} from 'node:crypto'
import {renameSync, writeFileSync} from 'node:fs'
import {readFile} from 'node:fs/promises'
import type {z} from 'zod'

/** Replaces `path` in one step: whoever reads it sees the old text or the new one. */
export function replaceFile(path: string, text: string, mode = 0o644): void {
  const aside = `${path}.${randomUUID()}.new`
  writeFileSync(aside, text, {mode})
  renameSync(aside, path)
}

/** Replaces `path` where its text would change, and says whether it did. */
export async function replaceIfChanged(path: string, text: string, mode = 0o644): Promise<boolean> {
  if ((await textOf(path)) === text) return false
  replaceFile(path, text, mode)
  return true
}

/** null where there is no such file. */
export async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

/** The JSON of `path` through its schema; null where there is no such file, or no such shape. */
export async function jsonOf<S extends z.ZodType>(
  path: string,
  schema: S,
): Promise<z.output<S> | null> {
  const text = await textOf(path)
  if (text === null) return null
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    return null
  }
}
