// No freeze is active: the newest freeze that succeeded was left again. Read from the remote's records.

import {recorded} from '../domain/recorded.ts'
import type {Text} from '../domain/text.ts'
import {utcMinute} from '../domain/times.ts'
import {fail, pass, unknown} from '../domain/verdict.ts'
import {check} from '../kit/definition.ts'
import {activeFreeze} from '../store/records/records.ts'

export const notFrozen = check({
  name: 'not-frozen',
  describe: {fr: 'La release n’est pas gelée.', en: 'The release is not frozen.'},
  parameters: {},
  async judge(context) {
    const records = await context.records()
    const freeze = activeFreeze(records)
    if (freeze !== null) {
      const details = recorded(await freeze.load(), 'freeze')
      const at = utcMinute(freeze.endedAt ?? freeze.startedAt)
      const why = details?.reason ?? ''
      const who = details === undefined ? '' : `, ${details.responsible}`
      return fail(
        {
          fr: `gelée depuis le ${at} (${freeze.tag}${who})${why === '' ? '' : ` : ${why}`}`,
          en: `frozen since ${at} (${freeze.tag}${who})${why === '' ? '' : `: ${why}`}`,
        },
        {
          evidence: [{label: freeze.run}],
          next: {
            fr: 'voir avec qui a décidé le freeze ; en sortir : npx zx scripts/freeze.ts --exit',
            en: 'talk to whoever decided the freeze; to end it: npx zx scripts/freeze.ts --exit',
          },
        },
      )
    }
    if (!records.complete) return unknown(incomplete, {next: restoreAccess})
    return pass({fr: 'aucun freeze actif', en: 'no active freeze'})
  },
})

/** Said where the remote was away: what is known here is not all that was recorded. */
export const incomplete: Text = {
  fr: 'le dépôt distant n’a pas répondu : les exécutions enregistrées ne sont pas toutes connues',
  en: 'the remote did not answer: not all recorded runs are known',
}

export const restoreAccess: Text = {
  fr: 'rétablir l’accès au dépôt distant, puis relancer la même commande',
  en: 'restore access to the remote, then run the same command again',
}
