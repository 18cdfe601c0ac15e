// Refs before and after each effect, between two steps, and before success is said: main has only moved
// forward, and every validated tag stands where it stood, here and on the remote. How
// they stood travels with the journal.

import {factRecorded} from '../../domain/facts.ts'
import {recorded} from '../../domain/recorded.ts'
import {inLang, join, type Text} from '../../domain/text.ts'
import type {RefsState} from '../../guard/refs/refs-guard.ts'
import type {RefsSnapshot} from '../../guard/refs/snapshot.ts'
import type {End, Running} from '../running.ts'
import {recordIncident} from './run-incident.ts'
import type {Acting, StepPlace} from './step-place.ts'

export interface RefsVerdict {
  /** What nobody may do, an incident already; null where nothing happened. */
  readonly violation: Text | null
  /** What could not be compared; null where everything was. */
  readonly unknown: Text | null
}

/** Compares, notes what was found, and keeps how things stand now for the next look. `own`: the
 * checkpoint's tag has to be on its commit too. `again`: the remote is asked anew. */
export async function compareRefsState(
  running: Running,
  {own = true, again = false} = {},
): Promise<RefsVerdict> {
  const {run, guard, session} = running
  const known = recorded(run.state(), 'refs-standing') ?? atStart(running)
  const found = await guard.standing(known, {again})
  for (const remark of found.remarks) recordIncidentOnce(running, remark, 'minor')
  const moved = own ? ownMoved(session.checkpoint, found.own) : []
  const violations = [...found.violations, ...(found.violations.length > 0 ? [] : moved)]
  for (const violation of violations) recordIncidentOnce(running, violation, 'critical')
  const [first] = violations
  if (first !== undefined) return {violation: first, unknown: null}
  if (JSON.stringify(known) !== JSON.stringify(found.now))
    run.append(factRecorded('refs-standing', found.now))
  const unknown = found.unknowns.length === 0 ? null : join(found.unknowns, ' ; ')
  if (unknown !== null) recordIncidentOnce(running, unknown, 'minor')
  return {violation: null, unknown}
}

/** A journal that never looked knows main as it was when the run began. */
function atStart({run, session}: Running): RefsState | null {
  const {main} = run.state().started
  if (main === '') return null
  const {branch, remote} = session.world.repository
  const began = {[`refs/heads/${branch}`]: main}
  return remote === null
    ? {clone: null, here: began, remote: null, unread: null}
    : {clone: null, here: {}, remote: began, unread: null}
}

function ownMoved(
  {tag, commit}: {readonly tag: string; readonly commit: string},
  own: {readonly here: string | null; readonly remote: string | null | undefined},
): Text[] {
  const wrong = [own.here, own.remote].some((each) => each !== undefined && each !== commit)
  if (!wrong) return []
  const short = commit.slice(0, 12)
  return [
    {
      fr: `le tag ${tag} n’est plus sur ${short}`,
      en: `the tag ${tag} is no longer on ${short}`,
    },
  ]
}

/** What is still so at the next look is no second incident. */
export function recordIncidentOnce(
  running: Running,
  what: Text,
  severity: 'minor' | 'critical',
): void {
  const known = running.run
    .state()
    .incidents.some((each) => inLang(each.what, 'fr') === inLang(what, 'fr'))
  if (!known) recordIncident(running, what, severity)
}

/** Nothing EXECUTIVE begins where main was rewritten or a validated tag has moved. Whether the remote
 * answers and the lease is ours, the push of the intent says. */
export async function mayAct(
  running: Running,
  place: StepPlace,
  step: Acting,
): Promise<End | null> {
  if (place.undoing || step.local || place.mode === 'READ-ONLY') return null
  const {violation, unknown} = await compareRefsState(running)
  if (violation !== null) return {type: 'failed', why: violation}
  return unknown === null ? null : {type: 'blocked', reasons: [unknown]}
}

/** The name under which the guard keeps what it saw before one attempt. */
export const effectName = ({run}: Running, {phase}: StepPlace, step: Acting, attempt: number) =>
  `${run.state().run}/${phase}/${step.id}/${attempt}`

/** Compares the refs with `before`: what others did is noted, what nobody may do is an incident. What
 * could not be compared is noted too, and compared before success is said. */
export async function refsViolation(running: Running, before: RefsSnapshot): Promise<Text | null> {
  const compared = await running.guard.compare(before)
  for (const remark of [...compared.remarks, ...compared.unknowns])
    recordIncidentOnce(running, remark, 'minor')
  for (const violation of compared.violations) recordIncidentOnce(running, violation, 'critical')
  return compared.violations[0] ?? null
}
