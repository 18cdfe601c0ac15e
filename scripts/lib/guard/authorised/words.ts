// Reads shell words without running them: parsing, placeholders, and the constant value of a word.
// A word whose value only the shell could know has none here, and the reason is said.

import type {Command, Redirection, Word, WordPart} from 'unbash'
import {lazy} from '../../base/lazy.ts'
import type {Text} from '../../domain/text.ts'

// Private-use characters stand for placeholders while bash words are parsed: `<name>` would
// otherwise read as two redirections.
const firstMark = 0xe000
const lastMark = 0xf8ff
const placeholder = /<(\p{L}[\p{L}\p{N}_-]*)>/gu

export const marks = /[\ue000-\uf8ff]/

export interface Marked {
  readonly source: string
  /** Gives the placeholders their names back. */
  readonly restore: (text: string) => string
}

/** Replaces each `<placeholder>` by one private-use character. */
export function markPlaceholders(text: string): Marked {
  const names: string[] = []
  const source = text.replace(placeholder, (_, name: string) => {
    const known = names.indexOf(name)
    const index = known < 0 ? names.push(name) - 1 : known
    return String.fromCharCode(Math.min(firstMark + index, lastMark))
  })
  const restore = (part: string) =>
    part.replace(new RegExp(marks, 'g'), (mark) => `<${names[mark.charCodeAt(0) - firstMark]}>`)
  return {source, restore}
}

export type Value = {readonly value: string} | {readonly unknown: Text}

const unknown = (fr: string, en: string): Value => ({unknown: {fr, en}})

/** The constant that a word stands for, or why only the shell could tell. */
export function constant(word: Word): Value {
  const parts = word.parts
  if (!parts) {
    return refusedLiteral(word.text, true) ?? {value: word.value}
  }
  for (const [index, part] of parts.entries()) {
    const refused = refusedPart(part, index === 0)
    if (refused) return refused
  }
  return {value: word.value}
}

function refusedPart(part: WordPart, first: boolean): Value | undefined {
  switch (part.type) {
    case 'Literal':
      return refusedLiteral(part.text, first)
    case 'SingleQuoted':
      return undefined
    case 'AnsiCQuoted':
      // Only what zx writes: on the rest, parser and bash need not agree.
      return /^\$'([^\\']|\\[\\'nrtfv])*'$/.test(part.text)
        ? undefined
        : unknown('un échappement rare', 'a rare escape')
    case 'DoubleQuoted':
      if (part.parts.some((child) => child.type !== 'Literal')) {
        return unknown('une expansion entre guillemets', 'an expansion inside double quotes')
      }
      // zx leaves its own quoting there, and the shell would expand what the value holds.
      if (part.text.includes("$'")) {
        return unknown('une valeur entre guillemets doubles', 'a value inside double quotes')
      }
      return undefined
    case 'Glob':
    case 'ExtendedGlob':
      return unknown('un motif de noms de fichiers', 'a file name pattern')
    case 'BraceExpansion':
      return unknown('une expansion d’accolades', 'a brace expansion')
    case 'SimpleExpansion':
    case 'ParameterExpansion':
    case 'ArithmeticExpansion':
      return unknown('une expansion de variable', 'a variable expansion')
    case 'CommandExpansion':
    case 'ProcessSubstitution':
      return unknown('une substitution de commande', 'a command substitution')
    case 'LocaleString':
      return unknown('une chaîne traduite `$"…"`', 'a translated string `$"…"`')
    default:
      return never(part)
  }
}

function refusedLiteral(text: string, first: boolean): Value | undefined {
  const bare = text.replace(/\\./gs, (pair) => (pair === '\\\n' ? '' : '__'))
  // bash expands it at the start of a word and, in anything that looks like an assignment, after
  // `=` and `:`.
  if ((first && bare.startsWith('~')) || /[=:]~/.test(bare)) {
    return unknown('`~` non protégé', 'an unquoted `~`')
  }
  // The parser lets some of these pass as plain characters where bash would not.
  if (/[$`(){}]/.test(bare.replaceAll('{}', '')))
    return unknown('un caractère du shell', 'a character of the shell')
  return undefined
}

const never = (part: never): Value => unknown('une syntaxe inconnue', `unknown syntax ${part}`)

export interface Assigned {
  readonly name: string
  readonly value: string
}

export interface ReadRedirection {
  readonly operator: string
  readonly descriptor: number | null
  readonly target: string
}

/** A simple command made of constants only. */
export interface Simple {
  readonly assignments: readonly Assigned[]
  readonly words: readonly string[]
  readonly redirections: readonly ReadRedirection[]
}

export type Read<T> =
  | {readonly ok: true; readonly value: T}
  | {readonly ok: false; readonly reason: Text}

const no = (fr: string, en: string): {ok: false; reason: Text} => ({ok: false, reason: {fr, en}})

/** The constants of a simple command of `source`, or the first thing in it that is none. */
export function simple(command: Command, source: string): Read<Simple> {
  const assignments: Assigned[] = []
  const words: string[] = []
  const redirections: ReadRedirection[] = []
  if (!command.name) return no('pas de mot de commande', 'no command word')
  let end = command.pos
  for (const part of [...command.prefix, command.name, ...command.suffix]) {
    // What stands between two parts and belongs to none was dropped by the parser, not by bash.
    if (!blank.test(source.slice(end, part.pos))) return no('un reste illisible', 'an unread rest')
    end = part.end
    if (part.type === 'Assignment') {
      if (part.append || part.index || part.value.type === 'ArrayValue') {
        return no('une affectation de tableau ou `+=`', 'an array assignment or `+=`')
      }
      const read = constant(part.value)
      if ('unknown' in read) return {ok: false, reason: read.unknown}
      if (part.pos < command.name.pos) assignments.push({name: part.name, value: read.value})
      else words.push(`${part.name}=${read.value}`)
    } else if (part.type === 'Word') {
      const read = constant(part)
      if ('unknown' in read) return {ok: false, reason: read.unknown}
      words.push(read.value)
    } else {
      const read = redirection(part)
      if (!read.ok) return read
      redirections.push(read.value)
    }
  }
  if (!blank.test(source.slice(end, command.end))) return no('un reste illisible', 'an unread rest')
  return {ok: true, value: {assignments, words, redirections}}
}

const blank = /^([ \t]|\\\n)*$/

function redirection(part: Redirection): Read<ReadRedirection> {
  if (part.type !== 'Redirect' || !part.target) {
    return no('un document intégré (`<<`)', 'a here-document (`<<`)')
  }
  if (part.descriptor?.type === 'FileDescriptorVariable') {
    return no('un descripteur de fichier variable', 'a variable file descriptor')
  }
  const read = constant(part.target)
  if ('unknown' in read) return {ok: false, reason: read.unknown}
  const descriptor = part.descriptor?.value ?? null
  return {ok: true, value: {operator: part.operator, descriptor, target: read.value}}
}

/** The shell's parser, loaded when a command is first read. */
export const unbash = lazy(() => import('unbash'))
