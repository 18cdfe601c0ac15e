// The flags of the tools beside the scenarios: read once, each with its own list, refused alike.

import {type ParseArgsConfig, parseArgs} from 'node:util'
import {problem} from '../domain/problem.ts'
import type {Lang, Text} from '../domain/text.ts'

const common = {
  help: {type: 'boolean', short: 'h'},
  json: {type: 'boolean'},
  lang: {type: 'string'},
  project: {type: 'string'},
  sandbox: {type: 'boolean'},
} as const

/** Reads `words`. Throws a `Problem` (2) for a flag that does not exist. */
export function toolArguments<O extends NonNullable<ParseArgsConfig['options']>>(
  words: readonly string[],
  options: O,
) {
  try {
    const {values, positionals} = parseArgs({
      args: [...words],
      options: {...common, ...options},
      strict: true,
      allowPositionals: true,
    })
    return {values, positionals}
  } catch (error) {
    throw usage(words.join(' '), error instanceof Error ? (error.message.split('. ')[0] ?? '') : '')
  }
}

export function langOf(word: unknown): Lang {
  if (word === undefined || word === 'fr' || word === 'en') return word ?? 'fr'
  throw usage(`--lang ${String(word)}`, {fr: 'fr ou en', en: 'fr or en'})
}

export function usage(what: string, why: Text) {
  return problem({
    what: {fr: `Arguments refusés : ${what}`, en: `Arguments refused: ${what}`},
    why,
    next: {fr: 'les voir toutes : --help', en: 'see them all: --help'},
    exit: 2,
  })
}
