// A success criterion that earlier steps have already proven: each named step finished with a pass, was
// accepted by a person where the machine could not say, or did not apply.

import {list as listOf} from '../domain/parameters.ts'
import type {ItemOutcome, RunState, StepState} from '../domain/run.ts'
import type {Text} from '../domain/text.ts'
import {fail, type Judgement, pass, unknown, worst} from '../domain/verdict.ts'
import type {Context} from '../kit/context.ts'
import {check} from '../kit/definition.ts'
import {list, words} from '../words/observed.ts'

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
    const names = found.filter(isPlain).map(({step}) => titleOf(context, step))
    const told = found
      .filter((each) => !isPlain(each))
      .map(({step, judgement}) => words`${titleOf(context, step)} : ${judgement.observed}`)
    const passed = {
      fr: `${names.length > 1 ? 'étapes conformes' : 'étape conforme'} : ${names.join(', ')}`,
      en: `${names.length > 1 ? 'steps' : 'step'} passed: ${names.join(', ')}`,
    }
    return {
      verdict,
      observed: list(verdict === 'pass' && names.length > 0 ? [passed, ...told] : told, 8),
      evidence: found.flatMap(({judgement}) => judgement.evidence ?? []),
    }
  },
})

/** What came of a step of this run, a person's word about it included. */
export function stepOutcome(context: Pick<Context, 'run' | 'runbook'>, step: string): Judgement {
  const state = stepNamed(context.run(), step)
  const answered = answerAbout(context, step)
  if (answered !== undefined) return fromPerson(answered)
  if (state === undefined || state.status !== 'finished' || state.verdict === null) {
    return unknown({fr: 'pas exécutée', en: 'not run'})
  }
  return {verdict: state.verdict, observed: state.observed, evidence: state.evidence}
}

function answerAbout(context: Pick<Context, 'run' | 'runbook'>, step: string) {
  const run = context.run()
  return personsWord(run, itemIds(context, step), stepNamed(run, step))
}

/** The last state of a step of this run, by its id alone. */
export const stepNamed = (run: RunState, step: string): StepState | undefined =>
  [...run.steps.values()].findLast((each) => each.step === step)

const itemIds = (context: Pick<Context, 'runbook'>, step: string): string[] =>
  itemsOf(context, step).map(({id}) => id)

/** As people call it: the title of its item. */
export const titleOf = (context: Pick<Context, 'runbook'>, step: string): string =>
  itemsOf(context, step)[0]?.title ?? step

const itemsOf = ({runbook}: Pick<Context, 'runbook'>, step: string) =>
  runbook.phases
    .flatMap(({items}) => items)
    .filter(({kind, name}) => kind === 'step' && name === step)

// Only a word given after the step's last attempt is about what happened.
function personsWord(run: RunState, ids: readonly string[], state: StepState | undefined) {
  return ids
    .map((id) => run.items.get(id))
    .find((item) => {
      if (item === undefined) return false
      const after = state === undefined || item.at >= (state.finishedAt ?? state.startedAt)
      return after && (item.by !== null || item.verdict === 'not-applicable')
    })
}

function fromPerson({verdict, observed}: ItemOutcome): Judgement {
  const said: Text = observed
  if (verdict === 'not-applicable')
    return pass(words`${{fr: 'sans objet', en: 'not applicable'}} (${said})`)
  if (verdict === 'pass') return pass(said)
  return verdict === 'fail' ? fail(said) : unknown(said)
}
