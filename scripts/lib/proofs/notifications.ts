// Whether the team will hear of a run: each channel has somewhere to send to, and what the last run sent
// arrived. A message that does not leave stops nothing, so it is told beforehand and blocks nothing.

import {Problem} from '../domain/problem.ts'
import type {RunState} from '../domain/run.ts'
import {join, type Text} from '../domain/text.ts'
import {fail, type Judgement, pass} from '../domain/verdict.ts'
import type {Notifier} from '../kit/ports/notify.ts'

export interface Channel {
  readonly channel: string
  readonly judgement: Judgement
}

/** `last`: the run that ended last; null where there is none, or nobody read it. */
export async function judgeChannels(
  notifiers: readonly Pick<Notifier, 'product' | 'ready'>[],
  last: RunState | null,
): Promise<readonly Channel[]> {
  return Promise.all(
    notifiers.map(async ({product, ready}) => {
      const judgement = await ready().catch(refusal)
      const lost = judgement.verdict === 'pass' ? undelivered(product, last) : null
      return {channel: product, judgement: lost ?? judgement}
    }),
  )
}

function undelivered(channel: string, last: RunState | null): Judgement | null {
  const sent = (last?.events ?? []).flatMap((event) =>
    event.type === 'notified' && event.channel === channel ? [event] : [],
  )
  const failed = sent.at(-1)
  if (failed === undefined || failed.verdict === 'pass') return null
  const said: readonly Text[] = [
    {
      fr: `au dernier run, « ${failed.what} » n’est pas arrivé :`,
      en: `in the last run, "${failed.what}" did not arrive:`,
    },
    failed.observed,
  ]
  return fail(join(said, ' '), {
    next: {
      fr: 'vérifier l’adresse du canal, ou prévoir de prévenir à la main',
      en: 'check the channel’s address, or plan to tell the team by hand',
    },
  })
}

function refusal(error: unknown): Judgement {
  if (!(error instanceof Problem)) throw error
  const {what, next} = error.parts
  return fail(what, next === undefined ? {} : {next})
}

/** Where `postgate.yaml` names no channel. */
export const noChannel: Judgement = pass({
  fr: 'aucun canal : personne n’est prévenu',
  en: 'no channel: nobody is told',
})
