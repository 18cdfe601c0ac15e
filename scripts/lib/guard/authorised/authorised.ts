// Layer 1: a step's command runs only where each of its simple commands equals one that the runbook
// lists. What cannot be read as constants is refused, never guessed.

import type {AndOr, Command, PipelineNode, Statement} from 'unbash'
import type {Text} from '../../domain/text.ts'
import {type Unknown, unknownIn} from './known.ts'
import {
  type Marked,
  markPlaceholders,
  marks,
  type Read,
  type Simple,
  simple,
  unbash,
} from './words.ts'

/** A fenced bash block of a runbook; `line` is that of the first line inside it, from 1. */
export interface CommandFence {
  readonly path: string
  readonly line: number
  readonly text: string
}

export interface Listing {
  readonly path: string
  readonly line: number
}

export type Authorisation =
  | {readonly ok: true; readonly matched: readonly Listing[]}
  | {readonly ok: false; readonly reason: Text; readonly line?: number}

/** One command of a fence. A `manual` one is done by people and matches nothing. */
export interface Listed extends Listing {
  readonly text: string
  readonly kind: 'runnable' | 'manual'
  /** Why it is manual; null where it is runnable. */
  readonly reason: Text | null
}

interface Entry extends Listed {
  readonly pattern: Simple | null
  /** Programs that the comment above the command declares. */
  readonly declared: ReadonlySet<string>
}

/** Whether the fences list every simple command of `commandText`, and where. */
export async function authorise(
  commandText: string,
  fences: readonly CommandFence[],
): Promise<Authorisation> {
  const {parse} = await unbash()
  const script = parse(commandText)
  const error = script.errors?.[0]
  if (error) {
    return refused(`illisible : ${error.message}`, `unreadable: ${error.message}`)
  }
  if (script.commands.length === 0) return refused('aucune commande', 'no command')
  const entries = await readAll(fences)
  const matched: Listing[] = []
  for (const node of script.commands.flatMap(flatten)) {
    const read = asSimple(node, commandText)
    if (!read.ok) return {ok: false, reason: inside(node.text(commandText), read.reason)}
    const entry = entries.find(({pattern}) => pattern !== null && equal(pattern, read.value))
    if (!entry) return unlisted(node.text(commandText), read.value, entries)
    matched.push({path: entry.path, line: entry.line})
  }
  return {ok: true, matched}
}

/** Each command that a fence lists, with its line, and whether a script may run it. */
export async function classify(fence: CommandFence): Promise<readonly Listed[]> {
  const entries = await readFence(fence)
  return entries.map(({pattern: _, declared: __, ...listed}) => listed)
}

export interface UnknownCommand extends Unknown {
  readonly line: number
  readonly text: string
}

/** The runnable commands of a fence whose program or shape is neither known nor declared above them. */
export async function unknownCommands(fence: CommandFence): Promise<readonly UnknownCommand[]> {
  const entries = await readFence(fence)
  return entries.flatMap(({pattern, declared, line, text}) => {
    const unknown = pattern && unknownIn(pattern, declared)
    return unknown ? [{...unknown, line, text}] : []
  })
}

const refused = (fr: string, en: string): Authorisation => ({ok: false, reason: {fr, en}})

const inside = (command: string, reason: Text): Text =>
  typeof reason === 'string'
    ? reason
    : {fr: `${reason.fr} dans \`${command}\``, en: `${reason.en} in \`${command}\``}

function unlisted(text: string, read: Simple, entries: readonly Entry[]): Authorisation {
  const same = entries.filter((entry) => entry.text.includes(read.words[0] ?? ''))
  const near = same.find((entry) => entry.pattern?.words[0] === read.words[0]) ?? same[0]
  if (!near) {
    return refused(
      `le runbook n’autorise pas \`${text}\` dans cette phase`,
      `the runbook does not authorise \`${text}\` in this phase`,
    )
  }
  const place = `${near.path}:${near.line}`
  return {
    ok: false,
    line: near.line,
    reason: {
      fr: `le runbook n’autorise pas \`${text}\` ; au plus près : \`${near.text}\` (${place}${near.kind === 'manual' ? ', manuelle' : ''})`,
      en: `the runbook does not authorise \`${text}\`; the nearest is \`${near.text}\` (${place}${near.kind === 'manual' ? ', manual' : ''})`,
    },
  }
}

interface Node {
  readonly pos: number
  readonly end: number
  readonly text: (source: string) => string
  readonly command: Command | null
  readonly reason: Text | null
}

function node(
  from: {readonly pos: number; readonly end: number},
  command: Command | null,
  reason: Text | null = null,
): Node {
  return {
    pos: from.pos,
    end: from.end,
    text: (source) => source.slice(from.pos, from.end),
    command,
    reason,
  }
}

/** The simple commands of a statement; anything else stays one node with the reason it is refused. */
function flatten(statement: Statement): readonly Node[] {
  if (statement.background) {
    return [node(statement, null, {fr: '`&` (arrière-plan)', en: '`&` (background)'})]
  }
  return flattenNode(statement.command)
}

function flattenNode(of: PipelineNode | AndOr): readonly Node[] {
  switch (of.type) {
    case 'Command':
      return [node(of, of)]
    case 'AndOr':
      return of.commands.flatMap(flattenNode)
    case 'Pipeline':
      if (of.prefixes.length > 0) {
        return [node(of, null, {fr: 'un préfixe `!` ou `time`', en: 'a `!` or `time` prefix'})]
      }
      if (of.operators.includes('|&')) return [node(of, null, {fr: '`|&`', en: '`|&`'})]
      return of.commands.flatMap(flattenNode)
    default:
      return [
        node(of, null, {
          fr: `une construction du shell (${of.type})`,
          en: `a shell construct (${of.type})`,
        }),
      ]
  }
}

