// Abort: too many errors since the deployment. Cumulative counts, judged from a number of requests on:
// below it the answer is unknown, neither healthy nor a reason to roll back.

import type {Sample} from '../domain/event.ts'
import {count, duration, percent} from '../domain/parameters.ts'
import {type Counts, countErrors, judgeErrorRate, samplesWithin} from '../domain/statistics.ts'
import type {Text} from '../domain/text.ts'
import {type Judgement, unknown, worst} from '../domain/verdict.ts'
import {trigger} from '../kit/definition.ts'
import {deployedAt} from '../proofs/deployed-at.ts'
import {type Figures, figures, figuresText} from '../proofs/figures.ts'
import {counted, list, percents, words} from '../words/observed.ts'

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
    const rule = {above, samples}
    const own = await figures(context, {since: from, until: to})
    const judged = [
      tell({fr: 'sondes', en: 'probes'}, countErrors(probed(run.samples, from, to)), rule),
      ...(own === null ? [] : [measured(own, rule)]),
    ]
    // Two sources: one above the threshold fires, and one with enough requests is enough to pass;
    // but where the project's own source is silent, the probes do not speak for it.
    const answering = judged.filter(({verdict}) => verdict !== 'unknown')
    const silent = own !== null && own.counts === null
    const shown = answering.length > 0 && !silent ? answering : judged
    return {
      verdict: worst(shown.map(({verdict}) => verdict)),
      observed: list(
        shown.map(({observed}) => observed),
        3,
      ),
    }
  },
})

const probed = (samples: readonly Sample[], from: Date, to: Date) =>
  samplesWithin(samples, {from, to})

function measured(own: Figures, rule: Rule): Judgement {
  return own.counts === null ? unknown(figuresText(own)) : tell(own.product, own.counts, rule)
}

interface Rule {
  readonly above: number
  readonly samples: number
}

function tell(name: Text, counts: Counts, rule: Rule): Judgement {
  const {verdict, rate} = judgeErrorRate(counts, rule)
  const share = rate === null ? '∅' : percents(rate, 2)
  const short: Text =
    counts.requests < rule.samples
      ? {fr: `, il en faut ${rule.samples}`, en: `, ${rule.samples} are needed`}
      : ''
  return {
    verdict,
    observed: words`${name} : ${counted(counts.errors, ['erreur', 'erreurs'], ['error', 'errors'])} ${{fr: 'sur', en: 'of'}} ${counted(counts.requests, ['requête', 'requêtes'], ['request', 'requests'])} (${share})${short}`,
  }
}
