// Undoing is never locked: where the gate cannot be read, a rollback goes by what the last run of its
// scenario recorded.

import type {Scenario} from '../../domain/event.ts'
import {Problem} from '../../domain/problem.ts'
import type {RunState} from '../../domain/run.ts'
import {readRecords} from '../records/records.ts'
import {openRunHere} from '../run/live-file.ts'
import type {Workplace} from '../session.ts'
import {readGate} from './file.ts'
import type {Gate} from './gate.ts'

/** The gate; for a rollback a stand-in of the recorded checkpoint where there is none to read. */
export async function gateFor(
  workplace: Workplace,
  scenario: Scenario,
  {gate, rollback}: {readonly gate?: string; readonly rollback?: string},
): Promise<Gate> {
  try {
    return await readGate(workplace.world.project, gate)
  } catch (error) {
    if (rollback === undefined || !(error instanceof Problem)) throw error
    const state = openRunHere(workplace) ?? (await lastRun(workplace, scenario))
    if (state === null) throw error
    return recordedGate(state)
  }
}

async function lastRun({world}: Workplace, scenario: Scenario): Promise<RunState | null> {
  const {runs} = await readRecords(world.repository, {cache: world.cache})
  const last = runs.findLast((run) => run.scenario === scenario && run.kind === 'scenario')
  return last === undefined ? null : last.load()
}

function recordedGate({started, checkpoint}: RunState): Gate {
  const {path, sha256} = started.gate
  return {path, source: '', tag: checkpoint.tag, commit: checkpoint.commit, entries: [], sha256}
}
