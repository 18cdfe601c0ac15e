// What the tools that only read open for themselves: a session's flags, and a context outside of any run.

import type {Arguments} from '../base/arguments.ts'
import {usage} from '../base/flags.ts'
import {parseDuration} from '../domain/duration.ts'
import {fold} from '../domain/fold.ts'
import {type OpenContext, openContext} from './context-of.ts'
import {dryRunStart} from './dry-run.ts'
import type {Session} from './session.ts'

interface Given {
  readonly lang: Arguments['lang']
  readonly json?: boolean | undefined
  readonly sandbox?: boolean | undefined
  readonly project?: string | undefined
  readonly gate?: string | undefined
  readonly break?: string | undefined
  readonly advance?: string | undefined
}

/** A tool's flags as those of a scenario, for what opens a session. */
export function argumentsOf({lang, json, sandbox, project, gate, ...given}: Given): Arguments {
  if (sandbox !== true && (given.break !== undefined || given.advance !== undefined)) {
    throw usage('--break, --advance', {
      fr: 'ils n’existent qu’avec --sandbox',
      en: 'they exist with --sandbox only',
    })
  }
  const advanceMs = given.advance === undefined ? undefined : parseDuration(given.advance)
  if (given.advance !== undefined && advanceMs === undefined) {
    throw usage(`--advance ${given.advance}`, {
      fr: 'une durée s’écrit 90s, 30m, 48h ou 7d',
      en: 'a duration is written 90s, 30m, 48h or 7d',
    })
  }
  return {
    ...{help: false, plan: false, answersTemplate: false, status: false, exit: false, lang},
    ...{json: json ?? false, sandbox: sandbox ?? false},
    ...(project !== undefined && {project}),
    ...(gate !== undefined && {gate}),
    ...(given.break !== undefined && {break: given.break}),
    ...(advanceMs !== undefined && {advanceMs}),
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
