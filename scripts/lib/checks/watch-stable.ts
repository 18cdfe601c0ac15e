// The watch ended without a critical alert, on enough samples: a watch that saw nothing is no stable one.

import {recorded} from '../domain/recorded.ts'
import {fail, unknown} from '../domain/verdict.ts'
import {check} from '../kit/definition.ts'
import {stepOutcome} from '../proofs/step-outcome.ts'
import {words} from '../words/observed.ts'

export const watchStable = check({
  name: 'watch-stable',
  describe: {
    fr: 'Aucune alerte critique pendant la surveillance, sur assez de mesures.',
    en: 'No critical alert during the watch, on enough samples.',
  },
  parameters: {},
  async judge(context) {
    const run = context.run()
    const watched = [...run.steps.values()].findLast(({nature}) => nature.watches)
    const outcome = stepOutcome(context, watched?.step ?? 'watch')
    const [fired] = run.triggers
    if (fired !== undefined) return fail(fired.observed)
    const critical = run.incidents.find(({severity}) => severity === 'critical')
    if (critical !== undefined) return fail(critical.what)
    const figures = recorded(run, 'watch')
    if (outcome.verdict === 'pass' && figures === undefined) {
      return unknown(
        words`${{fr: 'aucune mesure enregistrée', en: 'no figures recorded'}} ; ${outcome.observed}`,
      )
    }
    return outcome
  },
})
