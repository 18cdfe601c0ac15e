// The keys that the runbook names have a value in the env file. Only names are ever said, never values.

import {groups} from '../domain/parameters.ts'
import {fail, pass} from '../domain/verdict.ts'
import {check} from '../kit/definition.ts'
import type {EnvFile} from '../policy/env-file.ts'
import {environmentOf} from '../proofs/environment.ts'

export const envKeys = check({
  name: 'env-keys',
  describe: {
    fr: 'Les variables nommées ont une valeur, qui n’est jamais affichée.',
    en: 'The variables named have a value, which is never shown.',
  },
  parameters: {all: groups()},
  async judge(context, {all}) {
    const env = await context.env(environmentOf(context))
    const missing = missingKeys(env, all)
    if (missing.length === 0) {
      const found = all.map((group) => group.find((key) => env.get(key) !== undefined)).join(', ')
      return pass({fr: `${found} : renseignées`, en: `${found}: set`})
    }
    return fail(
      {
        fr: `${env.path} : sans valeur : ${missing.map((group) => group.join(' ou ')).join(', ')}`,
        en: `${env.path}: without a value: ${missing.map((group) => group.join(' or ')).join(', ')}`,
      },
      {
        next: {
          fr: `compléter ${env.path}, puis relancer la même commande`,
          en: `complete ${env.path}, then run the same command again`,
        },
      },
    )
  },
})

/** The groups of which no key has a value. */
export const missingKeys = (env: EnvFile, all: readonly (readonly string[])[]) =>
  all.filter((group) => group.every((key) => env.get(key) === undefined))
