// Abort: what the run was started with is no longer what is there. Reads the env file again, nothing
// else, so that it costs nothing after each step.

import {Problem} from '../domain/problem.ts'
import {recorded} from '../domain/recorded.ts'
import {fingerprintOfRef} from '../domain/secret.ts'
import type {Text} from '../domain/text.ts'
import {fail, pass} from '../domain/verdict.ts'
import type {Context} from '../kit/context.ts'
import {trigger} from '../kit/definition.ts'
import type {EnvFile} from '../policy/env-file.ts'
import {envKeysName, envKeysParameters, keysAsked, missingKeys} from '../proofs/configuration.ts'
import {environmentOf} from '../proofs/environment.ts'
import {shortList} from '../words/observed.ts'

export const configurationError = trigger({
  name: 'configuration-error',
  describe: {
    fr: 'Une variable a disparu, ou la base désignée n’est plus celle du début.',
    en: 'A variable has gone, or the database named is no longer that of the start.',
  },
  parameters: {},
  async judge(context) {
    const env = await envOrWhy(context)
    if (!('get' in env)) return fail(env.why)
    if (!env.exists) return fail({fr: `${env.path} a disparu`, en: `${env.path} has gone`})
    const wrong = [...emptied(context, env), ...moved(context, env)]
    if (wrong.length > 0) return fail(shortList(wrong, 4))
    return pass({fr: `${env.path} inchangé`, en: `${env.path} unchanged`})
  },
})

// An env file that can no longer be read is a configuration error too, not a reason to stop asking.
async function envOrWhy(context: Context): Promise<EnvFile | {readonly why: Text}> {
  try {
    return await context.env(environmentOf(context))
  } catch (error) {
    if (error instanceof Problem) return {why: error.parts.what}
    throw error
  }
}

/** Keys that the runbook's prerequisites ask for and that have no value any more. */
function emptied(context: Context, env: EnvFile): Text[] {
  return context.runbook.prerequisites
    .filter(({kind, name}) => kind === 'check' && name === envKeysName)
    .flatMap(({parameters}) => keysAsked(context, envKeysParameters.all.parse(parameters.all)))
    .filter((group) => missingKeys(env, [group]).length > 0)
    .map((group) => ({
      fr: `${env.path} : ${group.join(' ou ')} n’a plus de valeur`,
      en: `${env.path}: ${group.join(' or ')} has no value any more`,
    }))
}

/** The project ref, against the one under which the database was identified in this run. */
function moved(context: Context, env: EnvFile): Text[] {
  const key = context.settings().database?.ref
  const before = recorded(context.run(), 'database-identity')?.ref
  if (key === undefined || before === undefined) return []
  // The journal holds the ref's fingerprint, never the ref.
  const ref = key.split('|').flatMap((name) => env.get(name.trim()) ?? [])[0] ?? ''
  if (fingerprintOfRef(ref).startsWith(before)) return []
  return [
    {
      fr: `${env.path} : ${key} ne désigne plus le projet identifié au début`,
      en: `${env.path}: ${key} no longer names the project identified at the start`,
    },
  ]
}
