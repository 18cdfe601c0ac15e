// The comment that says what proves an item: `<!-- check: name key=value key="quoted value" flag -->`. A comment that
// was meant as one and is misspelt is a located error; any other HTML comment is left alone.

import type {Html} from 'mdast'
import type {Bilingual} from './bilingual.ts'
import {type Document, type DocumentError, errorAt, type Position, positionAt} from './document.ts'
import {nearest} from './nearest.ts'
import {rangeOf, walk} from './walk.ts'

export const directiveKinds = [
  'check',
  'step',
  'trigger',
  'attest',
  'risk',
  'rule',
  'condition',
] as const

/** `optional` is the bare `<!-- optional -->`; it can stand beside another directive. */
export type DirectiveKind = (typeof directiveKinds)[number] | 'optional'

/** A parameter's value and where the value stands. */
export type Parameter = {readonly value: string; readonly line: number; readonly column: number}

export type Directive = {
  readonly kind: DirectiveKind
  /** '' where there is none; check, step and trigger always have one. */
  readonly name: string
  readonly parameters: ReadonlyMap<string, Parameter>
  readonly flags: ReadonlySet<string>
  /** The name and the flags in their order: what `risk: build, rollback` lists. */
  readonly words: readonly string[]
  /** Where the comment starts, and where it ends (offset). */
  readonly position: Position
  readonly end: number
}

export type Directives = {
  readonly directives: readonly Directive[]
  readonly problems: readonly DocumentError[]
}

const rule = 'directive'
/** The kinds that list several names; any other takes the one flag `optional`. */
const takesFlags: ReadonlySet<string> = new Set(['risk', 'rule', 'condition'])
const needName: ReadonlySet<string> = new Set(['check', 'step', 'trigger'])
const cache = new WeakMap<Document, Directives>()

/** All directives of a document in its order, and the malformed ones as problems. */
export function directives(document: Document): Directives {
  const known = cache.get(document)
  if (known !== undefined) return known
  const found: Directive[] = []
  const problems: DocumentError[] = []
  walk(document.tree, (node) => {
    if (node.type !== 'html' || !node.value.includes('<!--')) return
    for (const comment of comments(document, node)) {
      const read = readComment(document, comment)
      if (read === null) continue
      if ('kind' in read) found.push(read)
      else problems.push(read)
    }
  })
  const result = {directives: found, problems}
  cache.set(document, result)
  return result
}

/** The inside of a comment, with the source offset of each of its characters. */
export type Comment = {
  readonly text: string
  readonly start: number
  readonly end: number
  readonly closed: boolean
  readonly at: (index: number) => number
}

/** The comments within an HTML node. */
export function comments(document: Document, node: Html): readonly Comment[] {
  const offset = offsets(document, node)
  const found: Comment[] = []
  for (const match of node.value.matchAll(/<!--(?:([\s\S]*?)-->|([\s\S]*)$)/g)) {
    const text = match[1] ?? match[2] ?? ''
    const inner = match.index + 4
    found.push({
      text,
      start: offset(match.index),
      end: offset(match.index + match[0].length - 1) + 1,
      closed: match[1] !== undefined,
      at: (index) => offset(inner + index),
    })
  }
  return found
}

/** Source offset of an index of the node's value: in a quote or a list, later lines lost their prefix. */
function offsets(document: Document, node: Html): (index: number) => number {
  const {start} = rangeOf(node)
  if (!/[\r\n]/.test(node.value)) return (index) => start + index
  const first = positionAt(document, start).line
  const lines = [...node.value.matchAll(/\r\n|\n|\r/g)].map((end) => end.index + end[0].length)
  return (index) => {
    let line = 0
    while ((lines[line] ?? Number.POSITIVE_INFINITY) <= index) line++
    if (line === 0) return start + index
    const from = lines[line - 1] ?? 0
    const text = node.value.slice(from, lines[line])
    const sourceStart = document.lineStarts[first - 1 + line] ?? 0
    const sourceEnd = document.lineStarts[first + line] ?? document.source.length
    const prefix = document.source.slice(sourceStart, sourceEnd).lastIndexOf(text.trimEnd())
    return sourceStart + Math.max(prefix, 0) + index - from
  }
}

