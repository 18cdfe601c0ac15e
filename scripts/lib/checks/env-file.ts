// The environment's env file is there and can be read. Which one it is, postgate.yaml says.

import {readsKeys} from '../domain/project.ts'
import {fail, pass} from '../domain/verdict.ts'
import {check} from '../kit/definition.ts'
import {fetchEnvFile} from '../policy/env-file.ts'
import {environmentOf} from '../proofs/environment.ts'

export const envFile = check({
  name: 'env-file',
  describe: {
    fr: 'Le fichier d’environnement est présent et lisible.',
    en: 'The env file is there and can be read.',
  },
  parameters: {},
  async judge(context) {
    const env = await context.env(environmentOf(context))
    if (env.exists) {
      const count = env.keys.length
      return pass({
        fr: `${env.path}, ${count} ${count === 1 ? 'clé' : 'clés'}`,
        en: `${env.path}, ${count} ${count === 1 ? 'key' : 'keys'}`,
      })
    }
    return fail(
      {fr: `${env.path} est absent`, en: `${env.path} is missing`},
      {next: fetchEnvFile(env.path, readsKeys(context.settings()))},
    )
  },
})
