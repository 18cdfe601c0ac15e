// What each define is given in one environment. None is dropped in silence: what keeps the code's own
// default, or is left to nobody, is told with its reason.

import type {Environment} from '../../domain/event.ts'
import {forms} from './env-keys.ts'
import type {Define, EnvCandidate} from './findings.ts'

export type Settled =
  | {readonly type: 'key'; readonly key: string}
  | {readonly type: 'constant'; readonly value: string}
  /** The code's own value holds. */
  | {readonly type: 'default'; readonly value: string | null}
  /** A client must never hold it. */
  | {readonly type: 'secret'}
  /** It is the other environment's, by its name. */
  | {readonly type: 'other'}
  /** It says which environment the client takes itself for: a person has to tell. */
  | {readonly type: 'open'; readonly value: string; readonly likely: string}

interface Given {
  readonly environment: Environment
  readonly file: EnvCandidate | undefined
  /** Texts of the code. */
  readonly words: ReadonlySet<string>
  /** What a person said, by the define's name. */
  readonly said: (name: string) => string | undefined
}

const named: Readonly<Record<Environment, readonly string[]>> = {
  staging: ['staging', 'stg', 'preprod', 'recette'],
  production: ['production', 'prod', 'prd', 'live'],
}
/** A default that says which environment this is. */
const environments = new Set([
  ...named.staging,
  ...named.production,
  ...['dev', 'development', 'local', 'test', 'qa', 'debug'],
])

export function settledDefine(define: Define, {environment, file, words, said}: Given): Settled {
  const {name, hasDefault, fallback, given} = define
  const own = said(name)
  if (own !== undefined) return {type: 'constant', value: own}
  if (secret.test(name)) return {type: 'secret'}
  const other = environment === 'staging' ? /(^|_)PROD(UCTION)?(_|$)/ : /(^|_)(STAGING|STG)(_|$)/
  if (other.test(name)) return {type: 'other'}
  const keys = file?.keys ?? []
  const inFile = (base: string) => forms(base, environment).find((key) => keys.includes(key))
  const key = inFile(name) ?? inFile(name.replace(/^SUPABASE_/, ''))
  if (key !== undefined) return {type: 'key', key}
  const ours = given.filter((each) => each.environment === environment)
  // What is built without a word about which environment is as good for both, but where it says one.
  const both = given.filter(
    ({environment: of, value}) =>
      of === null && !('constant' in value && environments.has(value.constant.toLowerCase())),
  )
  for (const {value} of [...ours, ...both]) {
    if ('constant' in value && value.constant !== '')
      return {type: 'constant', value: value.constant}
  }
  const variable = [...ours, ...both].flatMap(({value}) =>
    'variable' in value && value.variable !== '' ? [value.variable] : [],
  )[0]
  if (variable !== undefined) return {type: 'key', key: variable}
  if (fallback !== null && environments.has(fallback.toLowerCase()))
    return ofEnvironment(fallback, environment, words)
  return hasDefault ? {type: 'default', value: fallback} : {type: 'key', key: name}
}

/** `fallback` names an environment: this one's word, as the code itself writes it. */
function ofEnvironment(
  fallback: string,
  environment: Environment,
  words: ReadonlySet<string>,
): Settled {
  if (named[environment].includes(fallback.toLowerCase()))
    return {type: 'constant', value: fallback}
  const upper = fallback === fallback.toUpperCase()
  const like = (word: string) => (upper ? word.toUpperCase() : word)
  const written = named[environment].map(like).filter((word) => words.has(word))
  const [only, ...others] = written
  if (only !== undefined && others.length === 0) return {type: 'constant', value: only}
  const likely =
    only ?? like(environment === 'production' && /^pro?d$/i.test(fallback) ? 'prod' : environment)
  return {type: 'open', value: fallback, likely}
}

// What a client must never hold is not offered to it.
const secret = /SERVICE_ROLE|SECRET|PASSWORD|PRIVATE|DB_URL|DATABASE_URL/
