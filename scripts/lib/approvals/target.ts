// Where a release goes, in the three values that a person can compare with the vendor's console.

import {createHash} from 'node:crypto'
import {definedKeys, definedValues} from '../domain/defines.ts'
import type {Environment} from '../domain/event.ts'
import type {Project} from '../domain/project.ts'
import {fingerprintOfRef} from '../domain/secret.ts'
import type {EnvFile} from '../policy/env-file.ts'
import type {Target} from './statement.ts'

/** `env`: the environment's env file; where it is absent, ref and key are null. */
export function targetOf(
  project: Project,
  environment: Environment | null,
  env: EnvFile | null,
): Target {
  const settings = environment === null ? undefined : project.environments[environment]
  if (settings === undefined) return null
  const ref = plainRef(project, environment, env)
  const values = [...definedValues(settings.defines, env).values()]
  const key = values.find((value) => /^(?:eyJ|sb_publishable_)/.test(value ?? ''))
  return {
    url: settings.url,
    ref: ref === null ? null : refPrint(ref),
    key: key === undefined ? null : keyPrint(key),
  }
}

/** What the target would hold, and this machine cannot read: its env file is absent, or lacks a value. */
export function unreadTarget(
  project: Project,
  environment: Environment | null,
  env: EnvFile | null,
): readonly ('ref' | 'key')[] {
  const settings = environment === null ? undefined : project.environments[environment]
  if (settings === undefined) return []
  const named = settings.database?.ref !== undefined
  const values = definedKeys(settings.defines)
  // Whether a value is a public key is seen by reading it.
  const lacks = env === null || values.some((name) => env.get(name) === undefined)
  return [
    ...(named && plainRef(project, environment, env) === null ? ['ref' as const] : []),
    ...(named && values.length > 0 && lacks ? ['key' as const] : []),
  ]
}

/** The project ref itself, for the approver's eyes; null where there is none to read. */
export function plainRef(
  project: Project,
  environment: Environment | null,
  env: EnvFile | null,
): string | null {
  const keys = environment === null ? undefined : project.environments[environment]?.database?.ref
  return keys?.split('|').flatMap((key) => env?.get(key.trim()) ?? [])[0] ?? null
}

/** What is signed and journalled in the ref's place: an env file's values are written nowhere. */
export const refPrint = (ref: string): string => grouped(fingerprintOfRef(ref))

/** Sixteen hexadecimal digits in groups of four: enough to compare aloud, nothing to log in with. */
export const keyPrint = (key: string): string =>
  grouped(createHash('sha256').update(key).digest('hex'))

const grouped = (digest: string): string => (digest.slice(0, 16).match(/.{4}/g) ?? []).join('-')
