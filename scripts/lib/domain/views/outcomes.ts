// What each item of the runbook came to in a run: the judgement itself, the step that it names, or the
// trigger that fired. One place, so that the stamped copy and the report agree.

import type {Person} from '../event.ts'
import {recorded} from '../recorded.ts'
import type {ItemOutcome, RunState, StepState} from '../run.ts'
import type {Evidence, ItemVerdict} from '../verdict.ts'
import type {RunbookData, RunbookItem} from './input.ts'
import {fr, who} from './words.ts'

export interface ViewOutcome {
  readonly verdict: ItemVerdict
  readonly observed: string
  readonly by: Person | null
  readonly at: string
  readonly evidence: readonly Evidence[]
}

/** The outcome of an item; undefined where the run never came to it. */
export function outcomeOf(state: RunState, item: RunbookItem): ViewOutcome | undefined {
  const fired = state.triggers.findLast((trigger) => trigger.item === item.id)
  if (fired !== undefined) {
    const {observed, at} = fired
    return {verdict: 'fail', observed: fr(observed), by: null, at, evidence: []}
  }
  const found = lastOutcome(state, item)
  return found && {...found, observed: withoutCommand(state, found.observed)}
}

/** What people call an item; its id or name where the runbook has it no more. */
export const itemTitle = ({items}: RunbookData, item: string, otherwise: string): string =>
  items.find(({id}) => id === item)?.title ?? otherwise

/** An observation beside its item's title does not begin with that title once more. */
export const without = (title: string, observed: string): string =>
  observed.startsWith(`${title} : `) ? observed.slice(title.length + 3) : observed

/** The way back by hand is a long command that stands once, in a section of its own. */
export function withoutCommand(state: RunState, observed: string): string {
  const command = recorded(state, 'rollback-command')?.command
  return command === undefined ? observed : observed.replace(` ; retour à la main : ${command}`, '')
}

function lastOutcome(state: RunState, item: RunbookItem): ViewOutcome | undefined {
  const judged = state.items.get(item.id)
  const step = item.kind === 'step' ? stepOf(state, item.name) : undefined
  const stepped = step === undefined ? undefined : ofStep(step)
  if (judged === undefined) return stepped
  // The outcome of a step that a person answered stands behind their answer, and is theirs.
  const answered = judged.by !== null && fr(judged.observed) === stepped?.observed
  return stepped !== undefined && stepped.at > judged.at && !answered ? stepped : ofItem(judged)
}

/** The last state of a step, in whichever phase it ran. */
export function stepOf(state: RunState, id: string): StepState | undefined {
  return [...state.steps.values()].findLast(({step}) => step === id)
}

function ofItem({verdict, observed, by, at, evidence}: ItemOutcome): ViewOutcome {
  return {verdict, observed: fr(observed), by, at, evidence}
}

function ofStep(step: StepState): ViewOutcome | undefined {
  const {verdict, observed, evidence, finishedAt, startedAt} = step
  if (verdict === null) {
    // Intended and never looked at again: whether it happened is not known.
    const unknown = 'commencé, résultat inconnu'
    return {verdict: 'unknown', observed: unknown, by: null, at: startedAt, evidence: []}
  }
  return {verdict, observed: fr(observed), by: null, at: finishedAt ?? startedAt, evidence}
}

/** Who authorised the run: the signed approval, else who answered the item of authorisation or decision. */
export function validator(state: RunState, runbook: RunbookData): string {
  const persons = [
    ...authorisations(state, runbook),
    ...[...state.items.values()].filter(({item}) => isDecision(item)),
  ]
    .map(({by}) => by)
    .filter((by) => by !== null)
  const approval = recorded(state, 'approval')
  const signed =
    approval === undefined
      ? []
      : [{role: approval.role, name: approval.name, how: 'signed' as const}]
  const names = [...new Set([...signed, ...persons].map(who))]
  if (names.length > 0) return names.join(', ')
  const confirmed = state.phases.find((phase) => phase.confirmed !== null)?.confirmed
  if (confirmed !== undefined && confirmed !== null) return who(confirmed.by)
  if (state.rollback !== null) return 'aucun requis (un rollback n’attend personne)'
  return 'aucun'
}

function authorisations(state: RunState, runbook: RunbookData): ViewOutcome[] {
  return runbook.items
    .filter((item) => authorises(state, item))
    .map((item) => outcomeOf(state, item))
    .filter((outcome) => outcome !== undefined)
}

/** The items by which somebody says that the run may be. */
export const authorisationItems = (state: RunState, {items}: RunbookData): RunbookItem[] =>
  items.filter((item) => authorises(state, item) || isDecision(item.id))

const authorises = (state: RunState, {kind, name}: RunbookItem): boolean =>
  name === 'authorised' || (kind === 'step' && stepOf(state, name)?.nature.decides === true)

const isDecision = (item: string) => /^prerequisites\/(autorisation|decision)/.test(item)
