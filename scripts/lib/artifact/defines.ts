// The values that are compiled into a client, in a private file that lives as long as the build.
// Never the env file itself: every key in it, the database's URL included, would be compiled in.

import {chmod, mkdir, rm, writeFile} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import {type Defines, definedBy, definedValues} from '../domain/defines.ts'
import type {Environment} from '../domain/event.ts'
import {problem} from '../domain/problem.ts'
import {type SecretKind, secretKind} from '../domain/secret.ts'
import type {Text} from '../domain/text.ts'
import type {EnvFile} from '../policy/env-file.ts'

/** `{SUPABASE_URL: 'https://…'}` from `{SUPABASE_URL: 'STAGING_URL'}`, constants as they are. Throws a `Problem` (3) that names every key that is missing or secret, never a value. */
export function publicDefines(env: EnvFile, defines: Defines): Readonly<Record<string, string>> {
  const values: Record<string, string> = {}
  const wrong: Text[] = []
  const given = definedValues(defines, env)
  for (const [name, from] of Object.entries(defines)) {
    const key = definedBy(name, from)
    const value = given.get(name)
    const kind = value === undefined ? null : secretKind(value)
    if (value === undefined) wrong.push({fr: `${key} manque ou est vide`, en: `${key} is missing`})
    else if (kind !== null) {
      wrong.push({
        fr: `${key} est ${secretWords[kind].fr}`,
        en: `${key} is ${secretWords[kind].en}`,
      })
    } else values[name] = value
  }
  if (wrong.length === 0) return values
  const list = (lang: 'fr' | 'en') =>
    wrong.map((text) => (typeof text === 'string' ? text : text[lang])).join(', ')
  throw problem({
    what: {
      fr: `Les valeurs publiques du build ne conviennent pas (${env.path}).`,
      en: `The public values of the build do not fit (${env.path}).`,
    },
    why: {fr: list('fr'), en: list('en')},
    next: {
      fr: 'corrigez le fichier d’environnement, ou « defines » dans postgate.yaml',
      en: 'correct the env file, or `defines` in postgate.yaml',
    },
    exit: 3,
  })
}

export const secretWords: Readonly<Record<SecretKind, {fr: string; en: string}>> = {
  'service-key': {fr: 'une clé de service', en: 'a service key'},
  'secret-key': {fr: 'une clé secrète (sb_secret_)', en: 'a secret key (sb_secret_)'},
  'database-url': {fr: 'une URL de base de données', en: 'a database URL'},
  'private-key': {fr: 'une clé privée', en: 'a private key'},
}

/** Always the same path, so that what a killed run left is overwritten or removed by the next. */
export const definesPath = (cache: string, environment: Environment): string =>
  join(cache, 'private', `defines-${environment}.json`)

/** Writes the file, mode 0600 in a folder of 0700. */
export async function writeDefines(
  path: string,
  defines: Readonly<Record<string, string>>,
): Promise<void> {
  await mkdir(dirname(path), {recursive: true, mode: 0o700})
  await rm(path, {force: true})
  await writeFile(path, `${JSON.stringify(defines, null, 2)}\n`, {mode: 0o600, flag: 'wx'})
  await chmod(path, 0o600)
}

export const removeDefines = (path: string): Promise<void> => rm(path, {force: true})
