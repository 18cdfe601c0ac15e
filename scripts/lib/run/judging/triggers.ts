// The abort criteria: looked at after each step once something was changed, and at each look of the
// watch. The first that fires ends the run's forward way.

import type {Text} from '../../domain/text.ts'
import {openPhaseContext, type Running} from '../running.ts'
import {hearIncidents} from './declared-incidents.ts'
import {titled} from './judge-items.ts'
import {lookAtTriggers} from './trigger-look.ts'

/** The first abort criterion that holds now, journalled; null where none does. */
export async function firedTrigger(running: Running): Promise<Text | null> {
  const {session, run} = running
  const before = run.state().triggers.at(0)
  if (before !== undefined) return before.observed
  await hearIncidents(running)
  const opened = await openPhaseContext(running, {
    mode: 'READ-ONLY',
    fences: [],
    step: () => 'triggers',
    attempt: 1,
  })
  try {
    const fired = await lookAtTriggers(session.runbook.abort, session.catalogue, opened.context)
    if (fired === null) return null
    const {item, judgement} = fired
    const observed = titled(item, judgement.observed)
    // Last, since it decides: a process that dies before it asks the criteria again.
    run.judged(item, {...judgement, verdict: 'fail'}, null)
    run.append({type: 'trigger-fired', trigger: item.name, item: item.id, observed})
    return observed
  } finally {
    await opened.close()
  }
}
