// Undoing is never locked: where the gate cannot be read, a rollback goes by what the last run of its
// scenario recorded.

import type {Scenario} from '../../domain/event.ts'
import {Problem} from '../../domain/problem.ts'
import type {RunState} from '../../domain/run.ts'
import type {Gate} from '../../policy/gate-file.ts'
import {readGate} from '../../policy/gate-file.ts'
import {readRecords} from '../../store/records/records.ts'
import type {World} from '../../store/world.ts'
import {openRunHere} from './live-file.ts'

/** The gate; for a rollback a stand-in of the recorded checkpoint where there is none to read. */
export async function gateFor(
  here: {readonly world: World},
  scenario: Scenario,
  {gate, rollback}: {readonly gate?: string; readonly rollback?: string},
): Promise<Gate> {
  try {
    const {project, repository} = here.world
    return await readGate(project, gate, repository.asCommitted)
  } catch (error) {
    if (rollback === undefined || !(error instanceof Problem)) throw error
    const state = openRunHere(here) ?? (await lastRun(here, scenario))
    if (state === null) throw error
    return recordedGate(state)
  }
}

async function lastRun(
  {world}: {readonly world: World},
  scenario: Scenario,
): Promise<RunState | null> {
  const {runs} = await readRecords(world.repository, {cache: world.cache})
  const last = runs.findLast((run) => run.scenario === scenario && run.kind === 'scenario')
  return last === undefined ? null : last.load()
}

function recordedGate({started, checkpoint}: RunState): Gate {
  const {path, sha256} = started.gate
  return {path, source: '', tag: checkpoint.tag, commit: checkpoint.commit, entries: [], sha256}
}
