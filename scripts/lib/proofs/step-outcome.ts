// What came of a step of this run, and what a person said of it.

import type {ItemOutcome, RunState, StepState} from '../domain/run.ts'
import type {Text} from '../domain/text.ts'
import {fail, type Judgement, pass, unknown} from '../domain/verdict.ts'
import type {Context} from '../kit/context.ts'
import {words} from '../words/observed.ts'

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

export function answerAbout(context: Pick<Context, 'run' | 'runbook'>, step: string) {
  const run = context.run()
  return personsWord(run, itemIds(context, step), stepNamed(run, step))
}

/** The last state of a step of this run, by its id alone. */
export const stepNamed = (run: RunState, step: string): StepState | undefined =>
  [...run.steps.values()].findLast((each) => each.step === step)

const itemIds = (context: Pick<Context, 'runbook'>, step: string): string[] =>
  itemsOf(context, step).map(({id}) => id)

/** As people call it: the title of its item. */
export const stepTitle = (context: Pick<Context, 'runbook'>, step: string): string =>
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
