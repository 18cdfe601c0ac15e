// Since when STAGING has held this very checkpoint, validated and untouched: from the recorded runs and
// the incidents that people declared.

import type {Checkpoint} from '../../domain/event.ts'
import type {Incident} from '../../domain/run.ts'
import type {World} from '../world.ts'
import {readIncidents} from './incidents.ts'
import type {RecordedRun, RunRecords} from './records.ts'

export interface StagingValidation {
  /** The run that validated it. */
  readonly run: RecordedRun
  /** ISO 8601, UTC. */
  readonly at: string
  /** On STAGING since then, declared or journalled. */
  readonly incidents: readonly Incident[]
}

/**
 * The earliest success since which nothing else happened to STAGING: a deployment of other code, an
 * abandoned run (its database was emptied), a rollback or a failed drill begin the time anew, and so
 * does a success after an incident. A passed drill and a second success of the same checkpoint do not.
 * null: not validated now.
 */
export function stagingValidation(
  {runs}: Pick<RunRecords, 'runs'>,
  {tag, commit}: Pick<Checkpoint, 'tag' | 'commit'>,
  incidents: readonly Incident[] = [],
): StagingValidation | null {
  let since: Omit<StagingValidation, 'incidents'> | null = null
  const after = (at: string) =>
    incidents.filter((incident) => incident.at >= at || incident.at === '')
  for (const run of runs) {
    if (run.scenario !== 'staging' || run.result === 'drill-passed') continue
    const good = run.result === 'succeeded' && run.tag === tag && run.commit === commit
    if (!good) {
      since = null
      continue
    }
    const at = run.endedAt ?? run.startedAt
    const disturbed: boolean =
      since !== null && after(since.at).some((incident) => incident.at <= at)
    since = since === null || disturbed ? {run, at} : since
  }
  return since === null ? null : {...since, incidents: after(since.at)}
}

/** Incidents on STAGING: those that people declared, and those that its drills left in their journals. */
export async function stagingIncidents(world: World, {runs}: RunRecords): Promise<Incident[]> {
  const declared = await readIncidents(world.repository, world.clock)
  const drills = runs.filter(({scenario, kind}) => scenario === 'staging' && kind === 'drill')
  const journalled = await Promise.all(drills.map(async (run) => (await run.load()).incidents))
  return [...declared, ...journalled.flat()].filter(
    ({environment}) => environment === 'staging' || environment === null,
  )
}
