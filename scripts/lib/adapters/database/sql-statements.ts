// Cuts an SQL file into its statements, as psql would, so that each can be told by its line. Transaction
// commands of the file itself are left out: the reset is one transaction.

import {type Problem, problem} from '../../domain/problem.ts'
import type {Text} from '../../domain/text.ts'

export interface SqlStatement {
  readonly sql: string
  readonly line: number
  /** The rows of a `COPY … FROM stdin`, as they stand in the file. */
  readonly rows?: string
  /** What a reset runs in its place (a value that a later file adds to an enum stands in it already). */
  readonly run?: string
}

/** The statements of `source`. Throws a `Problem` (2) with `path:line` for what cannot run inside one transaction. */
export function sqlStatements(source: string, path: string): readonly SqlStatement[] {
  const statements: SqlStatement[] = []
  for (const statement of cut(source.replace(/^\uFEFF/, ''), path)) {
    const words = statement.sql.replace(/\s+/g, ' ').toLowerCase()
    if (/^(begin|start transaction|commit|end)( work| transaction)?\b[^'"$]*$/.test(words)) continue
    if (impossible.test(words)) {
      throw unreadable(path, statement.line, {
        fr: `« ${words.split(' ').slice(0, 3).join(' ')} » ne peut pas faire partie d’une transaction`,
        en: `"${words.split(' ').slice(0, 3).join(' ')}" cannot be part of a transaction`,
      })
    }
    // On tables that nobody uses yet an index needs no second way of being built.
    const sql = statement.sql.replace(
      /^(create\s+(?:unique\s+)?index|drop\s+index)\s+concurrently\b/i,
      '$1',
    )
    statements.push({...statement, sql})
  }
  return statements
}

const impossible =
  /^(rollback(?! to )|abort|prepare transaction|vacuum|create database|drop database|alter system|create tablespace|drop tablespace|create subscription|reindex .*concurrently|discard all)\b/

const fromStdin = /^copy\s[\s\S]*?\sfrom\s+stdin\b/i

/** One pass: comments, quotes, dollar quotes and bodies of `begin atomic` hide semicolons. */
function* cut(source: string, path: string): Generator<SqlStatement> {
  let at = 0
  let start = -1
  let depth = 0
  // What hides nothing and begins no statement is passed over in one go.
  const between = /[\s\d(),.=<>:*[\]]+/y
  const token =
    /--[^\n]*|\/\*|(?:\b[eE])?'|"|\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$|;|\\[^\n]*|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|\S/y
  const lineOf = lineCounter(source)
  const unfinished = (what: string, from: number) =>
    unreadable(path, lineOf(from), {fr: `${what} n’est pas fermé`, en: `${what} is not closed`})
  while (at < source.length) {
    between.lastIndex = at
    if (start >= 0 && between.test(source)) {
      at = between.lastIndex
      continue
    }
    if (/\s/.test(source[at] ?? '')) {
      at++
      continue
    }
    token.lastIndex = at
    const [word = source[at] ?? ''] = token.exec(source) ?? []
    const from = at
    at += word.length
    if (word.startsWith('--')) continue
    if (word === '/*') {
      at = endOfComment(source, at)
      if (at < 0) throw unfinished('/*', from)
      continue
    }
    if (word.startsWith('\\') && start < 0) {
      // pg_dump writes these two around its output; any other is a command to psql.
      if (/^\\(un)?restrict\b/.test(word)) continue
      throw unreadable(path, lineOf(from), {
        fr: 'les commandes de psql ne sont pas du SQL',
        en: 'commands to psql are no SQL',
      })
    }
    if (word === ';' && depth === 0) {
      if (start >= 0) {
        const statement = {sql: source.slice(start, from), line: lineOf(start)}
        if (fromStdin.test(statement.sql)) {
          const data = rowsBehind(source, at)
          if (data === null) throw unfinished('COPY … FROM stdin', start)
          yield {...statement, rows: data.rows}
          at = data.end
        } else yield statement
      }
      start = -1
      continue
    }
    if (start < 0) start = from
    if (word === "'" || /^[eE]'$/.test(word)) at = endOfQuote(source, at, "'", word.length === 2)
    else if (word === '"') at = endOfQuote(source, at, '"', false)
    else if (/^\$.*\$$/s.test(word)) at = afterOf(source, word, at)
    else depth = nesting(word.toLowerCase(), depth, source.slice(Math.max(start, from - 12), from))
    if (at < 0) throw unfinished(word, from)
  }
  if (start < 0) return
  if (fromStdin.test(source.slice(start))) throw unfinished('COPY … FROM stdin', start)
  yield {sql: source.slice(start), line: lineOf(start)}
}

/** The lines behind a COPY, up to the line `\\.`; null where that never comes. */
function rowsBehind(source: string, from: number): {rows: string; end: number} | null {
  const begin = source.indexOf('\n', from) + 1
  if (begin === 0) return null
  const mark = /^\\\.\r?$/my
  for (let line = begin; line > 0 && line <= source.length; ) {
    mark.lastIndex = line
    if (mark.test(source)) return {rows: source.slice(begin, line), end: mark.lastIndex}
    line = source.indexOf('\n', line) + 1
  }
  return null
}

/** Line numbers of offsets that only grow. */
function lineCounter(source: string): (offset: number) => number {
  let [counted, line] = [0, 1]
  return (offset) => {
    if (offset < counted) [counted, line] = [0, 1]
    for (let next = source.indexOf('\n', counted); next >= 0 && next < offset; ) {
      line++
      counted = next + 1
      next = source.indexOf('\n', counted)
    }
    return line
  }
}

const afterOf = (source: string, mark: string, from: number): number => {
  const found = source.indexOf(mark, from)
  return found < 0 ? -1 : found + mark.length
}

function endOfQuote(source: string, from: number, quote: string, escapes: boolean): number {
  for (let at = from; at < source.length; at++) {
    if (escapes && source[at] === '\\') at++
    else if (source[at] === quote && source[at + 1] === quote) at++
    else if (source[at] === quote) return at + 1
  }
  return -1
}

/** Comments nest in SQL. */
function endOfComment(source: string, from: number): number {
  let depth = 1
  for (let at = from; at < source.length; at++) {
    const two = source.slice(at, at + 2)
    if (two === '/*') depth++
    if (two === '*/') depth--
    if (two === '/*' || two === '*/') at++
    if (depth === 0) return at + 1
  }
  return -1
}

/** `begin atomic … end`: inside, `case … end` also ends with `end`. */
function nesting(word: string, depth: number, before: string): number {
  if (word === 'atomic' && /\bbegin\s+$/i.test(before)) return depth + 1
  if (depth > 0 && word === 'case') return depth + 1
  return depth > 0 && word === 'end' ? depth - 1 : depth
}

function unreadable(path: string, line: number, why: Text): Problem {
  return problem({
    what: {fr: `${path}:${line} ne peut pas être exécuté.`, en: `${path}:${line} cannot be run.`},
    why,
    next: {
      fr: 'corriger ce fichier ; rien n’a été supprimé',
      en: 'correct this file; nothing was dropped',
    },
    exit: 2,
    at: {path, line},
  })
}
