// What the tools that only read open for themselves: a session's flags, and a context outside of any run.

import type {Arguments} from '../base/arguments.ts'
import {placeArguments} from '../base/place-flags.ts'
import type {Event, EventBody} from '../domain/event.ts'
import {fold} from '../domain/fold.ts'
import {type OpenContext, openContext} from './context-of.ts'
import type {Session} from './session.ts'

type Given = Parameters<typeof placeArguments>[0] & {
  readonly lang: Arguments['lang']
  readonly json?: boolean | undefined
  readonly gate?: string | undefined
}

/** A tool's flags as those of a scenario, for what opens a session. */
export function argumentsOf({lang, json = false, gate, ...place}: Given): Arguments {
  return {
    ...{help: false, plan: false, answersTemplate: false, status: false, exit: false},
    ...{lang, json, ...placeArguments(place)},
    ...(gate !== undefined && {gate}),
  }
}

/** A context that only reads, for the checks that a tool asks outside of any run. */
export const readOnlyContext = (session: Session): Promise<OpenContext> =>
  openContext({
    session,
    state: () => fold([dryRunStart(session)]),
    mode: 'READ-ONLY',
    fences: [],
    attempt: 1,
    dryRun: true,
    record: async () => {},
    signal: new AbortController().signal,
  })

/** The first event of a run that does not take place, for what is judged outside of any run. */
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
