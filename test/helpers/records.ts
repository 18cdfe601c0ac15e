// Recorded runs for checks: a journal told briefly, with the summary that the records would give.

import type {Event, RunResult} from '../../scripts/lib/domain/event.ts'
import {fold} from '../../scripts/lib/domain/fold.ts'
import type {RecordedRun} from '../../scripts/lib/store/records/records.ts'

/** The record of a run with these events; `result` null: it ends before a decision. */
export function recordOf(events: readonly Event[], result: RunResult | null): RecordedRun {
  const state = fold(events)
  const summary = {
    run: state.run,
    scenario: state.scenario,
    kind: state.kind,
    result,
    startedAt: state.started.at,
    endedAt: result === null ? null : (events.at(-1)?.at ?? null),
    commit: state.checkpoint.commit,
    tag: state.checkpoint.tag,
    source: `refs/postgate/runs/${state.run}`,
    load: async () => state,
  }
  // The figures of a record are for documents; no check reads them.
  return Object.assign(JSON.parse('{"figures":{}}'), summary)
}
