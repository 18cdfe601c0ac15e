// Which keys of an env file mean what. Where the file is not here yet, the names that the runbooks use.

import type {Environment} from '../../domain/event.ts'
import type {EnvCandidate} from './findings.ts'

export interface EnvNames {
  readonly url: string
  readonly ref: string
  readonly api: string
  readonly key: string
  readonly user: string
  readonly password: string
}

const prefixes: Readonly<Record<Environment, string>> = {staging: 'STAGING', production: 'PROD'}

export function envNames(
  file: EnvCandidate | undefined,
  environment: Environment,
  product = 'supabase',
): EnvNames {
  const keys = file?.keys ?? []
  const prefix = prefixes[environment]
  const pick = (fallback: string, bases: readonly string[]) =>
    bases.flatMap((base) => forms(base, environment)).find((key) => keys.includes(key)) ??
    `${prefix}_${fallback}`
  return {
    url: pick('DB_URL', ['DB_URL', 'DATABASE_URL', 'SUPABASE_DB_URL', 'POSTGRES_URL']),
    ref: pick('PROJECT_REF', [
      ...['PROJECT_REF', 'SUPABASE_PROJECT_REF', 'SUPABASE_REF', 'PROJECT_ID'],
      // A plain PostgreSQL is told by the name of its database.
      ...(product === 'postgres' ? ['DB_NAME', 'DATABASE_NAME', 'POSTGRES_DB', 'PGDATABASE'] : []),
    ]),
    api: pick('URL', ['SUPABASE_URL', 'URL', 'SUPA_HOST', 'SUPABASE_HOST']),
    key: pick('ANON_KEY', [
      ...['SUPABASE_ANON_KEY', 'ANON_KEY', 'SUPABASE_PUBLISHABLE_KEY', 'PUBLISHABLE_KEY'],
      ...['SUPABASE_KEY', 'SUPA_KEY'],
    ]),
    user: pick('SMOKE_USER', ['SMOKE_USER', 'SMOKE_EMAIL', 'TEST_USER', 'TEST_EMAIL']),
    password: pick('SMOKE_PASSWORD', ['SMOKE_PASSWORD', 'TEST_PASSWORD']),
  }
}

/** `SUPABASE_URL` may stand as `STAGING_SUPABASE_URL` or `SUPABASE_URL_STAGING`. */
export function forms(base: string, environment: Environment): string[] {
  const words = environment === 'staging' ? ['STAGING'] : ['PROD', 'PRODUCTION']
  return [...words.flatMap((word) => [`${word}_${base}`, `${base}_${word}`]), base]
}
