// The prerequisites: all, every time. A blocked start names all that are missing, not the first.

import type {PolicyItem} from '../../policy/runbook.ts'
import type {End, Running} from '../running.ts'
import {endOfItems, judgeItems} from './judge-items.ts'

/** Judges `items` and journals each outcome; passed, waiting (only people or time), or blocked. */
export async function judgePrerequisites(
  running: Running,
  items: readonly PolicyItem[],
): Promise<End> {
  const fences = running.session.runbook.phases.flatMap((phase) => phase.fences)
  return endOfItems(await judgeItems(running, items, {fences, step: 'prerequisites'}))
}

/** The prerequisites whose evidence is older than the runbook allows. */
export function staleItems({run, session}: Running): PolicyItem[] {
  const now = session.world.clock.now().getTime()
  return session.runbook.prerequisites.filter((item) => {
    const known = run.state().items.get(item.id)
    return known === undefined || (known.by === null && now - Date.parse(known.at) > item.maxAgeMs)
  })
}
