// Which of the abort criteria fires now: asked by the runner after a step, and by the watch at each look.

import type {Judgement} from '../../domain/verdict.ts'
import type {Catalogue} from '../../kit/catalogue.ts'
import type {Context, Fired} from '../../kit/context.ts'
import type {PolicyItem} from '../../policy/runbook.ts'
import {answerOf} from './judge.ts'

type Question = (context: Context) => Promise<Judgement>

// The watch asks hundreds of times: each criterion is loaded and its parameters are read once.
const prepared = new WeakMap<PolicyItem, Question>()

/** Pure over the context: which of `items` fires. Unknown does not fire, and is no success either. */
export async function lookAtTriggers(
  items: readonly PolicyItem[],
  catalogue: Catalogue,
  context: Context,
): Promise<Fired | null> {
  for (const item of items) {
    const question = prepared.get(item) ?? (await prepare(item, catalogue))
    if (question === null) continue
    const judgement = await answerOf(() => question(context))
    if (judgement.verdict === 'fail') return {item, judgement}
  }
  return null
}

async function prepare(item: PolicyItem, catalogue: Catalogue): Promise<Question | null> {
  const load = item.kind === 'trigger' ? catalogue.triggers[item.name] : undefined
  if (load === undefined) return null
  const {z} = await import('zod')
  const definition = await load()
  const parameters = z.strictObject(definition.parameters).parse(item.parameters)
  const question: Question = (context) => definition.judge(context, parameters)
  prepared.set(item, question)
  return question
}
