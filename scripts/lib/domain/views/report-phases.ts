// The phases of a run with their steps: what was done, with which command, how long it took, and what
// was seen afterwards.

import {codeSpan, escapeCell} from '../../documents/escape.ts'
import type {PhaseState, RunState, StepState} from '../run.ts'
import {between, frenchDuration, utc, utcTime} from '../times.ts'
import type {RunbookData, ViewInput} from './input.ts'
import {evidenceLinks} from './links.ts'
import {outcomeOf, withoutCommand} from './outcomes.ts'
import {fr, modeName, verdictMark, verdictName, who} from './words.ts'

/** One entry for each phase that began, in order, the rollback's too. */
export function phaseRows(input: ViewInput, path: string) {
  const {state, runbook} = input
  const orphans = [...state.steps.values()].filter(
    ({phase}) => !state.phases.some((known) => known.phase === phase),
  )
  const phases = state.phases.map((phase) => phaseRow(input, phase, path))
  if (orphans.length === 0) return phases
  const steps = orphans.map((step) => stepRow(state, runbook, step, path))
  return [...phases, {...undoing(state), steps}]
}

/** The rollback procedure is no phase of the runbook's: its steps stand under a heading of their own. */
function undoing({rollback}: RunState) {
  const started = rollback?.startedAt ?? null
  const finished = rollback?.finished?.at ?? null
  return {
    title: 'Procédure de rollback',
    mode: modeName.EXECUTIVE,
    started: started === null ? '' : utc(started),
    finished: finished === null ? 'non terminée' : utc(finished),
    duration:
      started === null || finished === null ? '' : frenchDuration(between(started, finished)),
    course: course(started, finished, 'non terminée'),
    confirmed: '',
  }
}

/** `09:00:04 → 09:00:07 UTC, durée 2 s`; a phase that was broken off says so. */
function course(started: string | null, finished: string | null, open: string): string {
  if (started === null) return 'Sans heure de départ'
  if (finished === null) return `${utc(started)}, ${open}`
  return `${utc(started)} → ${utc(finished)}, durée ${frenchDuration(between(started, finished))}`
}

function phaseRow({state, runbook}: ViewInput, phase: PhaseState, path: string) {
  const steps = [...state.steps.values()].filter((step) => step.phase === phase.phase)
  const {confirmed, finishedAt} = phase
  return {
    title: phase.title,
    mode: modeName[phase.mode],
    started: utc(phase.startedAt),
    finished: finishedAt === null ? 'non terminée' : utc(finishedAt),
    duration: finishedAt === null ? '' : frenchDuration(between(phase.startedAt, finishedAt)),
    course: course(
      phase.startedAt,
      finishedAt,
      state.rollback === null ? 'non terminée' : 'interrompue par le rollback',
    ),
    confirmed:
      confirmed === null
        ? ''
        : [
            `« ${confirmed.typed} » tapé par ${who(confirmed.by)} à ${utcTime(confirmed.at)} UTC`,
            ...confirmed.told.map((text) => withoutCommand(state, fr(text))),
          ].join(' ; '),
    steps: [
      ...steps.map((step) => stepRow(state, runbook, step, path)),
      ...attestedRows(state, runbook, steps, path),
    ],
  }
}

function stepRow(state: RunState, runbook: RunbookData, step: StepState, path: string) {
  const item = runbook.items.find(({kind, name}) => kind === 'step' && name === step.step)
  const outcome = item === undefined ? undefined : outcomeOf(state, item)
  const verdict = outcome?.verdict ?? step.verdict ?? 'unknown'
  return {
    title: item?.title ?? step.step,
    what: commands(step),
    started: utcTime(step.startedAt),
    duration: step.finishedAt === null ? '' : frenchDuration(step.durationMs),
    attempts: String(step.attempt),
    result: `${verdictMark[verdict]} ${verdictName[verdict]}`,
    observed: outcome?.observed ?? (step.verdict === null ? 'résultat inconnu' : fr(step.observed)),
    evidence: evidenceLinks(outcome?.evidence ?? step.evidence, path),
  }
}

/** What people answered within the same phase of the runbook. */
function attestedRows(
  state: RunState,
  runbook: RunbookData,
  steps: readonly StepState[],
  path: string,
) {
  const known = new Set(steps.map(({step}) => step))
  const sections = new Set(
    runbook.items
      .filter(({kind, name}) => kind === 'step' && known.has(name))
      .map(({id}) => id.split('/')[0]),
  )
  return runbook.items.flatMap((item) => {
    if (item.kind === 'step' || !sections.has(item.id.split('/')[0])) return []
    const outcome = outcomeOf(state, item)
    if (outcome === undefined) return []
    return [
      {
        title: item.title,
        what: escapeCell(`répondu par ${who(outcome.by)}`),
        started: utcTime(outcome.at),
        duration: '',
        attempts: '',
        result: `${verdictMark[outcome.verdict]} ${verdictName[outcome.verdict]}`,
        observed: outcome.observed,
        evidence: evidenceLinks(outcome.evidence, path),
      },
    ]
  })
}

/** The commands that ran, as code; else the effects in words; else a read. Markdown for one cell. */
function commands(step: StepState): string {
  if (step.children.length > 0)
    return [...new Set(step.children.map(({command}) => codeSpan(command)))].join('<br>')
  if (step.effects.length > 0)
    // A command is the same in every language: also one whose start was never seen here.
    return step.effects
      .map((effect) => (typeof effect === 'string' ? codeSpan(effect) : escapeCell(fr(effect))))
      .join('<br>')
  return 'lecture'
}
