// A run as it is being written: the journal, the folded state, and the few ways to add to them.

import type {Terminal} from '../../base/terminal.ts'
import type {EventBody, Person} from '../../domain/event.ts'
import {apply, fold} from '../../domain/fold.ts'
import type {RunState} from '../../domain/run.ts'
import type {Judgement, Verdict} from '../../domain/verdict.ts'
import type {PolicyItem} from '../../policy/runbook.ts'
import type {Journal} from '../../store/journal.ts'

export interface LiveRun {
  readonly journal: Journal
  readonly state: () => RunState
  readonly append: (event: EventBody) => void
  /** Journals the outcome of an item, and the facts that its judgement brought. */
  readonly judged: (
    item: PolicyItem,
    judgement: Judgement,
    by: Person | null,
    notApplicable?: boolean,
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
    judged: (item, judgement, by, notApplicable = false) => {
      recordFacts(append, judgement)
      append({
        type: 'item-judged',
        item: item.id,
        title: item.title,
        verdict: notApplicable ? 'not-applicable' : judgement.verdict,
        observed: judgement.observed,
        evidence: judgement.evidence ?? [],
        by,
        ...(judgement.next !== undefined && {next: judgement.next}),
        ...(judgement.earliest !== undefined && {earliest: judgement.earliest}),
      })
      show(terminal, item, judgement, notApplicable)
    },
  }
}

export function recordFacts(append: (event: EventBody) => void, {facts = {}}: Judgement): void {
  for (const [name, value] of Object.entries(facts)) append({type: 'fact-recorded', name, value})
}

function show(
  terminal: Terminal,
  item: PolicyItem,
  judgement: Judgement,
  notApplicable: boolean,
): void {
  const verdict: Verdict | 'not-applicable' = notApplicable ? 'not-applicable' : judgement.verdict
  const {observed, next, evidence = []} = judgement
  terminal.outcome({verdict, title: item.title, observed, next, evidence})
}
