// Which values of the env files are public, which belong to the other environment, and which address
// and key the application and its smoke tests use.

import {definedBy, definedConstants, definedKeys, definedValues} from '../domain/defines.ts'
import {groups} from '../domain/parameters.ts'
import type {Context} from '../kit/context.ts'
import type {EnvFile} from '../policy/env-file.ts'

/** The values that are compiled into the client on purpose, by what a person knows them by. */
export function publicValues(context: Context, env: EnvFile): ReadonlyMap<string, string> {
  const {defines} = context.settings()
  const values = definedValues(defines, env)
  return new Map(
    Object.entries(defines).flatMap(([name, from]) => {
      const value = values.get(name)
      return value === undefined ? [] : [[definedBy(name, from), value] as const]
    }),
  )
}

/** Constants that the other environment has as well: they tell nothing of either. */
export function sharedConstants({project, environment, settings}: Context): readonly string[] {
  const other = project.environments[environment === 'production' ? 'staging' : 'production']
  const theirs = new Set(definedConstants(other?.defines ?? {}))
  return definedConstants(settings().defines).filter((value) => theirs.has(value))
}

/** The project ref that the env file claims; null where there is none. */
export function projectRef(context: Context, env: EnvFile): string | null {
  const key = context.settings().database?.ref
  return key === undefined ? null : (env.get(key) ?? null)
}

/** The env file of the environment that this run does not act on; null where there is none. */
export async function otherEnvironment(
  context: Context,
): Promise<{env: EnvFile; ref: string | null} | null> {
  const name = context.environment === 'production' ? 'staging' : 'production'
  const settings = context.project.environments[name]
  if (settings === undefined) return null
  const env = await context.env(name)
  const ref = settings.database === undefined ? undefined : env.get(settings.database.ref)
  return env.exists ? {env, ref: ref ?? null} : null
}

/** Addresses of the application's API: the sign-in's, and every public one that names a project. */
export function apiUrls(context: Context, env: EnvFile): ReadonlyMap<string, string> {
  const auth = context.settings().smoke.auth
  const signIn = auth === undefined ? [] : [...present(env, [auth.url])]
  const open = [...publicValues(context, env)].filter(([, value]) => /^https?:\/\//.test(value))
  return new Map([...signIn, ...open])
}

/** Public API keys: the sign-in's, and every public value that has the form of one. */
export function apiKeys(context: Context, env: EnvFile): ReadonlyMap<string, string> {
  const auth = context.settings().smoke.auth
  const signIn = auth === undefined ? [] : [...present(env, [auth.key])]
  const open = [...publicValues(context, env)].filter(([, value]) => /^(?:eyJ|sb_)/.test(value))
  return new Map([...signIn, ...open])
}

const present = (env: EnvFile, keys: readonly string[]): ReadonlyMap<string, string> =>
  new Map(
    keys.flatMap((key) => {
      const value = env.get(key)
      return value === undefined ? [] : [[key, value] as const]
    }),
  )

/** The check that names the keys which have to be there, at the start and after each step: `<!-- check: env-keys all=A,B|C -->`. */
export const envKeysName = 'env-keys'

export const envKeysParameters = {
  all: groups()
    .optional()
    .describe(
      'names: `a,b` all of them; `a|b` any of them. Without it those that postgate.yaml names',
    ),
}

/** What the runbook names, else each key of the env file that postgate.yaml names for this environment. */
export function keysAsked(
  context: Context,
  all: readonly (readonly string[])[] | undefined,
): readonly (readonly string[])[] {
  if (all !== undefined) return all
  const {database, defines, smoke} = context.settings()
  const named = [
    ...(database === undefined ? [] : [database.url, database.ref]),
    ...definedKeys(defines),
    ...Object.values(smoke.auth ?? {}),
  ]
  return [...new Set(named)].map((key) => key.split('|').map((name) => name.trim()))
}

/** The groups of which no key has a value. */
export const missingKeys = (env: EnvFile, all: readonly (readonly string[])[]) =>
  all.filter((group) => group.every((key) => env.get(key) === undefined))
