// The abort criteria: looked at after each step once something was changed, and at each look of the
// watch. The first that fires ends the run's forward way.

import {inLang, type Text} from '../domain/text.ts'
import type {Judgement} from '../domain/verdict.ts'
import type {Context} from './context.ts'
import {asked} from './judge.ts'
import type {PolicyItem} from './runbook.ts'
import {openRoom, type Running} from './running.ts'

export interface Fired {
  readonly item: PolicyItem
  readonly judgement: Judgement
}

/** The first abort criterion that holds now, journalled; null where none does. */
export async function firedTrigger(running: Running): Promise<Text | null> {
  const {session, run} = running
  const before = run.state().triggers.at(0)
  if (before !== undefined) return before.observed
  const opened = await openRoom(running, {
    mode: 'READ-ONLY',
    fences: [],
    step: () => 'triggers',
    attempt: 1,
  })
  try {
    const fired = await lookAtTriggers(session.runbook.abort, session.catalogue, opened.context)
    if (fired === null) return null
    const {item, judgement} = fired
    const observed: Text = {
      fr: `${item.title} : ${inLang(judgement.observed, 'fr')}`,
      en: `${item.title}: ${inLang(judgement.observed, 'en')}`,
    }
    run.append({type: 'trigger-fired', trigger: item.name, item: item.id, observed})
    run.judged(item, {...judgement, verdict: 'fail'}, null)
    return observed
  } finally {
    await opened.close()
  }
}

/** Pure over the context: which of `items` fires. Unknown does not fire, and is no success either. */
export async function lookAtTriggers(
  items: readonly PolicyItem[],
  catalogue: Running['session']['catalogue'],
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
