// A step that a person answers: because it is a question, or because the world could not be made out.

import type {Judgement} from '../../domain/verdict.ts'
import type {Context} from '../../kit/context.ts'
import type {PolicyItem} from '../../policy/runbook.ts'
import {judgeItem} from '../judging/judge.ts'
import {titled} from '../judging/judge-items.ts'
import {recordFacts} from '../opening/live-run.ts'
import type {End, Running} from '../running.ts'
import {stepEnd} from './step-outcome.ts'
import type {StepPlace} from './step-place.ts'

/** `found`: what the machine made out, and a named person may settle with a reason. */
export async function askPerson(
  {run, answers, prompter, session}: Running,
  place: StepPlace,
  context: Context,
  found?: Judgement,
): Promise<End> {
  const item: PolicyItem = {
    ...place.item,
    kind: 'attest',
    ...(found !== undefined && {parameters: attestation(found)}),
  }
  const outcome = await judgeItem(item, {
    ...{context, catalogue: session.catalogue, answers, prompter},
    ...(found === undefined ? {asks: true} : {settles: found}),
  })
  if (outcome.type === 'waiting') {
    const why = titled(place.item, outcome.judgement.observed)
    return outcome.unusable === true
      ? {type: 'blocked', reasons: [why]}
      : {type: 'waiting', reasons: [why], earliest: null}
  }
  const {judgement, by} = outcome
  // What was measured stays on record beside what a person made of it.
  if (found !== undefined) recordFacts(run.append, found)
  // The item first: what a person said is never taken for the machine's own finding.
  run.judged(place.item, judgement, by, {known: outcome.known === true})
  run.append({
    type: 'step-finished',
    phase: place.phase,
    step: place.item.name,
    attempt: 1,
    // What does not apply holds nothing up: the step is done.
    verdict: judgement.verdict === 'not-applicable' ? 'pass' : judgement.verdict,
    observed: judgement.observed,
    evidence: found?.evidence ?? [],
    durationMs: 0,
    nature: place.nature,
  })
  return stepEnd(place.item, judgement)
}

/** Who may settle an unknown, and that they say why. */
function attestation({attestable}: Judgement): Record<string, string> {
  const roles = attestable?.roles
  return {value: 'reason', ...(roles && {roles: roles.join(',')})}
}
