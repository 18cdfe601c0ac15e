// The public key that is compiled into the client belongs to the very project that the env file names,
// and is public: judged before anything is built with it. A value is never shown.

import {secretWords} from '../artifact/defines.ts'
import {httpAnswer} from '../base/http-answer.ts'
import {readKey, refOfUrl, secretKind} from '../domain/secret.ts'
import type {Text} from '../domain/text.ts'
import {fail, type Judgement, pass, unknown} from '../domain/verdict.ts'
import type {Context} from '../kit/context.ts'
import {check} from '../kit/definition.ts'
import type {EnvFile} from '../policy/env-file.ts'
import {apiKeys, apiUrls, projectRef} from '../proofs/configuration.ts'
import {withoutDatabase} from '../proofs/database.ts'
import {shortList, words} from '../words/observed.ts'

export const clientKey = check({
  name: 'client-key',
  describe: {
    fr: 'L’adresse, la clé publique et la référence du projet désignent un seul et même projet.',
    en: 'The address, the public key and the project ref name one and the same project.',
  },
  mayAsk: 'anybody',
  parameters: {},
  judge: anonKeyIdentity,
})

/** The address, the public key and the project ref of the env file name one and the same project. */
export async function anonKeyIdentity(context: Context): Promise<Judgement> {
  const env = await context.env(context.environment ?? 'staging')
  const ref = projectRef(context, env)
  if (ref === null) {
    const missing = {fr: 'la référence du projet manque', en: 'the project ref is missing'}
    return withoutDatabase(context) ?? unknown(missing)
  }
  const wrong: Text[] = []
  const silent: Text[] = []
  let proven = 0
  for (const [name, url] of apiUrls(context, env)) {
    const named = refOfUrl(url)
    if (named === ref) proven++
    else if (named !== null) {
      wrong.push({fr: `${name} désigne ${named}`, en: `${name} names ${named}`})
    }
  }
  for (const [name, key] of apiKeys(context, env)) {
    const kind = secretKind(key)
    const claims = readKey(key)
    if (kind !== null) {
      wrong.push({
        fr: `${name} est ${secretWords[kind].fr}`,
        en: `${name} is ${secretWords[kind].en}`,
      })
    } else if (key.startsWith('sb_publishable_')) {
      // Accepted, it belongs to the project of its address, and to none where that names none.
      const {verdict, observed} = await liveKey(context, env, key)
      if (verdict === 'fail') wrong.push(words`${name} : ${observed}`)
      if (verdict === 'unknown') silent.push(words`${name} : ${observed}`)
    } else if (claims === null || claims.role !== 'anon') {
      wrong.push({fr: `${name} n’est pas une clé publique`, en: `${name} is no public key`})
    } else if (claims.ref !== ref) {
      wrong.push({
        fr: `${name} appartient à ${claims.ref ?? 'un projet inconnu'}`,
        en: `${name} belongs to ${claims.ref ?? 'an unknown project'}`,
      })
    } else proven++
  }
  if (wrong.length > 0) {
    return fail(words`${shortList(wrong, 4)} (${{fr: 'attendu', en: 'expected'}} ${ref})`, {
      next: {fr: `corrigez ${env.path}`, en: `correct ${env.path}`},
    })
  }
  if (silent.length > 0) return unknown(shortList(silent, 4))
  return proven > 0
    ? pass({
        fr: 'l’adresse et la clé publiques désignent le même projet que la référence',
        en: 'public address and key name the same project as the reference',
      })
    : unknown(
        {
          fr: 'ni adresse ni clé publique ne nomme le projet : comparer avec la console du fournisseur',
          en: 'neither address nor public key names the project: compare with the vendor’s console',
        },
        {attestable: {}},
      )
}

/** An opaque key says nothing about itself: only the project's own answer proves it. */
async function liveKey(context: Context, env: EnvFile, key: string): Promise<Judgement> {
  const [url] = apiUrls(context, env).values()
  if (url === undefined)
    return unknown({fr: 'aucune adresse où l’essayer', en: 'no address to try it at'})
  try {
    const address = `${url.replace(/\/+$/, '')}/auth/v1/health`
    const answer = await httpAnswer(context.world.fetch, address, {
      headers: {apikey: key},
      ...{timeoutMs: 15_000, read: false, signal: context.signal},
    })
    return answer.ok
      ? pass('200')
      : fail({fr: `refusée (HTTP ${answer.status})`, en: `refused (HTTP ${answer.status})`})
  } catch (error) {
    context.signal.throwIfAborted()
    return unknown({
      fr: `sans réponse (${error instanceof Error ? error.name : 'erreur'})`,
      en: `no answer (${error instanceof Error ? error.name : 'error'})`,
    })
  }
}
