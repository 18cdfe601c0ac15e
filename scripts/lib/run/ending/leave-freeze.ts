// `freeze.ts --exit`: the steps of the exit procedure, then the record.

import {problem} from '../../domain/problem.ts'
import {recorded} from '../../domain/recorded.ts'
import type {Text} from '../../domain/text.ts'
import {discardRun} from '../opening/live-file.ts'
import {interruptedByOperator, type Running} from '../running.ts'
import {runStep} from '../stepping/step.ts'
import {finishRun} from './finish.ts'
import {stop} from './stop.ts'

const nothing: Text = {fr: 'Rien à terminer.', en: 'Nothing to end.'}
const stays: Text = {fr: 'Le freeze est maintenu.', en: 'The freeze stays.'}

/** 0 where the gate still holds, 3 where code has changed. Throws a `Problem` (3) where nothing is frozen,
 * or where somebody says that the freeze stays. */
export async function leaveFreeze(running: Running): Promise<number> {
  const {session, run, lease} = running
  for (const step of session.rollback?.steps ?? []) {
    const item = session.runbook.rollback.items.find(({name}) => name === step.id)
    if (item === undefined) continue
    const end = await runStep(running, step, {
      phase: 'exit',
      mode: 'READ-ONLY',
      item,
      nature: step.nature ?? {},
      fences: [],
      attemptsMax: 1,
      undoing: false,
    })
    if (running.signal.aborted) return stop(running, interruptedByOperator)
    if (end.type === 'waiting' || end.type === 'blocked') return stop(running, end)
    if (end.type === 'failed') {
      const refused = run.state().items.get(item.id)?.by != null
      await lease.releaseEmpty()
      discardRun(session)
      throw problem({what: refused ? stays : nothing, why: end.why, exit: 3})
    }
  }
  const holds = recorded(run.state(), 'freeze-exit')?.holds === true
  await finishRun(
    running,
    'exited',
    holds
      ? {fr: 'le gate tient : A ou B peut suivre', en: 'the gate holds: A or B may follow'}
      : {
          fr: 'du code a changé : un nouveau Release Gate est requis',
          en: 'code has changed: a new Release Gate is required',
        },
  )
  return holds ? 0 : 3
}
