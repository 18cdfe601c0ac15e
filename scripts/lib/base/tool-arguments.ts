// The flags of the tools beside the scenarios: read once, each with its own list, refused alike.

import type {ParseArgsConfig} from 'node:util'
import type {Lang} from '../domain/text.ts'
import {readFlags, refuseSandboxProject, usage} from './flags.ts'

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
  const read = readFlags(words, {...common, ...options}, {positionals: true})
  refuseSandboxProject(read.values)
  return {values: read.values, positionals: read.positionals}
}

export function langOf(word: unknown): Lang {
  if (word === undefined || word === 'fr' || word === 'en') return word ?? 'fr'
  throw usage(`--lang ${String(word)}`, {fr: 'fr ou en', en: 'fr or en'})
}
