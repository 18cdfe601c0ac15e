// The keys that the runbook names have a value in the env file. Only names are ever said, never values.

import {fail, pass} from '../domain/verdict.ts'
import {check} from '../kit/definition.ts'
import {envKeysName, envKeysParameters, keysAsked, missingKeys} from '../proofs/configuration.ts'
import {environmentOf} from '../proofs/environment.ts'

export const envKeys = check({
  name: envKeysName,
  describe: {
    fr: 'Les variables nommées ont une valeur, qui n’est jamais affichée.',
    en: 'The variables named have a value, which is never shown.',
  },
  parameters: envKeysParameters,
  async judge(context, {all}) {
    const env = await context.env(environmentOf(context))
    const asked = keysAsked(context, all)
    if (asked.length === 0)
      return pass({
        fr: 'sans objet : postgate.yaml ne nomme aucune clé de cet environnement',
        en: 'not applicable: postgate.yaml names no key of this environment',
      })
    const missing = missingKeys(env, asked)
    if (missing.length === 0) {
      const found = asked.map((group) => group.find((key) => env.get(key) !== undefined)).join(', ')
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
