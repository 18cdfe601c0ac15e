// A success criterion that earlier steps have already proven: each named step finished with a pass, was
// accepted by a person where the machine could not say, or did not apply.

import {list as listOf} from '../domain/parameters.ts'
import {worst} from '../domain/verdict.ts'
import {check} from '../kit/definition.ts'
import {answerAbout, stepOutcome, stepTitle} from '../proofs/step-outcome.ts'
import {shortList, words} from '../words/observed.ts'

export const stepPassed = check({
  name: 'step-passed',
  describe: {
    fr: 'Les étapes nommées se sont terminées avec succès dans cette exécution.',
    en: 'The steps named finished with success in this run.',
  },
  parameters: {steps: listOf()},
  async judge(context, {steps}) {
    const found = steps.map((step) => ({step, judgement: stepOutcome(context, step)}))
    const verdict = worst(found.map(({judgement}) => judgement.verdict))
    // What passed is told where the step stands; here what did not, and what a person stood in for.
    const isPlain = ({step, judgement}: (typeof found)[number]) =>
      judgement.verdict === 'pass' && answerAbout(context, step) === undefined
    const names = found.filter(isPlain).map(({step}) => stepTitle(context, step))
    const told = found
      .filter((each) => !isPlain(each))
      .map(({step, judgement}) => words`${stepTitle(context, step)} : ${judgement.observed}`)
    const passed = {
      fr: `${names.length > 1 ? 'étapes conformes' : 'étape conforme'} : ${names.join(', ')}`,
      en: `${names.length > 1 ? 'steps' : 'step'} passed: ${names.join(', ')}`,
    }
    return {
      verdict,
      observed: shortList(verdict === 'pass' && names.length > 0 ? [passed, ...told] : told, 8),
      evidence: found.flatMap(({judgement}) => judgement.evidence ?? []),
    }
  },
})