function readComment(document: Document, comment: Comment): Directive | DocumentError | null {
  const {text} = comment
  const wrong = (index: number, reason: Bilingual, expected: readonly string[] = []) =>
    errorAt(document, comment.at(index), reason, {rule, expected})

  const word = /^\s*([\p{L}_-]+)\s*$/u.exec(text)
  if (word !== null) {
    const [whole, name = ''] = word
    if (name === 'attest') return finish(document, comment, 'attest', '', new Map(), [])
    if (name === 'optional')
      return finish(document, comment, 'optional', '', new Map(), ['optional'])
    if (nearest(name.toLowerCase(), ['optional'], 2) === undefined) return null
    return wrong(whole.indexOf(name), notKnown(name, 'optional'), ['optional'])
  }

  const head = /^\s*([\p{L}_-]+)\s*:(?=\s|$)\s*/u.exec(text)
  if (head === null) return withoutColon(document, comment)
  const [prefix, written = ''] = head
  const start = prefix.indexOf(written)
  const kind = directiveKinds.find((known) => known === written)
  if (kind === undefined) {
    const near = nearest(written.toLowerCase(), directiveKinds, written.length > 5 ? 2 : 1)
    if (near === undefined) return null
    return wrong(start, notKnown(`${written}:`, `${near}:`), [near])
  }
  if (!comment.closed) {
    return wrong(start, {
      fr: `le commentaire \`${kind}:\` n’est jamais fermé par \`-->\``,
      en: `the comment \`${kind}:\` is never closed with \`-->\``,
    })
  }

  let name = ''
  const parameters = new Map<string, Parameter>()
  const flags: string[] = []
  const flagPlaces: {flag: string; at: number}[] = []
  let index = prefix.length
  const rest = text.trimEnd()
  for (let first = true; index < rest.length; first = false) {
    const token = /^([\p{L}\p{N}][\p{L}\p{N}._/:-]*)(=?)/u.exec(rest.slice(index))
    if (token === null) {
      const found = /^\S+/.exec(rest.slice(index))?.[0] ?? ''
      return wrong(index, {
        fr: `\`${found}\` n’est ni un nom, ni un drapeau, ni clé=valeur`,
        en: `\`${found}\` is neither a name, a flag nor key=value`,
      })
    }
    const [whole, key = '', equals = ''] = token
    if (equals === '') {
      if (first) name = key
      else {
        flags.push(key)
        flagPlaces.push({flag: key, at: index})
      }
    } else {
      const value = readValue(rest, index + whole.length)
      if ('fr' in value) {
        const {fr, en} = value
        return wrong(index + whole.length, {fr: `${key} : ${fr}`, en: `${key}: ${en}`})
      }
      if (parameters.has(key)) {
        const reason = {fr: `\`${key}\` est donné deux fois`, en: `\`${key}\` is given twice`}
        return wrong(index, reason)
      }
      const {line, column} = positionAt(document, comment.at(index + whole.length))
      parameters.set(key, {value: value.text, line, column})
      index = value.end - whole.length
    }
    index += whole.length
    const space = /^(?:\s*,\s*|\s+)/.exec(rest.slice(index))?.[0]
    if (space === undefined && index < rest.length) {
      const found = rest.charAt(index)
      return wrong(index, {
        fr: `\`${found}\` n’est pas attendu ici : séparer par des espaces ou des virgules`,
        en: `\`${found}\` is not expected here: separate by spaces or commas`,
      })
    }
    index += space?.length ?? 0
  }
  if (name === '' && needName.has(kind)) {
    return wrong(start, {
      fr: `\`${kind}:\` veut un nom, comme \`${kind}: nom clé=valeur\``,
      en: `\`${kind}:\` needs a name, such as \`${kind}: name key=value\``,
    })
  }
  const stray = takesFlags.has(kind) ? undefined : flagPlaces.find(({flag}) => flag !== 'optional')
  if (stray !== undefined) {
    const {flag, at} = stray
    return wrong(
      at,
      {
        fr: `\`${flag}\` n’est pas connu ici : écrire \`optional\`, ou clé=valeur`,
        en: `\`${flag}\` is not known here: write \`optional\`, or key=value`,
      },
      ['optional'],
    )
  }
  return finish(document, comment, kind, name, parameters, flags)
}

const notKnown = (written: string, meant: string): Bilingual => ({
  fr: `\`${written}\` est inconnu : écrire \`${meant}\``,
  en: `\`${written}\` is not known: write \`${meant}\``,
})

/** The value that starts at `index`, or what is wrong with it. */
function readValue(text: string, index: number): {text: string; end: number} | Bilingual {
  if (text.charAt(index) !== '"') {
    const bare = /^[^\s"]+/.exec(text.slice(index))?.[0]
    if (bare === undefined)
      return {fr: 'une valeur manque après `=`', en: 'a value is missing after `=`'}
    return {text: bare, end: index + bare.length}
  }
  const quoted = /^"((?:[^"\\]|\\.)*)"/s.exec(text.slice(index))
  if (quoted === null)
    return {fr: 'le guillemet n’est jamais fermé', en: 'the quote is never closed'}
  const value = (quoted[1] ?? '').replace(/\\(["\\])/g, '$1').replace(/\s*[\r\n]\s*/g, ' ')
  return {text: value, end: index + quoted[0].length}
}

/** `check tag since=1h` was meant as a directive; `check whether it works` was not. */
function withoutColon(document: Document, comment: Comment): DocumentError | null {
  const match = /^\s*([a-z]+)\s+([a-z][a-z0-9-]*)((?:\s+\S+)*)\s*$/.exec(comment.text)
  const kind = directiveKinds.find((known) => known === match?.[1])
  if (match === null || kind === undefined) return null
  const [, , name = '', rest = ''] = match
  const meant =
    rest.trim() === ''
      ? name.includes('-')
      : /^(\s+[a-z-]+(=\S+)?)+$/.test(rest) && rest.includes('=')
  if (!meant) return null
  const at = comment.at(comment.text.indexOf(kind))
  const right = `${kind}: ${name}`
  const reason = {
    fr: `il manque le deux-points de \`${kind} ${name}\` : écrire \`${right}\``,
    en: `\`${kind} ${name}\` lacks its colon: write \`${right}\``,
  }
  return errorAt(document, at, reason, {rule, expected: [right]})
}

function finish(
  document: Document,
  comment: Comment,
  kind: DirectiveKind,
  name: string,
  parameters: ReadonlyMap<string, Parameter>,
  flags: readonly string[],
): Directive {
  const position = positionAt(document, comment.start)
  const words = name === '' ? flags : [name, ...flags]
  return {kind, name, parameters, flags: new Set(flags), words, position, end: comment.end}
}
