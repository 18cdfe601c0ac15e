// Which of the abort criteria fires now: asked by the runner after a step, and by the watch at each look.

import type {Judgement} from '../domain/verdict.ts'
import type {Catalogue} from './catalogue.ts'
import type {Context} from './context.ts'
import {asked} from './judge.ts'
import type {PolicyItem} from './runbook.ts'

export interface Fired {
  readonly item: PolicyItem
  readonly judgement: Judgement
}

/** Pure over the context: which of `items` fires. Unknown does not fire, and is no success either. */
export async function lookAtTriggers(
  items: readonly PolicyItem[],
  catalogue: Catalogue,
  context: Context,
): Promise<Fired | null> {
  const {z} = await import('zod')
  for (const item of items) {
    const load = item.kind === 'trigger' ? catalogue.triggers[item.name] : undefined
    if (load === undefined) continue
    const definition = await load()
    const parameters = z.strictObject(definition.parameters).parse(item.parameters)
    const judgement = await asked(() => definition.judge(context, parameters))
    if (judgement.verdict === 'fail') return {item, judgement}
  }
  return null
}
