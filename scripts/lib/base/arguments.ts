// The flags of the three scenarios, read once. Nothing here loads anything: `--help` passes through.

import type {Lang} from '../domain/text.ts'
import {readFlags, usage} from './flags.ts'
import {type PlaceArguments, placeArguments, placeFlags} from './place-flags.ts'

export interface Arguments extends PlaceArguments {
  readonly help: boolean
  readonly plan: boolean
  /** With `plan`: the reset itself, rolled back. */
  readonly rehearse?: boolean
  readonly answersTemplate: boolean
  readonly status: boolean
  readonly json: boolean
  readonly exit: boolean
  readonly lang: Lang
  readonly answers?: string
  readonly gate?: string
  readonly abort?: string
  readonly rollback?: string
  readonly takeOver?: string
}

const options = {
  help: {type: 'boolean', short: 'h'},
  plan: {type: 'boolean'},
  rehearse: {type: 'boolean'},
  'answers-template': {type: 'boolean'},
  version: {type: 'boolean', short: 'v'},
  status: {type: 'boolean'},
  json: {type: 'boolean'},
  ...placeFlags,
  exit: {type: 'boolean'},
  lang: {type: 'string'},
  answers: {type: 'string'},
  gate: {type: 'string'},
  abort: {type: 'string'},
  rollback: {type: 'string'},
  'take-over': {type: 'string'},
  break: {type: 'string'},
  advance: {type: 'string'},
} as const

/** Reads the arguments of a scenario. Throws a `Problem` (2) for a flag that does not exist, or makes no sense here. */
export function parseArguments(words: readonly string[], scenario: string): Arguments {
  const {values} = readFlags(words, options, {positionals: false})
  const place = placeArguments(values)
  if (values.exit && scenario !== 'freeze')
    throw usage('--exit', {fr: 'seul freeze.ts connaît --exit', en: 'only freeze.ts has --exit'})
  if (values.rehearse && (!values.plan || scenario !== 'staging'))
    throw usage('--rehearse', {
      fr: 'il n’existe qu’avec --plan, pour staging.ts',
      en: 'it exists with --plan only, for staging.ts',
    })
  if (scenario === 'freeze' && values.rollback !== undefined)
    throw usage('--rollback', {
      fr: 'un freeze ne déploie rien : --exit y met fin',
      en: 'a freeze deploys nothing: --exit ends it',
    })
  if (scenario === 'production' && values.rollback === 'drill')
    throw usage('--rollback drill', {
      fr: 'un exercice se fait sur STAGING',
      en: 'a drill is done on STAGING',
    })
  const why = [values.abort, values.rollback, values['take-over']].find(
    (text) => text?.trim() === '',
  )
  if (why !== undefined)
    throw usage('--abort, --rollback, --take-over', {
      fr: 'la raison est vide',
      en: 'the reason is empty',
    })
  const {lang = 'fr'} = values
  if (lang !== 'fr' && lang !== 'en')
    throw usage(`--lang ${lang}`, {fr: 'fr ou en', en: 'fr or en'})
  return {
    help: values.help ?? false,
    plan: values.plan ?? false,
    ...(values.rehearse && {rehearse: true}),
    answersTemplate: values['answers-template'] ?? false,
    status: values.status ?? false,
    json: values.json ?? false,
    ...place,
    exit: values.exit ?? false,
    lang,
    ...(values.answers !== undefined && {answers: values.answers}),
    ...(values.gate !== undefined && {gate: values.gate}),
    ...(values.abort !== undefined && {abort: values.abort}),
    ...(values.rollback !== undefined && {rollback: values.rollback}),
    ...(values['take-over'] !== undefined && {takeOver: values['take-over']}),
  }
}
