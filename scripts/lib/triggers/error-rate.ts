// Abort: too many errors since the deployment. Cumulative counts, judged from a number of requests on:
// below it the answer is unknown, neither healthy nor a reason to roll back, unless the errors are beyond
// doubt already (`early=`).

import {count, duration, percent} from '../domain/parameters.ts'
import {deploymentStartedAt} from '../domain/recorded.ts'
import {
  type Counts,
  countErrors,
  inRhythm,
  isBeyondDoubt,
  isProvenEarly,
  judgeErrorRate,
  samplesWithin,
} from '../domain/statistics.ts'
import type {Text} from '../domain/text.ts'
import {fail, type Judgement, unknown, worst} from '../domain/verdict.ts'
import type {Context} from '../kit/context.ts'
import {trigger} from '../kit/definition.ts'
import {figuresText, type SourceFigures, sourceFigures} from '../proofs/figures.ts'
import {counted, percents, shortList, words} from '../words/observed.ts'

export const errorRate = trigger({
  name: 'error-rate',
  describe: {
    fr: 'Le taux d’erreur depuis le déploiement dépasse le seuil.',
    en: 'The error rate since the deployment exceeds the threshold.',
  },
  parameters: {
    above: percent(),
    within: duration(),
    samples: count(1),
    early: percent().optional(),
    grace: duration().optional(),
  },
  async judge(context, {above, within, samples, early, grace = 0}) {
    const run = context.run()
    const deployed = deploymentStartedAt(run)
    if (deployed === null)
      return unknown({fr: 'rien n’est encore déployé', en: 'nothing is deployed yet'})
    const from = new Date(deployed)
    const end = new Date(from.getTime() + within)
    const now = context.world.clock.now()
    const to = now < end ? now : end
    // What fails within the grace is a host that still mixes two versions.
    const settled = new Date(Math.min(from.getTime() + grace, to.getTime()))
    const rule = {above, samples}
    if (early !== undefined) {
      const proven = await provenEarly(context, {above, early, from: settled, to})
      if (proven !== null) return proven
    }
    const own = await sourceFigures(context, {since: settled, until: to})
    const counts = countErrors(inRhythm(samplesWithin(run.samples, {from: settled, to})))
    const judged = [tell(probes, counts, rule), ...(own === null ? [] : [measured(own, rule)])]
    // Two sources: one above the threshold fires, and one with enough requests is enough to pass;
    // but where the project's own source is silent, the probes do not speak for it.
    const answering = judged.filter(({verdict}) => verdict !== 'unknown')
    const silent = own !== null && own.counts === null
    const shown = answering.length > 0 && !silent ? answering : judged
    return {
      verdict: worst(shown.map(({verdict}) => verdict)),
      observed: shortList(
        shown.map(({observed}) => observed),
        3,
      ),
    }
  },
})

const probes: Text = {fr: 'sondes', en: 'probes'}

interface EarlyRule {
  readonly above: number
  readonly early: number
  /** The deployment plus the grace. */
  readonly from: Date
  readonly to: Date
}

/** Evidence beyond doubt does not wait for the least number of requests; null where there is none. */
async function provenEarly(
  context: Context,
  {above, early, from, to}: EarlyRule,
): Promise<Judgement | null> {
  if (from >= to) return null
  const taken = samplesWithin(context.run().samples, {from, to})
  if (isProvenEarly(taken, {above, early})) return beyondDoubt(probes, countErrors(taken))
  const own = await sourceFigures(context, {since: from, until: to})
  if (own === null || own.counts === null) return null
  return isBeyondDoubt(own.counts, {above, early}) ? beyondDoubt(own.product, own.counts) : null
}

const beyondDoubt = (name: Text, {errors, requests}: Counts): Judgement =>
  fail(
    words`${name} : ${counted(errors, ['erreur', 'erreurs'], ['error', 'errors'])} ${{fr: 'sur', en: 'of'}} ${counted(requests, ['requête', 'requêtes'], ['request', 'requests'])} (${percents(errors / requests, 2)}), ${{fr: 'au-delà du doute avant le nombre demandé', en: 'beyond doubt before the number wanted'}}`,
  )

function measured(own: SourceFigures, rule: Rule): Judgement {
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
