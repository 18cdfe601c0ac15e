// The keys that the runbook asks for: at the start, and again after each step.

import {groups} from '../domain/parameters.ts'
import type {EnvFile} from '../policy/env-file.ts'

/** The check that names them: `<!-- check: env-keys all=A,B|C -->`. */
export const envKeysName = 'env-keys'

export const envKeysParameters = {all: groups()}

/** The groups of which no key has a value. */
export const missingKeys = (env: EnvFile, all: readonly (readonly string[])[]) =>
  all.filter((group) => group.every((key) => env.get(key) === undefined))
