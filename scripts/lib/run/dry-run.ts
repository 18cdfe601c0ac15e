// The first event of a run that does not take place, for what is judged outside of any run.

import type {Event, EventBody} from '../domain/event.ts'
import type {Session} from './session.ts'

export function dryRunStart({scenario, checkpoint, gate, runbook, project, world}: Session): Event {
  const body: Extract<EventBody, {type: 'run-started'}> = {
    type: 'run-started',
    run: 'plan',
    scenario,
    kind: 'scenario',
    checkpoint,
    gate: {path: gate.path, sha256: gate.sha256},
    runbook: {path: runbook.path, sha256: runbook.sha256},
    templates: [],
    project: project.name,
    bundle: '',
    operator: world.operator,
    machine: world.machine,
    platform: process.platform,
    sandbox: world.mark !== '',
    main: '',
  }
  return {v: 1, seq: 1, at: world.clock.now().toISOString(), prev: '', ...body}
}
