// A step that changes something: intended, then done, then the world is looked at. An intent without an
// outcome is unknown until `done` answers: nothing EXECUTIVE happens twice by itself.

import {makeRoom} from '../../base/disk-problem.ts'
import {inLang, join, type Text} from '../../domain/text.ts'
import {fail, type Judgement, unknown} from '../../domain/verdict.ts'
import {commandsOf, type Effect, effectText} from '../../guard/effect.ts'
import type {Context} from '../../kit/context.ts'
import {answerOf} from '../judging/judge.ts'
import {titled} from '../judging/judge-items.ts'
import {type End, interruptedByOperator, type Running} from '../running.ts'
import {type Performed, perform} from './perform.ts'
import {effectName, mayAct, refsViolation} from './refs-state.ts'
import {recordIncident} from './run-incident.ts'
import {askPerson} from './step-ask.ts'
import {finishStep, finishUntouched, stepEnd} from './step-outcome.ts'
import {
  type Acting,
  failedAttempts,
  isOpen,
  knownStep,
  nextAttempt,
  type StepPlace,
} from './step-place.ts'
import {settleEffect} from './step-settle.ts'
import {freshWorktree} from './worktrees.ts'

/** Settles what is open of it, then tries as often as the runbook allows. */
export async function runActStep(
  running: Running,
  step: Acting,
  place: StepPlace,
  context: Context,
): Promise<End> {
  if (isOpen(knownStep(running, step, place))) {
    const end = await settleEffect(running, step, place, context)
    if (end !== null) return end
  }
  for (;;) {
    const attempt = nextAttempt(running, place, step)
    if (attempt > place.attemptsMax) {
      const last = knownStep(running, step, place)
      return stepEnd(place.item, fail(last?.observed ?? {fr: 'échec', en: 'failed'}))
    }
    if (attempt > 1) noteFailure(running, step, place)
    const end = await attemptOnce(running, step, place, {...context, attempt})
    if (end !== null) return end
  }
}

/** Each failed attempt is an incident, once: also where the process died right behind it. */
function noteFailure(running: Running, step: Acting, place: StepPlace): void {
  const failed = failedAttempts(running, place, step).at(-1)
  if (failed === undefined) return
  const {title} = place.item
  const {attempt, observed, seq} = failed
  const what: Text = {
    fr: `${title} : tentative ${attempt} sans succès (${inLang(observed, 'fr')})`,
    en: `${title}: attempt ${attempt} failed (${inLang(observed, 'en')})`,
  }
  const noted = running.run
    .state()
    .events.slice(seq)
    .some((event) => event.type === 'incident-recorded' && inLang(event.what, 'fr') === what.fr)
  if (!noted) recordIncident(running, what, 'minor')
}

async function attemptOnce(
  running: Running,
  step: Acting,
  place: StepPlace,
  context: Context,
): Promise<End | null> {
  const {run, guard} = running
  if (step.freshWorktree) {
    const dirty = await freshWorktree(context, step.id)
    if (dirty !== null) return stepEnd(place.item, dirty)
  }
  if (running.signal.aborted) return interruptedByOperator
  const planned = await planEffects(step, place, context)
  if ('verdict' in planned) return stepEnd(place.item, planned)
  const ready = await mayAct(running, place, step)
  if (ready !== null) return ready
  run.append({
    type: 'step-intended',
    phase: place.phase,
    step: step.id,
    attempt: context.attempt,
    effects: planned.map(effectText),
    nature: place.nature,
  })
  const held = await running.lease.sync(run.journal.text())
  if (held !== 'synced' && !place.undoing && !step.local) {
    const {what, why = ''} = held.parts
    const told = join([what, why], ' ')
    const observed: Text = {
      fr: `pas commencé : ${inLang(told, 'fr')}`,
      en: `not started: ${inLang(told, 'en')}`,
    }
    finishUntouched(running, place, {attempt: context.attempt, observed, durationMs: 0})
    return {type: 'blocked', reasons: [observed]}
  }
  const before = await guard.before(effectName(running, place, step, context.attempt))
  const began = performance.now()
  const results = await perform(running, planned, {
    step: step.id,
    limitMs: place.item.timeLimitMs,
  })
  const judgement = await answerOf(() =>
    step.done(context, place.item.parameters, results.commands),
  )
  const seen = withError(results.stillRunning ? orUnknown(judgement) : judgement, results)
  const violation = await refsViolation(running, before)
  // Cut off is not failed: the intent stays, and the next start asks the world what became of it.
  if (running.signal.aborted && seen.verdict !== 'pass' && violation === null)
    return interruptedByOperator
  // No fault of the release: what did not happen waits for a person to make room.
  if (results.lacksRoom && judgement.verdict === 'fail' && violation === null) {
    const {observed} = seen
    const durationMs = Math.round(performance.now() - began)
    finishUntouched(running, place, {attempt: context.attempt, observed, durationMs})
    return {type: 'blocked', reasons: [titled(place.item, told([observed, makeRoom]))]}
  }
  const final = violation === null ? seen : fail(violation)
  finishStep(running, place, {
    judgement: final,
    durationMs: Math.round(performance.now() - began),
    attempt: context.attempt,
  })
  running.lease.syncSoon(run.journal.text)
  if (violation !== null) return {type: 'failed', why: violation}
  if (final.verdict === 'fail' && context.attempt < place.attemptsMax) return null
  if (final.verdict === 'unknown' && final.attestable !== undefined)
    return askPerson(running, place, context, final)
  return stepEnd(place.item, final)
}

/** The effects of an attempt; a judgement where they cannot be said, or the runbook does not authorise them. */
async function planEffects(
  step: Acting,
  place: StepPlace,
  context: Context,
): Promise<readonly Effect[] | Judgement> {
  try {
    const effects = [await step.act(context, place.item.parameters)].flat()
    for (const each of effects.flatMap(commandsOf)) {
      const answer = await each.authorisation()
      if (!answer.ok) {
        return unknown({
          fr: `commande non autorisée par le runbook : ${each.text} (${inLang(answer.reason, 'fr')})`,
          en: `command not authorised by the runbook: ${each.text} (${inLang(answer.reason, 'en')})`,
        })
      }
    }
    return effects
  } catch (error) {
    return answerOf(() => Promise.reject(error))
  }
}

/** What is not so yet may be so in a minute: no failure, and nothing to try again. */
const orUnknown = (judgement: Judgement): Judgement =>
  judgement.verdict === 'fail' ? unknown(judgement.observed) : judgement

/** The verdict is the world's; what the command said is told beside it, first where it failed: it is the cause. */
function withError(judgement: Judgement, {error, next}: Performed): Judgement {
  if (error === null) return judgement
  const {observed, verdict} = judgement
  if (verdict === 'pass') return {...judgement, observed: told([observed, error])}
  return {...judgement, ...(next !== undefined && {next}), observed: told([error, observed])}
}

const told = (texts: readonly Text[]): Text => ({
  fr: texts.map((each) => inLang(each, 'fr')).join(' ; '),
  en: texts.map((each) => inLang(each, 'en')).join('; '),
})
