// Where a release goes, in the three values that a person can compare with the vendor's console.

import {createHash} from 'node:crypto'
import type {Environment} from '../../domain/event.ts'
import type {Project} from '../../domain/project.ts'
import type {EnvFile} from '../env-file.ts'
import type {Target} from './statement.ts'

/** `env`: the environment's env file; where it is absent, ref and key are null. */
export function targetOf(
  project: Project,
  environment: Environment | null,
  env: EnvFile | null,
): Target {
  const settings = environment === null ? undefined : project.environments[environment]
  if (settings === undefined) return null
  const ref = settings.database === undefined ? undefined : env?.get(settings.database.ref)
  const keys = Object.values(settings.defines)
    .flatMap((name) => env?.get(name) ?? [])
    .filter((value) => /^(?:eyJ|sb_publishable_)/.test(value))
  const [key] = keys
  return {url: settings.url, ref: ref ?? null, key: key === undefined ? null : keyPrint(key)}
}

/** Sixteen hexadecimal digits in groups of four: enough to compare aloud, nothing to log in with. */
export const keyPrint = (key: string): string =>
  (createHash('sha256').update(key).digest('hex').slice(0, 16).match(/.{4}/g) ?? []).join('-')