function asSimple(of: Node, source: string): Read<Simple> {
  if (of.command) return simple(of.command, source)
  return {ok: false, reason: of.reason ?? ''}
}

const cache = new WeakMap<CommandFence, Promise<readonly Entry[]>>()

async function readAll(fences: readonly CommandFence[]): Promise<readonly Entry[]> {
  const read = (fence: CommandFence) => {
    const known = cache.get(fence) ?? readFence(fence)
    cache.set(fence, known)
    return known
  }
  return (await Promise.all(fences.map(read))).flat()
}

async function readFence(fence: CommandFence): Promise<readonly Entry[]> {
  const {parse} = await unbash()
  const text = fence.text.replace(/\r\n?/g, '\n')
  const foreign = marks.test(text)
  const marked = markPlaceholders(text)
  const script = parse(marked.source)
  const error = script.errors?.[0]
  if (foreign || error) {
    const reason: Text = foreign
      ? {fr: 'un caractère à usage privé', en: 'a private-use character'}
      : {fr: `illisible : ${error?.message}`, en: `unreadable: ${error?.message}`}
    const at = fence.line + (error ? lineOf(marked.source, error.pos) : 0)
    const unread = {pattern: null, declared: new Set<string>()}
    return [{path: fence.path, line: at, text: text.trim(), kind: 'manual', reason, ...unread}]
  }
  return script.commands.flatMap((statement) => {
    const said = {
      byPeople: saidManual(marked.source, statement),
      declared: declaredAbove(marked.source, statement),
    }
    return flatten(statement).map((of) => entry(fence, marked, of, said))
  })
}

interface Said {
  readonly byPeople: boolean
  readonly declared: ReadonlySet<string>
}

function entry(fence: CommandFence, marked: Marked, of: Node, {byPeople, declared}: Said): Entry {
  const read = asSimple(of, marked.source)
  const base = {
    path: fence.path,
    line: fence.line + lineOf(marked.source, of.pos),
    text: marked.restore(of.text(marked.source)),
    declared,
  }
  const manual = (reason: Text): Entry => ({...base, kind: 'manual', reason, pattern: null})
  if (byPeople) return manual({fr: 'marquée manuelle', en: 'marked manual'})
  if (!read.ok) return manual(read.reason)
  const [name = ''] = read.value.words
  if (marks.test(name)) {
    return manual({
      fr: 'le nom de la commande est un paramètre',
      en: 'the command word is a placeholder',
    })
  }
  if (read.value.words.includes('...') || read.value.words.includes('…')) {
    return manual({fr: 'des points de suspension', en: 'an ellipsis'})
  }
  return {...base, kind: 'runnable', reason: null, pattern: read.value}
}

const lineOf = (source: string, position: number) =>
  source.slice(0, position).split('\n').length - 1

const directive = /^[ \t]*#[ \t]*(manuel|manuelle|manual)[ \t]*(:.*)?$/i
const comment = /^[ \t]*#/

/** `# manuel` in the comment lines right above a command, or behind it. */
function saidManual(source: string, statement: Statement): boolean {
  const behind = source.slice(statement.end).split('\n', 1)[0] ?? ''
  if (directive.test(behind.replace(/^[ \t;]*/, ''))) return true
  return commentsAbove(source, statement).some((line) => directive.test(line))
}

const declaration = /^[ \t]*#[ \t]*program(?:me)?[ \t]+(\S+?)[ \t]*:[ \t]+\S/i

/** `# programme NAME : what it does`, in the comment lines right above a command. */
function declaredAbove(source: string, statement: Statement): ReadonlySet<string> {
  const lines = commentsAbove(source, statement)
  return new Set(lines.flatMap((line) => declaration.exec(line)?.[1] ?? []))
}

function commentsAbove(source: string, statement: Statement): readonly string[] {
  const above = source.slice(0, statement.pos).split('\n').slice(0, -1).reverse()
  const end = above.findIndex((line) => !comment.test(line))
  return end < 0 ? above : above.slice(0, end)
}

function equal(pattern: Simple, read: Simple): boolean {
  return (
    pattern.assignments.length === read.assignments.length &&
    pattern.words.length === read.words.length &&
    pattern.redirections.length === read.redirections.length &&
    pattern.words.every((word, index) => matches(word, read.words[index] ?? '')) &&
    pattern.assignments.every((assigned, index) => {
      const other = read.assignments[index]
      return (
        other !== undefined && assigned.name === other.name && matches(assigned.value, other.value)
      )
    }) &&
    pattern.redirections.every((redirected, index) => {
      const other = read.redirections[index]
      return (
        other !== undefined &&
        redirected.operator === other.operator &&
        redirected.descriptor === other.descriptor &&
        matches(redirected.target, other.target)
      )
    })
  )
}

/** Whether a word equals a listed one, each placeholder standing for at least one character. */
export function matches(pattern: string, word: string): boolean {
  const literals = pattern.split(marks)
  const [first = '', ...rest] = literals
  const last = rest.pop()
  if (last === undefined) return pattern === word
  // An option could hide behind a placeholder that begins a word.
  if (first === '' && word.startsWith('-')) return false
  if (!word.startsWith(first)) return false
  let at = first.length
  for (const literal of rest) {
    const found = word.indexOf(literal, at + 1)
    if (found < 0) return false
    at = found + literal.length
  }
  return word.length - last.length > at && word.endsWith(last)
}
