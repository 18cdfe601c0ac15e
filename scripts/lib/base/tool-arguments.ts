// The flags of the tools beside the scenarios: read once, each with its own list, refused alike.

import type {ParseArgsConfig} from 'node:util'
import type {Lang} from '../domain/text.ts'
import {readFlags, usage} from './flags.ts'
import {placeArguments, placeFlags} from './place-flags.ts'

const common = {
  help: {type: 'boolean', short: 'h'},
  json: {type: 'boolean'},
  lang: {type: 'string'},
  ...placeFlags,
} as const

/** Reads `words`; `place`: the project that they name. Throws a `Problem` (2) for a flag that does not exist. */
export function toolArguments<O extends NonNullable<ParseArgsConfig['options']>>(
  words: readonly string[],
  options: O,
) {
  const read = readFlags(words, {...common, ...options}, {positionals: true})
  const {sandbox, project}: {sandbox?: unknown; project?: unknown} = read.values
  return {
    values: read.values,
    place: placeArguments({
      sandbox: sandbox === true,
      project: typeof project === 'string' ? project : undefined,
    }),
    positionals: read.positionals,
  }
}

export function langOf(word: unknown): Lang {
  if (word === undefined || word === 'fr' || word === 'en') return word ?? 'fr'
  throw usage(`--lang ${String(word)}`, {fr: 'fr ou en', en: 'fr or en'})
}
