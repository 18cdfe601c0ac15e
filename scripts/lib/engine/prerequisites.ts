// The prerequisites: all, every time. A blocked start names all that are missing, not the first.

import {inLang, type Text} from '../domain/text.ts'
import {judgeItem, type Outcome} from './judge.ts'
import type {PolicyItem} from './runbook.ts'
import {type End, openRoom, passed, type Running} from './running.ts'

/** Judges `items` and journals each outcome; passed, waiting (only people or time), or blocked. */
export async function judgePrerequisites(
  running: Running,
  items: readonly PolicyItem[],
): Promise<End> {
  const {run, session} = running
  const fences = session.runbook.phases.flatMap((phase) => phase.fences)
  const opened = await openRoom(running, {
    mode: 'READ-ONLY',
    fences,
    step: () => 'prerequisites',
    attempt: 1,
  })
  const found: {item: PolicyItem; outcome: Outcome}[] = []
  try {
    for (const item of items) {
      session.terminal.doing(item.title)
      const outcome = await judgeItem(item, {
        context: opened.context,
        catalogue: session.catalogue,
        answers: running.answers,
        prompter: running.prompter,
      })
      found.push({item, outcome})
      if (outcome.type === 'judged')
        run.judged(item, outcome.judgement, outcome.by, outcome.notApplicable)
      else
        session.terminal.outcome({
          verdict: 'waiting',
          title: item.title,
          observed: outcome.judgement.observed,
          next: outcome.judgement.next,
        })
    }
  } finally {
    await opened.close()
  }
  return together(found)
}

/** Several outcomes as one end: false or unknown blocks before missing people or time pause. */
export function together(found: readonly {item: PolicyItem; outcome: Outcome}[]): End {
  const blocked: Text[] = []
  const waiting: Text[] = []
  let earliest: string | null = null
  for (const {item, outcome} of found) {
    const {verdict, observed, earliest: when} = outcome.judgement
    if (outcome.type === 'judged' && (verdict === 'pass' || outcome.notApplicable)) continue
    const reason: Text = {
      fr: `${item.title} : ${inLang(observed, 'fr')}`,
      en: `${item.title}: ${inLang(observed, 'en')}`,
    }
    const timeOnly = outcome.type === 'judged' && when !== undefined
    if (timeOnly && (earliest === null || when > earliest)) earliest = when
    ;(outcome.type === 'waiting' || timeOnly ? waiting : blocked).push(reason)
  }
  if (blocked.length > 0) return {type: 'blocked', reasons: [...blocked, ...waiting]}
  return waiting.length === 0 ? passed : {type: 'waiting', reasons: waiting, earliest}
}

/** The prerequisites whose evidence is older than the runbook allows. */
export function stale({run, session}: Running): PolicyItem[] {
  const now = session.world.clock.now().getTime()
  return session.runbook.prerequisites.filter((item) => {
    const known = run.state().items.get(item.id)
    return known === undefined || (known.by === null && now - Date.parse(known.at) > item.maxAgeMs)
  })
}
