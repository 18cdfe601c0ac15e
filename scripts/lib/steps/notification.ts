// Telling the team of a freeze. A message that does not leave is shown, and stays a person's to send.

import {fail, type Judgement, pass, unknown} from '../domain/verdict.ts'
import {type CommandResult, type Effect, effect} from '../guard/effect.ts'
import type {Context} from '../kit/context.ts'

/** Step `notify-team`, `act`. */
export function notifyTeam(context: Context): Effect {
  return effect(
    {fr: 'envoyer le message de freeze à l’équipe', en: 'send the freeze’s message to the team'},
    () => context.announce('freeze'),
  )
}

/**
 * Step `notify-team`, `done`: what the channels answered; one that took the message is enough, none that was not asked counts. After a crash without an answer the message
 * counts as not sent: a second one does no harm, a missing one does.
 */
export async function teamNotified(
  {run, project}: Context,
  _parameters: unknown,
  results: readonly CommandResult[] | null,
): Promise<Judgement> {
  const sent = run()
    .events.filter((event) => event.type === 'notified')
    .filter(({what}) => what === 'freeze')
  if (project.notify.length === 0) {
    return unknown(
      {fr: 'aucun canal n’est configuré', en: 'no channel is configured'},
      {
        attestable: {},
        next: {
          fr: 'prévenir l’équipe, et dire où et quand',
          en: 'tell the team, and say where and when',
        },
      },
    )
  }
  const last = sent.at(-1)
  if (last === undefined && results === null)
    return fail({fr: 'aucune réponse d’un canal n’est notée', en: 'no channel’s answer is noted'})
  const delivered = sent.find(({verdict}) => verdict === 'pass')
  if (delivered !== undefined) return pass(delivered.observed)
  return unknown(last?.observed ?? {fr: 'aucun message n’est parti', en: 'no message left'}, {
    attestable: {},
    next: {
      fr: 'prévenir l’équipe soi-même, et dire où et quand',
      en: 'tell the team yourself, and say where and when',
    },
  })
}
