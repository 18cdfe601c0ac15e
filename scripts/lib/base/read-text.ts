// Reads a document that people wrote. What stands there and cannot be read is never taken for what is not there: rights,
// a folder, a loop, a link that leads nowhere, a pipe, another encoding each end in words, with the path.

import {lstat, readFile, stat} from 'node:fs/promises'
import {dirname} from 'node:path'
import {type Problem, problem} from '../domain/problem.ts'
import type {Text} from '../domain/text.ts'

/** Bytes of the largest document that is read. */
export const largestBytes = 512 * 1024

/**
 * The text; null where nothing stands there. `shown`: the path as people know it. Throws a `Problem` (2) where something
 * stands there that is no text of at most `most` bytes.
 */
export async function readText(
  absolute: string,
  shown: string,
  most = largestBytes,
): Promise<string | null> {
  let size: number
  try {
    const found = await stat(absolute)
    if (!found.isFile()) throw unreadable(shown, kindOf(found))
    size = found.size
  } catch (error) {
    const code = codeOf(error)
    if (code === undefined) throw error
    if (code !== 'ENOENT') throw unreadable(shown, reasons[code] ?? {fr: code, en: code})
    const broken = await brokenLink(absolute)
    if (broken) throw unreadable(shown, reasons.ENOENT ?? code)
    return null
  }
  if (size > most) {
    throw unreadable(shown, {
      fr: `${size} octets ; au plus ${most} sont lus`,
      en: `${size} bytes; at most ${most} are read`,
    })
  }
  let bytes: Buffer
  try {
    bytes = await readFile(absolute)
  } catch (error) {
    const code = codeOf(error) ?? ''
    throw unreadable(shown, reasons[code] ?? {fr: code, en: code})
  }
  try {
    return new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(bytes)
  } catch {
    throw unreadable(shown, {
      fr: 'le fichier n’est pas en UTF-8',
      en: 'the file is not in UTF-8',
    })
  }
}

/** Whether the file, or the folder that would hold it, is a link that leads nowhere. */
async function brokenLink(absolute: string): Promise<boolean> {
  for (const path of [absolute, dirname(absolute)]) {
    const stands = await lstat(path).then(
      () => true,
      () => false,
    )
    if (!stands) continue
    return await stat(path).then(
      () => false,
      () => true,
    )
  }
  return false
}

const reasons: Readonly<Record<string, Text>> = {
  ENOENT: {fr: 'c’est un lien qui ne mène nulle part', en: 'it is a link that leads nowhere'},
  ELOOP: {fr: 'c’est un lien qui tourne en rond', en: 'it is a link that goes round in circles'},
  EACCES: {fr: 'les droits manquent pour le lire', en: 'there is no right to read it'},
  EPERM: {fr: 'les droits manquent pour le lire', en: 'there is no right to read it'},
  ENOTDIR: {
    fr: 'un fichier se trouve là où son dossier est attendu',
    en: 'a file stands where its folder is expected',
  },
  EISDIR: {fr: 'c’est un dossier', en: 'it is a folder'},
}

type Stats = Awaited<ReturnType<typeof stat>>

function kindOf(found: Stats): Text {
  if (found.isDirectory()) return reasons.EISDIR ?? ''
  if (found.isFIFO()) return {fr: 'c’est un tube (FIFO)', en: 'it is a pipe (FIFO)'}
  if (found.isSocket()) return {fr: 'c’est une socket', en: 'it is a socket'}
  return {fr: 'c’est un périphérique', en: 'it is a device'}
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined
}

function unreadable(path: string, why: Text): Problem {
  return problem({
    what: {fr: `${path}:1:1 ne se lit pas.`, en: `${path}:1:1 cannot be read.`},
    why,
    next: {
      fr: `remettre à sa place un fichier texte lisible : ls -l ${path}`,
      en: `put a text file that can be read in its place: ls -l ${path}`,
    },
    exit: 2,
    at: {path, line: 1, column: 1},
  })
}
