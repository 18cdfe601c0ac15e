// Judges items one after the other in a READ-ONLY context, journals each outcome and shows it.

import {inLang, type Text} from '../../domain/text.ts'
import {holds} from '../../domain/verdict.ts'
import type {PolicyItem} from '../../policy/runbook.ts'
import {type Prompter, unattendedPrompter} from '../asking/prompt.ts'
import {
  type End,
  openPhaseContext,
  type PhaseContextOptions,
  passed,
  type Running,
} from '../running.ts'
import {type JudgedOutcome, judgeItem} from './judge.ts'

export interface FoundItem {
  readonly item: PolicyItem
  readonly outcome: JudgedOutcome
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
  const {context} = opened
  const found = new Map<PolicyItem, JudgedOutcome>()
  const judge = async (item: PolicyItem, by: Prompter): Promise<JudgedOutcome> => {
    terminal.doing(item.title)
    const outcome = await judgeItem(item, {context, catalogue, answers, prompter: by})
    found.set(item, outcome)
    return outcome
  }
  const tell = (item: PolicyItem, outcome: JudgedOutcome) => {
    const {judgement} = outcome
    if (outcome.type === 'judged') {
      run.judged(item, outcome.judgement, outcome.by, {known: outcome.known === true})
    } else {
      const {observed, next} = judgement
      terminal.outcome({verdict: 'waiting', title: item.title, observed, next})
    }
  }
  try {
    const open: PolicyItem[] = []
    for (const item of items) {
      if (running.signal.aborted) break
      const outcome = await judge(item, unattendedPrompter)
      if (outcome.type === 'waiting' && prompter.interactive && outcome.unusable !== true)
        open.push(item)
      else tell(item, outcome)
    }
    // Nobody is asked for what the machine refuses anyway, or what it is too early for.
    const asks = ![...found.values()].some(isRefused)
    for (const item of open) {
      if (running.signal.aborted) break
      const outcome = asks ? await judge(item, prompter) : found.get(item)
      if (outcome !== undefined) tell(item, outcome)
    }
    // What somebody elsewhere was to do may have been done while others were asked.
    if (asks && open.length > 0) {
      for (const [item, outcome] of [...found]) {
        if (!isAwaited(outcome) || running.signal.aborted) continue
        tell(item, await judge(item, prompter))
      }
    }
  } finally {
    await opened.close()
  }
  return items.flatMap((item) => {
    const outcome = found.get(item)
    return outcome === undefined ? [] : [{item, outcome}]
  })
}

/** Read, and not so: asking people changes nothing about it. */
const isRefused = (outcome: JudgedOutcome): boolean =>
  outcome.type === 'judged' &&
  outcome.by === null &&
  outcome.judgement.verdict !== 'pass' &&
  !isAwaited(outcome)

/** Unknown as long as a person elsewhere has not done their part. */
const isAwaited = ({type, judgement}: JudgedOutcome): boolean =>
  type === 'judged' && judgement.verdict === 'unknown' && judgement.awaited === true

/** Several outcomes as one end: false or unknown blocks before missing people or time pause. */
export function endOfItems(found: readonly FoundItem[]): End {
  const blocked: Text[] = []
  const waiting: Text[] = []
  let earliest: string | null = null
  for (const {item, outcome} of found) {
    const {verdict, observed, earliest: when} = outcome.judgement
    if (outcome.type === 'judged' && holds(verdict)) continue
    const missing = outcome.type === 'waiting' && outcome.unusable !== true
    const timeOnly = outcome.type === 'judged' && when !== undefined
    if (timeOnly && (earliest === null || when > earliest)) earliest = when
    ;(missing || timeOnly ? waiting : blocked).push(titled(item, observed))
  }
  if (blocked.length > 0) return {type: 'blocked', reasons: [...blocked, ...waiting]}
  return waiting.length === 0 ? passed : {type: 'waiting', reasons: waiting, earliest}
}

/** What was refused, if anything was: false, and not only too early. */
export function firstRefusal(found: readonly FoundItem[]): Text | null {
  const refused = found.find(
    ({outcome: {type, judgement}}) =>
      type === 'judged' && judgement.verdict === 'fail' && judgement.earliest === undefined,
  )
  return refused === undefined ? null : titled(refused.item, refused.outcome.judgement.observed)
}

/** True where an item holds already in this run, or does not apply. */
export function isAnswered({run}: Pick<Running, 'run'>, {id}: Pick<PolicyItem, 'id'>): boolean {
  return holds(run.state().items.get(id)?.verdict)
}

/** An item's title, and what was observed of it. */
export const titled = ({title}: Pick<PolicyItem, 'title'>, observed: Text): Text => ({
  fr: `${title} : ${inLang(observed, 'fr')}`,
  en: `${title}: ${inLang(observed, 'en')}`,
})
