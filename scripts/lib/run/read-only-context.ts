// What the tools that only read open for themselves: a session's flags, and a context outside of any run.

import type {Arguments} from '../base/arguments.ts'
import {placeArguments} from '../base/place-flags.ts'
import {fold} from '../domain/fold.ts'
import {type OpenContext, openContext} from './context-of.ts'
import {dryRunStart} from './dry-run.ts'
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
