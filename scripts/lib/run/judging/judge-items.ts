// Judges items one after the other in a READ-ONLY room, journals each outcome and shows it.

import {inLang, type Text} from '../../domain/text.ts'
import type {PolicyItem} from '../../policy/runbook.ts'
import type {Prompter} from '../asking/prompt.ts'
import {
  type End,
  openPhaseContext,
  type PhaseContextOptions,
  passed,
  type Running,
} from '../running.ts'
import {judgeItem, type Outcome} from './judge.ts'

export interface FoundItem {
  readonly item: PolicyItem
  readonly outcome: Outcome
}

export interface JudgeItems {
  readonly fences: PhaseContextOptions['fences']
  /** What the journal calls the commands of this judging. */
  readonly step: string
  /** Who is asked; else whoever sits at the terminal. */
  readonly prompter?: Prompter
}

export async function judgeItems(
  running: Running,
  items: readonly PolicyItem[],
  {fences, step, prompter = running.prompter}: JudgeItems,
): Promise<readonly FoundItem[]> {
  const {run, session, answers} = running
  const {terminal, catalogue} = session
  const opened = await openPhaseContext(running, {
    mode: 'READ-ONLY',
    fences,
    step: () => step,
    attempt: 1,
  })
  const found: FoundItem[] = []
  try {
    for (const item of items) {
      terminal.doing(item.title)
      const {context} = opened
      const outcome = await judgeItem(item, {context, catalogue, answers, prompter})
      found.push({item, outcome})
      const {judgement} = outcome
      if (outcome.type === 'judged') {
        run.judged(item, judgement, outcome.by, outcome.notApplicable)
      } else {
        const {observed, next} = judgement
        terminal.outcome({verdict: 'waiting', title: item.title, observed, next})
      }
    }
  } finally {
    await opened.close()
  }
  return found
}

/** Several outcomes as one end: false or unknown blocks before missing people or time pause. */
export function together(found: readonly FoundItem[]): End {
  const blocked: Text[] = []
  const waiting: Text[] = []
  let earliest: string | null = null
  for (const {item, outcome} of found) {
    const {verdict, observed, earliest: when} = outcome.judgement
    if (outcome.type === 'judged' && (verdict === 'pass' || outcome.notApplicable)) continue
    const missing = outcome.type === 'waiting' && outcome.unusable !== true
    const timeOnly = outcome.type === 'judged' && when !== undefined
    if (timeOnly && (earliest === null || when > earliest)) earliest = when
    ;(missing || timeOnly ? waiting : blocked).push(titled(item, observed))
  }
  if (blocked.length > 0) return {type: 'blocked', reasons: [...blocked, ...waiting]}
  return waiting.length === 0 ? passed : {type: 'waiting', reasons: waiting, earliest}
}

/** What was refused, if anything was: false, and not only too early. */
export function refusal(found: readonly FoundItem[]): Text | null {
  const refused = found.find(
    ({outcome: {type, judgement}}) =>
      type === 'judged' && judgement.verdict === 'fail' && judgement.earliest === undefined,
  )
  return refused === undefined ? null : titled(refused.item, refused.outcome.judgement.observed)
}

/** True where an item holds already in this run, or does not apply. */
export function isAnswered({run}: Pick<Running, 'run'>, {id}: Pick<PolicyItem, 'id'>): boolean {
  const verdict = run.state().items.get(id)?.verdict
  return verdict === 'pass' || verdict === 'not-applicable'
}

/** An item's title, and what was observed of it. */
export const titled = ({title}: Pick<PolicyItem, 'title'>, observed: Text): Text => ({
  fr: `${title} : ${inLang(observed, 'fr')}`,
  en: `${title}: ${inLang(observed, 'en')}`,
})
