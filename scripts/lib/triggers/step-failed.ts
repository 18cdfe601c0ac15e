// Abort: a step has failed as often as the runbook allows.

import {count, list as listOf} from '../domain/parameters.ts'
import type {StepState} from '../domain/run.ts'
import {fail, pass, unknown} from '../domain/verdict.ts'
import {trigger} from '../kit/definition.ts'
import {stepNamed, stepTitle} from '../proofs/step-outcome.ts'
import {shortList, words} from '../words/observed.ts'

export const stepFailed = trigger({
  name: 'step-failed',
  describe: {
    fr: 'L’une des étapes nommées a échoué autant de fois que permis.',
    en: 'One of the steps named has failed as often as it may.',
  },
  parameters: {step: listOf(), attempts: count(1).optional()},
  async judge(context, {step, attempts = 1}) {
    const run = context.run()
    const states = step.flatMap((id) => stepNamed(run, id) ?? [])
    const failed = states.filter((state) => hasFailed(state, attempts))
    if (failed.length > 0)
      return fail(
        shortList(
          failed.map((state) => told(stepTitle(context, state.step), state)),
          4,
        ),
      )
    const finished = states.filter(({status}) => status === 'finished')
    if (finished.length < step.length) {
      const left = step
        .filter((id) => !finished.some((state) => state.step === id))
        .map((id) => stepTitle(context, id))
      return unknown({
        fr: `pas encore exécuté : ${left.join(', ')}`,
        en: `not run yet: ${left.join(', ')}`,
      })
    }
    return pass({fr: 'aucun échec définitif', en: 'no final failure'})
  },
})

const hasFailed = ({status, verdict, attempt}: StepState, attempts: number) =>
  status === 'finished' && verdict === 'fail' && attempt >= attempts

const told = (title: string, {attempt, observed}: StepState) =>
  attempt === 1
    ? words`${title} : ${observed}`
    : words`${title} (${{fr: 'tentative', en: 'attempt'}} ${attempt}) : ${observed}`
