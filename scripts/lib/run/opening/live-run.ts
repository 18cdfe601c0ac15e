// A run as it is being written: the journal, the folded state, and the few ways to add to them.

import type {Terminal} from '../../base/terminal.ts'
import type {EventBody, Person} from '../../domain/event.ts'
import {factsRecorded} from '../../domain/facts.ts'
import {apply, fold} from '../../domain/fold.ts'
import type {RunState} from '../../domain/run.ts'
import type {ItemJudgement, Judgement} from '../../domain/verdict.ts'
import type {PolicyItem} from '../../policy/runbook.ts'
import type {Journal} from '../../store/journal.ts'

export interface LiveRun {
  readonly journal: Journal
  readonly state: () => RunState
  readonly append: (event: EventBody) => void
  /** Journals the outcome of an item, and the facts that its judgement brought. What was answered earlier
   * (`known`) stands already, with the time at which it was given: it is shown only. */
  readonly judged: (
    item: PolicyItem,
    judgement: ItemJudgement,
    by: Person | null,
    how?: {readonly known?: boolean},
  ) => void
}

export function liveRun(journal: Journal, terminal: Terminal): LiveRun {
  let folded: RunState | undefined
  const append = (event: EventBody) => {
    const written = journal.append(event)
    if (folded !== undefined) folded = apply(folded, written)
  }
  return {
    journal,
    state: () => {
      folded ??= fold(journal.events())
      return folded
    },
    append,
    judged: (item, judgement, by, {known = false} = {}) => {
      if (known) return show(terminal, item, judgement)
      recordFacts(append, judgement)
      append({
        type: 'item-judged',
        item: item.id,
        title: item.title,
        verdict: judgement.verdict,
        observed: judgement.observed,
        evidence: judgement.evidence ?? [],
        by,
        ...(judgement.next !== undefined && {next: judgement.next}),
        ...(judgement.earliest !== undefined && {earliest: judgement.earliest}),
        ...(judgement.declares !== undefined && {declares: judgement.declares}),
      })
      show(terminal, item, judgement)
    },
  }
}

export function recordFacts(
  append: (event: EventBody) => void,
  {facts = {}}: Pick<Judgement, 'facts'>,
): void {
  for (const event of factsRecorded(facts)) append(event)
}

function show(terminal: Terminal, {title}: PolicyItem, judgement: ItemJudgement): void {
  const {verdict, observed, next, evidence = []} = judgement
  terminal.outcome({verdict, title, observed, next, evidence})
}
