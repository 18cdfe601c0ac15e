// Reads flags, and refuses what is not one in the reader's language: which word, why, and what was
// probably meant.

import {type ParseArgsConfig, parseArgs} from 'node:util'
import {nearest} from '../documents/nearest.ts'
import {type Problem, problem} from '../domain/problem.ts'
import type {Text} from '../domain/text.ts'

type Options = NonNullable<ParseArgsConfig['options']>

/** The values of `words`. Throws a `Problem` (2) for the first word that cannot be read. */
export function readFlags<O extends Options>(
  words: readonly string[],
  options: O,
  {positionals}: {positionals: boolean},
) {
  const args = [...words]
  const {tokens} = parseArgs({
    ...{args, options, strict: false, allowPositionals: true, tokens: true},
  })
  for (const token of tokens) {
    if (token.kind === 'positional' && !positionals)
      throw usage(token.value, {fr: 'aucun mot n’est attendu', en: 'no word is expected'})
    if (token.kind === 'option') refuseUnread(token, options)
  }
  return parseArgs({args, options, strict: true, allowPositionals: true})
}

interface Token {
  readonly name: string
  readonly rawName: string
  readonly value: string | undefined
  readonly inlineValue: boolean | undefined
}

function refuseUnread({name, rawName, value, inlineValue}: Token, options: Options): void {
  const known = Object.hasOwn(options, name) ? options[name] : undefined
  if (known === undefined) {
    const meant = nearest(name, Object.keys(options), Math.ceil(name.length / 3))
    throw usage(
      rawName,
      {fr: 'cette option n’existe pas', en: 'there is no such flag'},
      meant === undefined ? undefined : didYouMean(`--${meant}`),
    )
  }
  // What begins with a dash is the next flag, unless it is written `--flag=-x`.
  const missing = value === undefined || (value.startsWith('-') && inlineValue !== true)
  if (known.type === 'string' && missing)
    throw usage(rawName, {fr: 'elle attend une valeur', en: 'it wants a value'})
  if (known.type === 'boolean' && value !== undefined)
    throw usage(`${rawName}=${value}`, {fr: 'elle n’attend pas de valeur', en: 'it takes no value'})
}

export const didYouMean = (word: string): Text => ({
  fr: `vouliez-vous dire ${word} ?`,
  en: `did you mean ${word}?`,
})

/** Words that a command cannot be run with. */
export function usage(what: string, why: Text, next?: Text): Problem {
  return problem({
    what:
      what === ''
        ? {fr: 'Un argument manque.', en: 'An argument is missing.'}
        : {fr: `Arguments refusés : ${what}`, en: `Arguments refused: ${what}`},
    why,
    next: next ?? {fr: 'les voir toutes : --help', en: 'see them all: --help'},
    exit: 2,
  })
}
