// Abort: too many errors since the deployment. Cumulative counts, judged from a number of requests on:
// below it the answer is unknown, neither healthy nor a reason to roll back.

import type {Sample} from '../domain/event.ts'
import {count, duration, percent} from '../domain/parameters.ts'
import type {RunState} from '../domain/run.ts'
import {type Counts, countErrors, judgeErrorRate, samplesWithin} from '../domain/statistics.ts'
import type {Text} from '../domain/text.ts'
import {type Judgement, unknown, worst} from '../domain/verdict.ts'
import {deployedAt as stepStart} from '../domain/views/watch.ts'
import type {Context} from '../engine/context.ts'
import {trigger} from '../engine/definition.ts'
import {cause, list, words} from './words.ts'

export const errorRate = trigger({
  name: 'error-rate',
  describe: {
    fr: 'Le taux d’erreur depuis le déploiement dépasse le seuil.',
    en: 'The error rate since the deployment exceeds the threshold.',
  },
  parameters: {above: percent(), within: duration(), samples: count(1)},
  async judge(context, {above, within, samples}) {
    const run = context.run()
    const from = deployedAt(run)
    if (from === null)
      return unknown({fr: 'rien n’est encore déployé', en: 'nothing is deployed yet'})
    const end = new Date(from.getTime() + within)
    const now = context.world.clock.now()
    const to = now < end ? now : end
    const sources = [
      {
        name: words`${{fr: 'sondes', en: 'probes'}}`,
        counts: countErrors(probed(run.samples, from, to)),
      },
      ...(await measured(context, from, to)),
    ]
    const judged = sources.map(({name, counts}) => tell(name, counts, {above, samples}))
    // Two sources: one that is above the threshold fires; one that has enough data is enough to pass.
    const answering = judged.filter(({verdict}) => verdict !== 'unknown')
    const shown = answering.length > 0 ? answering : judged
    return {
      verdict: worst(shown.map(({verdict}) => verdict)),
      observed: list(
        shown.map(({observed}) => observed),
        3,
      ),
    }
  },
})

/** When users began to get this run's version; null before. */
export function deployedAt(run: RunState): Date | null {
  const at = stepStart(run)
  return at === null ? null : new Date(at)
}

const probed = (samples: readonly Sample[], from: Date, to: Date) =>
  samplesWithin(samples, {from, to})

/** What the project's own source of figures counted, where one is configured. */
async function measured(
  context: Context,
  since: Date,
  until: Date,
): Promise<{name: Text; counts: Counts | null; why?: string}[]> {
  const metrics = await context.adapters.metrics()
  if (metrics === null || metrics.product === 'prober') return []
  try {
    return [{name: metrics.product, counts: await metrics.reading({since, until})}]
  } catch (error) {
    return [{name: words`${metrics.product} (${cause(error)})`, counts: null}]
  }
}

function tell(
  name: Text,
  counts: Counts | null,
  rule: {above: number; samples: number},
): Judgement {
  if (counts === null) return unknown(words`${name} : ${{fr: 'aucune donnée', en: 'no data'}}`)
  const {verdict, rate} = judgeErrorRate(counts, rule)
  const share = rate === null ? '∅' : `${(rate * 100).toFixed(2)} %`
  const short: Text =
    counts.requests < rule.samples
      ? {fr: `, il en faut ${rule.samples}`, en: `, ${rule.samples} are needed`}
      : ''
  return {
    verdict,
    observed: words`${name} : ${counts.errors} ${{fr: 'erreurs sur', en: 'errors of'}} ${counts.requests} ${{fr: 'requêtes', en: 'requests'}} (${share})${short}`,
  }
}
