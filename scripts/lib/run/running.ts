// What the parts of a run share while it goes on, and how a part of it can end.

import type {Occasion} from '../domain/occasion.ts'
import type {Text} from '../domain/text.ts'
import type {RefsGuard} from '../guard/refs/refs-guard.ts'
import type {Runbook} from '../policy/runbook.ts'
import type {Lease} from '../store/lease/lease.ts'
import type {Answers} from './asking/answers.ts'
import type {Prompter} from './asking/prompt.ts'
import {type OpenContext, openContext} from './context-of.ts'
import type {LiveRun} from './opening/live-run.ts'
import type {Session} from './session.ts'

export interface Running {
  readonly session: Session
  readonly run: LiveRun
  readonly lease: Lease
  readonly answers: Answers
  readonly prompter: Prompter
  readonly guard: RefsGuard
  readonly signal: AbortSignal
  /** Tells the team, through every configured channel. */
  readonly announce: (occasion: Occasion) => Promise<void>
}

/** How a step, a phase or a run ends for now. */
export type End =
  | {readonly type: 'passed'}
  /** What was tried did not work, or is not so: the run is aborted or rolled back. */
  | {readonly type: 'failed'; readonly why: Text}
  /** Only people or time are missing (exit 4). */
  | {readonly type: 'waiting'; readonly reasons: readonly Text[]; readonly earliest: string | null}
  /** Read, and unknown (or false before any effect): the same command asks again (exit 3). */
  | {readonly type: 'blocked'; readonly reasons: readonly Text[]}

export const passed: End = {type: 'passed'}

/** Ctrl-C and SIGTERM: what was under way is neither passed nor failed. The next start asks again. */
export const interruptedByOperator: Extract<End, {type: 'waiting'}> = {
  type: 'waiting',
  reasons: [{fr: 'interrompu par l’opérateur', en: 'interrupted by the operator'}],
  earliest: null,
}

export interface PhaseContextOptions {
  readonly mode: 'READ-ONLY' | 'EXECUTIVE'
  readonly fences: Runbook['rollback']['fences']
  readonly step: () => string
  readonly attempt: number
  /** For each command; without one it may take as long as it wants. */
  readonly timeLimitMs?: number
  /** Judges the items of the phase that fell due meanwhile; why one was refused. */
  readonly due?: () => Promise<Text | null>
}

/** A watch lasts hours: what it measured is on this machine alone for so long at the most. */
const measuredAloneMs = 30 * 60_000

/** A context for a phase of this run: its children are journalled, and guarded by our git hooks. */
export function openPhaseContext(
  running: Running,
  options: PhaseContextOptions,
): Promise<OpenContext> {
  const {session, run, lease, guard, signal} = running
  return openContext({
    session,
    state: run.state,
    mode: options.mode,
    fences: options.fences,
    attempt: options.attempt,
    ...(options.timeLimitMs !== undefined && {timeLimitMs: options.timeLimitMs}),
    ...(options.due && {due: options.due}),
    dryRun: false,
    record: async (event) => {
      run.append(event)
      if (event.type === 'samples-taken') lease.syncAfter(measuredAloneMs, run.journal.text)
    },
    onSpawn: ({pid, birth, command}) =>
      run.append({type: 'child-started', step: options.step(), pid, birth, command}),
    signal,
    journalHead: run.journal.head,
    announce: running.announce,
    guardEnvironment: guard.environment,
  })
}
