// Somebody who may has agreed to this very release: by a signed statement where there is one, else, for
// the scenarios that allow it, by a word that the operator passes on.

import {z} from 'zod'
import {unknown} from '../domain/verdict.ts'
import {check} from '../engine/definition.ts'

export const authorised = check({
  name: 'authorised',
  describe: {
    fr: 'Une personne habilitée a autorisé ce tag, par une signature ou une déclaration.',
    en: 'An entitled person has authorised this tag, by a signature or a declaration.',
  },
  parameters: {signature: z.enum(['optional', 'required'])},
  async judge(context, {signature}) {
    const authorities = await context.authorities()
    const roles = authorities[context.scenario]
    const names = roles.join(', ')
    const command = `npx zx scripts/approve.ts ${context.scenario}`
    const none = {
      fr: `aucune approbation signée pour ${context.checkpoint.tag} (${names})`,
      en: `no signed approval for ${context.checkpoint.tag} (${names})`,
    }
    if (signature === 'required') {
      return unknown(none, {
        next: {fr: `faire signer ${names} : ${command}`, en: `have ${names} sign: ${command}`},
      })
    }
    return unknown(none, {
      attestable: {roles},
      next: {
        fr: `obtenir l’accord de ${names}, déclaré avec rôle et nom, ou signé : ${command}`,
        en: `get the agreement of ${names}, declared with role and name, or signed: ${command}`,
      },
    })
  },
})
