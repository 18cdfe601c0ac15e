// How large a document that decides something may be. Markdown costs much more than its bytes, and what nests without end
// ends a process: each limit is far beyond what people write, and is told with its line before anything is parsed.

import type {Bilingual} from './bilingual.ts'
import {DocumentError} from './document.ts'

/** Levels of lists and quotes within each other. */
export const depthMost = 100
/** Of YAML front matter, in characters. */
export const frontMatterMost = 64 * 1024
const mostLines = 5_000
const mostRows = 2_000
const longestLine = 16 * 1024

/** What no parser may be given: nesting and front matter beyond their limits. Throws a DocumentError with its line. */
export function refuseTooDeep(source: string, path: string): void {
  const error = bottomless(source, path)
  if (error !== null) throw error
}

/** For runbooks, gates and templates, also how long they are. Throws a DocumentError with its line. */
export function refuseTooLarge(source: string, path: string): void {
  refuseTooDeep(source, path)
  let line = 0
  let rows = 0
  for (const text of linesOf(source)) {
    line += 1
    if (/^\s*\|/.test(text)) rows += 1
    if (line > mostLines) throw beyond(path, line, lines(mostLines))
    if (rows > mostRows) throw beyond(path, line, tableRows(mostRows))
    if (text.length > longestLine) throw beyond(path, line, characters(longestLine))
  }
}

function bottomless(source: string, path: string): DocumentError | null {
  let line = 0
  let offset = 0
  const fenced = /^\uFEFF?---[ \t]*(?:\r\n|\n|\r)/.test(source)
  let front = fenced
  for (const text of linesOf(source)) {
    line += 1
    if (front && line > 1) {
      if (/^---[ \t]*$/.test(text)) front = false
      else if (offset + text.length > frontMatterMost)
        return beyond(path, line, frontMatter(frontMatterMost))
    }
    if (depthOf(text) > depthMost) return beyond(path, line, levels(depthMost))
    offset += text.length + 1
  }
  return null
}

/** One by one: a document that is refused at its first line is not cut into all of them. */
function* linesOf(source: string): Generator<string> {
  for (const [line] of source.matchAll(/[^\r\n]*(?:\r\n|\n|\r|$)/g))
    yield line.replace(/[\r\n]+$/, '')
}

/** Levels that a line opens or goes on with; two columns are a level at least. */
function depthOf(line: string): number {
  const lead = /^[ \t>]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+[ \t>]*)*/.exec(line)?.[0] ?? ''
  if (lead.length <= depthMost / 2) return 0
  const markers = lead.match(/>|[-+*]|\d+[.)]/g)?.length ?? 0
  const indent = /^[ \t]*/.exec(line)?.[0].replaceAll('\t', '    ').length ?? 0
  return markers + Math.floor(indent / 2)
}

function beyond(path: string, line: number, reason: Bilingual): DocumentError {
  const note = {
    fr: 'couper ce document : ce qui ne décide de rien va dans un autre, vers lequel un lien mène',
    en: 'cut this document: what decides nothing goes into another one, behind a link',
  }
  return new DocumentError({path, line, column: 1, reason, note, rule: 'limit'})
}

const lines = (most: number): Bilingual => ({
  fr: `le document a plus de ${most} lignes`,
  en: `the document has more than ${most} lines`,
})
const tableRows = (most: number): Bilingual => ({
  fr: `les tableaux du document ont plus de ${most} lignes`,
  en: `the tables of the document have more than ${most} rows`,
})
const characters = (most: number): Bilingual => ({
  fr: `cette ligne a plus de ${most} caractères`,
  en: `this line has more than ${most} characters`,
})
const levels = (most: number): Bilingual => ({
  fr: `plus de ${most} listes ou citations sont emboîtées ici`,
  en: `more than ${most} lists or quotes lie within each other here`,
})
const frontMatter = (most: number): Bilingual => ({
  fr: `l’en-tête YAML a plus de ${most} caractères`,
  en: `the front matter has more than ${most} characters`,
})
