// Which database is this? The URL as the driver uses it, the project ref and a marker inside the
// database must all say the environment, and nothing may say the other one. A URL is only a claim.

import type {Environment} from '../../domain/event.ts'
import {Problem} from '../../domain/problem.ts'
import type {ProjectEnvironment} from '../../domain/project.ts'
import {fingerprintOfRef} from '../../domain/secret.ts'
import type {Text} from '../../domain/text.ts'
import {fail, type Judgement, pass, unknown} from '../../domain/verdict.ts'
import type {EnvFile} from '../../policy/env-file.ts'
import {type Connection, parseConnection} from './connection.ts'
import {
  lookAlike,
  mentionsFingerprint,
  mentionsRef,
  type Product,
  refsOf,
  sameTarget,
} from './project-ref.ts'
import {attempt, type DatabaseSession} from './session.ts'

export interface Claim {
  readonly connection: Connection
  readonly ref: string
}

export interface ClaimInput {
  readonly environment: Environment
  readonly product: Product
  readonly settings: ProjectEnvironment
  readonly otherSettings: ProjectEnvironment | undefined
  readonly env: Pick<EnvFile, 'path' | 'get'>
  readonly otherEnv: Pick<EnvFile, 'path' | 'get'> | null
  /** Fingerprint of PROD's ref, from the committed shape: known where PROD's env file is not. */
  readonly productionPrint: string | null
}

export type Reading<T> =
  | {readonly ok: true; readonly value: T}
  | {readonly ok: false; readonly judgement: Judgement}

const no = (observed: Text, next: Text): Reading<never> => ({
  ok: false,
  judgement: fail(observed, {next}),
})

/** What URL and ref say, before anything is connected to: a claim without contradiction, or why not. */
export function readClaim(input: ClaimInput): Reading<Claim> {
  const {settings, env, product} = input
  const keys = settings.database
  if (keys === undefined) {
    return no(
      {fr: 'aucune base de données n’est décrite', en: 'no database is described'},
      {fr: 'compléter postgate.yaml', en: 'complete postgate.yaml'},
    )
  }
  const url = firstOf(env, keys.url)
  const ref = firstOf(env, keys.ref)
  if (url === undefined || ref === undefined) {
    const missing = url === undefined ? keys.url : keys.ref
    return no(
      {fr: `${missing} manque dans ${env.path}`, en: `${missing} is missing in ${env.path}`},
      {fr: `renseigner ${missing} dans ${env.path}`, en: `set ${missing} in ${env.path}`},
    )
  }
  const mend: Text = {
    fr: `corriger ${keys.url} et ${keys.ref} dans ${env.path}, puis relancer la même commande`,
    en: `correct ${keys.url} and ${keys.ref} in ${env.path}, then run the same command again`,
  }
  let connection: Connection
  try {
    connection = parseConnection(url, keys.url)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return no(error.parts.why ?? error.parts.what, error.parts.next ?? mend)
  }
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(ref)) {
    return no(
      {fr: `${keys.ref} n’est pas une référence de projet`, en: `${keys.ref} is no project ref`},
      mend,
    )
  }
  const contradiction =
    ownContradiction(connection, ref, product) ?? otherContradiction(input, connection, ref)
  return contradiction === null ? {ok: true, value: {connection, ref}} : no(contradiction, mend)
}

/** The URL against its own ref. */
function ownContradiction(connection: Connection, ref: string, product: Product): Text | null {
  const odd = lookAlike(connection)
  if (odd === 'host') {
    return {
      fr: 'l’hôte ressemble à Supabase sans en être',
      en: 'the host looks like Supabase and is not',
    }
  }
  if (odd === 'tenant') {
    return {
      fr: 'l’utilisateur du pooler ne nomme pas de projet (postgres.<ref>)',
      en: 'the user of the pooler names no project (postgres.<ref>)',
    }
  }
  const refs = refsOf(connection, product)
  const direct = /^db\.([a-z]{20})\./.exec(connection.host)?.[1]
  const tenant = connection.user.split('.')[1]
  if (
    [direct, tenant].some((named) => named !== undefined && named !== ref) ||
    !refs.includes(ref)
  ) {
    return {
      fr: 'l’URL ne désigne pas le projet de la référence',
      en: 'the URL does not name the project of the ref',
    }
  }
  return null
}

