// Templates: Markdown with LiquidJS placeholders. Strict: an unknown placeholder or filter is an error with its place.
// Each value is escaped for prose unless its last filter says where else it stands.

import type {Liquid} from 'liquidjs'
import {type Bilingual, perhaps} from './bilingual.ts'
import {DocumentError, positionAt} from './document.ts'
import {
  codeSpan,
  emptyValue,
  escapeCell,
  escapeMermaid,
  escapePath,
  escapeProse,
  escapeUrl,
  fence,
  link,
} from './escape.ts'
import {nearest} from './nearest.ts'

export type ViewValue =
  | string
  | number
  | boolean
  | null
  | readonly ViewValue[]
  | {readonly [name: string]: ViewValue}

export type View = {readonly [name: string]: ViewValue}

/**
 * Fills a template in. A view defines every field that the template names, null included. A tag alone on its line
 * leaves no line behind. Filters: `code`, `url`, `link: label`, `path`, `fence: language`, `mermaid`, `cell`, and
 * `markdown` for blocks that were rendered before. Throws a DocumentError for an unknown placeholder or filter.
 */
export async function renderTemplate(source: string, path: string, view: View): Promise<string> {
  engine ??= makeEngine()
  const bom = source.startsWith('\uFEFF') ? '\uFEFF' : ''
  const text = source.slice(bom.length)
  const {joined, original} = joinTagLines(text)
  const liquid = await engine
  try {
    const rendered: unknown = await liquid.render(liquid.parse(joined, path), view)
    return bom + String(rendered)
  } catch (error) {
    throw locate(error, {path, text, joined, original, view, filters: Object.keys(liquid.filters)})
  }
}

let engine: Promise<Liquid> | undefined

async function makeEngine(): Promise<Liquid> {
  const {Liquid} = await import('liquidjs')
  const liquid = new Liquid({
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    // Templates include no other files.
    templates: {},
    outputEscape: (value) => escapeProse(textOf(value)),
  })
  // The built-in way around the escaping.
  delete liquid.filters.raw
  const as = (name: string, write: (value: string, argument: string) => string) => {
    const handler = (value: unknown, argument: unknown) => write(textOf(value), textOf(argument))
    // `raw` tells LiquidJS that this filter has done the escaping.
    liquid.registerFilter(name, {raw: true, handler})
  }
  as('code', codeSpan)
  as('url', escapeUrl)
  as('link', (url, label) => link(label, url))
  as('path', escapePath)
  as('fence', fence)
  as('mermaid', escapeMermaid)
  as('cell', escapeCell)
  as('markdown', (value) => (value.trim() === '' ? emptyValue : value))
  return liquid
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return value.map(textOf).join(', ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** Takes out the indentation and line ending of lines that hold only `{% ... %}`; `original` maps offsets back. */
function joinTagLines(text: string): {joined: string; original: (offset: number) => number} {
  const kept: {from: number; length: number}[] = []
  let last = 0
  let joined = ''
  const keep = (from: number, to: number) => {
    kept.push({from, length: to - from})
    joined += text.slice(from, to)
  }
  for (const match of text.matchAll(
    /^([ \t]*)(\{%-?(?:[^%]|%(?!\}))*%\})[ \t]*(?:\r\n|\n|\r|$(?![\s\S]))/gm,
  )) {
    const [, indent = '', tag = ''] = match
    keep(last, match.index)
    keep(match.index + indent.length, match.index + indent.length + tag.length)
    last = match.index + match[0].length
  }
  keep(last, text.length)
  return {
    joined,
    original: (offset) => {
      let before = 0
      for (const {from, length} of kept) {
        if (offset < before + length) return from + offset - before
        before += length
      }
      return text.length
    },
  }
}

type Failure = {
  path: string
  text: string
  joined: string
  original: (offset: number) => number
  view: View
  filters: readonly string[]
}

function locate(error: unknown, failure: Failure): unknown {
  if (!(error instanceof Error)) return error
  const begin = tokenBegin(error)
  if (begin === null) return error
  const {message} = innermost(error)
  const unknownName = /undefined (?:variable|filter): ([^\s,]+)/.exec(message)?.[1]
  const isFilter = /undefined filter/.test(message)
  let offset = begin
  if (unknownName !== undefined) {
    const within = failure.joined.slice(begin).indexOf(unknownName.split('.').at(-1) ?? unknownName)
    if (within >= 0 && !isFilter) {
      const whole = failure.joined.indexOf(unknownName, begin)
      offset = whole >= 0 ? whole : begin + within
    } else if (within >= 0) offset = begin + within
  }
  const {line, column} = positionAt({lineStarts: starts(failure.text)}, failure.original(offset))
  // Our own first: among equally near ones they are what is meant.
  const known = isFilter ? [...failure.filters].reverse() : namesOf(failure.view)
  const near =
    unknownName === undefined
      ? undefined
      : nearest(unknownName, known, unknownName.length > 5 ? 3 : 2)
  const reason =
    unknownName === undefined
      ? syntaxWords(message.replace(/, (?:file:|line:)[\s\S]*$/, ''))
      : unknownWords(unknownName, {isFilter, near})
  return new DocumentError({
    path: failure.path,
    line,
    column,
    reason,
    rule: 'template',
    expected: near === undefined ? [] : [near],
  })
}

/** What LiquidJS says, which speaks English only. */
const syntaxWords = (said: string): Bilingual => ({
  fr: `le modèle ne se lit pas : ${said}`,
  en: `the template cannot be read: ${said}`,
})

function unknownWords(
  name: string,
  {isFilter, near}: {isFilter: boolean; near: string | undefined},
): Bilingual {
  const {fr, en} = perhaps(near)
  return isFilter
    ? {fr: `filtre inconnu « ${name} »${fr}`, en: `unknown filter "${name}"${en}`}
    : {fr: `emplacement inconnu « ${name} »${fr}`, en: `unknown placeholder "${name}"${en}`}
}

function tokenBegin(error: Error): number | null {
  if (!('token' in error)) return null
  const token = error.token
  if (typeof token !== 'object' || token === null || !('begin' in token)) return null
  return typeof token.begin === 'number' ? token.begin : null
}

function innermost(error: Error): Error {
  return 'originalError' in error && error.originalError instanceof Error
    ? innermost(error.originalError)
    : error
}

function starts(text: string): number[] {
  return [0, ...[...text.matchAll(/\r\n|\n|\r/g)].map((end) => end.index + end[0].length)]
}

/** Dotted names of everything in a view. */
function namesOf(view: View, prefix = ''): string[] {
  return Object.entries(view).flatMap(([name, value]) => {
    const nested = isView(value) ? namesOf(value, `${prefix}${name}.`) : []
    return [`${prefix}${name}`, ...nested]
  })
}

function isView(value: ViewValue): value is View {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
