// How a run ends for good: the finish, or nothing at all where nothing was changed.

import type {RunResult} from '../../domain/event.ts'
import {inLang, type Text} from '../../domain/text.ts'
import {discardRun} from '../opening/live-file.ts'
import type {Running} from '../running.ts'
import {finishRun} from './finish.ts'

const exitCodes: Readonly<Record<RunResult, number>> = {
  succeeded: 0,
  exited: 0,
  'drill-passed': 0,
  aborted: 1,
  'rolled-back': 1,
  'rollback-failed': 1,
  'drill-failed': 1,
}

/** Answers the exit code of its result. */
export async function conclude(running: Running, result: RunResult, why: Text): Promise<number> {
  const {run, lease, session} = running
  if (!run.state().effects && result === 'aborted') {
    session.terminal.warn({
      fr: `Abandonné avant tout effet : ${inLang(why, 'fr')}`,
      en: `Aborted before any effect: ${inLang(why, 'en')}`,
    })
    await lease.releaseEmpty()
    discardRun(session)
    session.terminal.result('run', {
      ...{run: run.state().run, state: 'ended', result, why},
      ...{documents: [], tag: null, merge: null},
    })
    return exitCodes[result]
  }
  await finishRun(running, result, why)
  return exitCodes[result]
}