/** The URL and the ref against the other environment. */
function otherContradiction(input: ClaimInput, connection: Connection, ref: string): Text | null {
  const other = input.environment === 'staging' ? 'PROD' : 'STAGING'
  const keys = input.otherSettings?.database
  const otherRef = keys && input.otherEnv ? firstOf(input.otherEnv, keys.ref) : undefined
  const otherUrl = keys && input.otherEnv ? firstOf(input.otherEnv, keys.url) : undefined
  const print = input.environment === 'staging' ? input.productionPrint : null
  if (
    otherRef?.toLowerCase() === ref.toLowerCase() ||
    (print !== null && fingerprintOfRef(ref) === print)
  ) {
    return {fr: `la référence est celle de ${other}`, en: `the ref is the one of ${other}`}
  }
  const named = otherRef !== undefined && mentionsRef(connection, otherRef)
  if (named || (print !== null && mentionsFingerprint(connection, print))) {
    return {fr: `l’URL nomme le projet de ${other}`, en: `the URL names the project of ${other}`}
  }
  if (otherUrl === undefined) return null
  let otherConnection: Connection
  try {
    otherConnection = parseConnection(otherUrl, keys?.url ?? '')
  } catch {
    // What the other file says cannot be read: all the more must it not be the same text.
    const same = otherUrl.includes(connection.host) && connection.host.includes(ref)
    return same
      ? {fr: `l’URL de ${other} nomme ce projet`, en: `the URL of ${other} names this project`}
      : null
  }
  if (sameTarget(connection, otherConnection)) {
    return {fr: `l’URL est celle de ${other}`, en: `the URL is the one of ${other}`}
  }
  return mentionsRef(otherConnection, ref)
    ? {
        fr: `l’URL de ${other} nomme ce projet : fichiers échangés ?`,
        en: `the URL of ${other} names this project: swapped files?`,
      }
    : null
}

/** What the database says of itself, inside a transaction. The marker lies outside `public`, so that no reset takes it away. */
export async function readMarker(
  session: DatabaseSession,
  claim: Claim,
  environment: Environment,
): Promise<Judgement> {
  const name = environment === 'staging' ? 'STAGING' : 'PROD'
  const rows =
    (await attempt(session, ['42P01', '3F000', '42501'], () =>
      session.rows<{name: string; ref: string}>('select name, ref from postgate.environment'),
    )) ?? []
  const [row] = rows
  if (row === undefined || rows.length > 1) {
    return unknown(
      {
        fr: `la base ne porte pas de marque (postgate.environment : ${rows.length} ligne)`,
        en: `the database carries no marker (postgate.environment: ${rows.length} row)`,
      },
      {
        next: {
          fr: `marquer la base, une fois : ${markerSql(environment)}`,
          en: `mark the database, once: ${markerSql(environment)}`,
        },
      },
    )
  }
  if (row.name.toLowerCase() !== environment || row.ref !== claim.ref) {
    return fail({
      fr: `la marque dans la base ne dit pas ${name} de ce projet`,
      en: `the marker inside the database does not say ${name} of this project`,
    })
  }
  return pass({
    fr: `${name} : URL, référence et marque concordent`,
    en: `${name}: URL, ref and marker agree`,
  })
}

/** What a person runs once in each database. */
export const markerSql = (environment: Environment, ref = '<ref>'): string =>
  `create schema if not exists postgate; create table postgate.environment (name text not null, ref text not null); insert into postgate.environment values ('${environment}', '${ref}')`

/** The first of the alternatives `A|B` that has a value. */
export function firstOf(env: Pick<EnvFile, 'get'>, keys: string): string | undefined {
  return keys
    .split('|')
    .map((key) => env.get(key.trim()))
    .find((value) => value !== undefined && value !== '')
}
