// One remark parse of a Markdown text. Everything is Markdown, and what is unreadable in its front matter is a located
// problem; only what nests or begins without end is refused (limits.ts). remark is loaded at the first document, not at start-up.

import type {Root} from 'mdast'
import type {Bilingual} from './bilingual.ts'
import {type Document, DocumentError} from './document.ts'
import {refuseTooDeep} from './limits.ts'
import {parseLongTables} from './long-table.ts'

type Parser = {parse(source: string): Root}

let parser: Promise<Parser> | undefined

/** Parses once; everything else in this folder works on the result. `path` is only named in errors. */
export async function parse(source: string, path: string): Promise<Document> {
  refuseTooDeep(source, path)
  parser ??= loadParser()
  const bom = source.startsWith('\uFEFF') ? '\uFEFF' : ''
  const text = bom === '' ? source : source.slice(1)
  const markdown = await parser
  const tree = parseLongTables(text, (each) => markdown.parse(each))
  const first = tree.children[0]
  const yaml = first?.type === 'yaml' ? first.value : undefined
  const front = yaml === undefined ? noFrontMatter : await readFrontMatter(yaml, path)
  return {
    path,
    source: text,
    bom,
    eol: commonLineEnding(text),
    lineStarts: findLineStarts(text),
    tree,
    frontMatter: front.values,
    frontMatterLines: front.lines,
    problems: front.problems,
  }
}

/** The whole text as it goes to disk, with `source` in place of the document's own. */
export function withByteOrderMark(document: Document, source: string): string {
  return document.bom + source
}

async function loadParser(): Promise<Parser> {
  const [{remark}, gfm, frontMatter] = await Promise.all([
    import('remark'),
    import('remark-gfm'),
    import('remark-frontmatter'),
  ])
  return remark().use(gfm.default).use(frontMatter.default).freeze()
}

type FrontMatter = {
  values: Record<string, unknown>
  lines: Map<string, number>
  problems: DocumentError[]
}

const noFrontMatter: FrontMatter = {values: {}, lines: new Map(), problems: []}

async function readFrontMatter(yaml: string, path: string): Promise<FrontMatter> {
  const {LineCounter, parseDocument, isMap, isScalar} = await import('yaml')
  const counter = new LineCounter()
  const document = parseDocument(yaml, {lineCounter: counter})
  const at = (offset: number, said: Bilingual, line = counter.linePos(offset)) =>
    // The front matter's first line is the fence.
    new DocumentError({
      ...{path, line: line.line + 1, column: line.col, rule: 'front-matter'},
      reason: {fr: `en-tête YAML : ${said.fr}`, en: `front matter: ${said.en}`},
    })
  const problems = document.errors.map((error) =>
    at(error.pos[0], parserWords(error.message.split(/ at line \d+|\n/)[0] ?? '')),
  )
  if (problems.length > 0) return {values: {}, lines: new Map(), problems}
  if (document.contents === null) return noFrontMatter
  if (!isMap(document.contents)) {
    const problem = at(0, {
      fr: 'des lignes `clé: valeur` sont attendues',
      en: 'expected `key: value` lines',
    })
    return {values: {}, lines: new Map(), problems: [problem]}
  }
  const lines = new Map<string, number>()
  for (const {key} of document.contents.items) {
    if (isScalar(key)) lines.set(String(key.value), counter.linePos(key.range?.[0] ?? 0).line + 1)
  }
  try {
    const values: unknown = document.toJS({maxAliasCount: 100})
    return {values: isRecord(values) ? values : {}, lines, problems: []}
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    return {values: {}, lines, problems: [at(0, parserWords(said))]}
  }
}

/** What the YAML parser says, which speaks English only. */
const parserWords = (said: string): Bilingual => ({fr: `ne se lit pas : ${said}`, en: said})

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function findLineStarts(text: string): number[] {
  const starts = [0]
  for (const match of text.matchAll(/\r\n|\n|\r/g)) starts.push(match.index + match[0].length)
  return starts
}

function commonLineEnding(text: string): '\n' | '\r\n' | '\r' {
  const count = {'\n': 0, '\r\n': 0, '\r': 0}
  for (const [ending] of text.matchAll(/\r\n|\n|\r/g)) {
    if (ending === '\n' || ending === '\r\n' || ending === '\r') count[ending]++
  }
  if (count['\r\n'] > count['\n']) return '\r\n'
  return count['\r'] > count['\n'] ? '\r' : '\n'
}
