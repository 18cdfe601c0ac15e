// The refs before and after a step's effect, here and on the remote: the guard that cannot be walked around.

import type {Text} from '../../domain/text.ts'
import type {RefsSnapshot} from '../../guard/refs/snapshot.ts'
import type {Running} from '../running.ts'
import {once} from './standing.ts'
import type {Acting, StepPlace} from './step-place.ts'

/** The name under which the guard keeps what it saw before one attempt. */
export const actOf = ({run}: Running, {phase}: StepPlace, step: Acting, attempt: number) =>
  `${run.state().run}/${phase}/${step.id}/${attempt}`

/** Compares the refs with `before`: what others did is noted, what nobody may do is an incident. What
 * could not be compared is noted too, and compared before success is said. */
export async function violated(running: Running, before: RefsSnapshot): Promise<Text | null> {
  const compared = await running.guard.compare(before)
  for (const remark of [...compared.remarks, ...compared.unknowns]) once(running, remark, 'minor')
  for (const violation of compared.violations) once(running, violation, 'critical')
  return compared.violations[0] ?? null
}
