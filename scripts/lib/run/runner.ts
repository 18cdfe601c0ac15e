// Takes a run through its phases: announce, confirm, steps, triggers; then the success criteria. It
// always goes on where the journal ends.

import type {Text} from '../domain/text.ts'
import type {Phase, Step} from '../kit/definition.ts'
import type {PolicyItem, PolicyPhase} from '../policy/runbook.ts'
import {words} from '../words/observed.ts'
import {type DueItems, dueItems, tooEarly} from './judging/due.ts'
import {endOfItems, firstRefusal, isAnswered, judgeItems} from './judging/judge-items.ts'
import {judgePrerequisites, staleItems} from './judging/prerequisites.ts'
import {firedTrigger} from './judging/triggers.ts'
import {type End, interruptedByOperator, openPhaseContext, passed, type Running} from './running.ts'
import {hasActed, hasPassed, isConfirmed, isFinished, mayBeLive} from './stepping/machine-bound.ts'
import {compareRefsState} from './stepping/refs-state.ts'
import {runStep} from './stepping/step.ts'
import type {StepPlace} from './stepping/step-place.ts'
import {settleOpen} from './stepping/step-settle.ts'

/** Runs what is left of the scenario, up to its success criteria. `only`: stops behind that phase. */
export async function runPhases(running: Running, only?: string): Promise<End> {
  const {session, run} = running
  const wanted = only === undefined ? -1 : session.phases.findIndex(({id}) => id === only)
  for (const [index, phase] of session.phases.entries()) {
    if (isFinished(run.state(), phase)) continue
    // What passed on another machine passes again: only what lay there is made anew.
    if (index < wanted && !hasPassed(run.state(), phase)) {
      return {
        type: 'blocked',
        reasons: [
          {
            fr: `la phase ${phase.number} n’est pas passée`,
            en: `phase ${phase.number} has not passed`,
          },
        ],
      }
    }
    if (only !== undefined && index > wanted) return passed
    const end = await runPhase(running, phase)
    if (end.type !== 'passed') return end
  }
  return only === undefined ? untriggeredSuccess(running) : passed
}

/** No criterion of success holds over an abort criterion: somebody may have declared an incident while the
 * run waited for people, or while they answered. */
async function untriggeredSuccess(running: Running): Promise<End> {
  const before = await firedEnd(running)
  if (before !== null) return before
  const end = await judgeSuccess(running)
  if (running.signal.aborted) return interruptedByOperator
  return (await firedEnd(running)) ?? end
}

async function firedEnd(running: Running): Promise<End | null> {
  const fired = running.run.state().effects ? await firedTrigger(running) : null
  return fired === null ? null : {type: 'failed', why: fired}
}

async function runPhase(running: Running, phase: Phase): Promise<End> {
  const {session, run} = running
  const written = session.runbook.phases.find(({number}) => number === phase.number)
  if (written === undefined) throw new Error(`lint let the missing phase ${phase.number} pass`)
  const mode = written.mode ?? phase.mode
  const title: Text = {
    fr: `Phase ${written.number} : ${written.title} (${mode === 'EXECUTIVE' ? 'EXÉCUTIF' : mode})`,
    en: `Phase ${written.number}: ${written.title} (${mode})`,
  }
  session.terminal.heading(title)
  if (!run.state().phases.some((each) => each.phase === phase.id)) {
    run.append({type: 'phase-started', phase: phase.id, title: written.title, mode})
  }
  if (mode === 'EXECUTIVE') {
    const ready = await confirmed(running, {phase, written})
    if (ready.type !== 'passed') return ready
  }
  const due = dueItems(running, written)
  try {
    for (const item of written.items) {
      const end = await runItem(running, {phase, written, due}, item)
      if (running.signal.aborted) return interruptedByOperator
      const fired = await firedEnd(running)
      if (fired !== null) return fired
      if (end.type !== 'passed') return end
    }
  } finally {
    await due.close()
  }
  run.append({type: 'phase-finished', phase: phase.id})
  return passed
}

/** A phase of the scripts, as the runbook has it. */
interface Place {
  readonly phase: Phase
  readonly written: PolicyPhase
  readonly due?: DueItems
}

/** Evidence that is too old is taken again; then a person types the name. What has happened by then is
 * confirmed no second time: what would be told of it is no longer so. */
async function confirmed(running: Running, place: Place): Promise<End> {
  const {phase} = place
  const {session, run, answers, prompter} = running
  // Once users have the new version, old evidence is no reason to keep it from being judged.
  const old = mayBeLive(run.state()) ? [] : staleItems(running)
  if (old.length > 0) {
    const end = await judgePrerequisites(running, old)
    if (end.type === 'blocked' && run.state().effects)
      return {type: 'failed', why: end.reasons[0] ?? ''}
    if (end.type !== 'passed') return end
  }
  if (isConfirmed(run.state(), phase.id)) return passed
  const known = await settleActs(running, place, () => true)
  if (known.type !== 'passed') return known
  if (hasActed(run.state(), phase)) return passed
  const expected =
    phase.confirm === 'tag'
      ? session.checkpoint.tag
      : (session.environment ?? session.scenario).toUpperCase()
  const message: Text = {
    fr: `Phase EXÉCUTIVE. Pour la commencer, écrire ${expected}`,
    en: `An EXECUTIVE phase. To begin it, type ${expected}`,
  }
  const told = await toldBefore(running, phase)
  for (const text of told) session.terminal.say(words`  ${text}`)
  const typed =
    answers.confirmation(phase.id, phase.confirm ?? 'environment', session.scenario) ??
    (await prompter.type({message, expected}))
  if (typed !== expected) {
    const reason: Text = {
      fr: `${phase.id} : confirmation attendue, écrire ${expected}`,
      en: `${phase.id}: a confirmation is awaited, type ${expected}`,
    }
    return {type: 'waiting', reasons: [reason], earliest: null}
  }
  const {role, name} = answers.operator
  run.append({
    type: 'phase-confirmed',
    phase: phase.id,
    typed,
    ...(told.length > 0 && {told}),
    by: {role: role || 'operator', name: name || session.world.operator, how: 'declared'},
  })
  return passed
}

/** What the phase says of itself; read as it is now, and changing nothing. */
async function toldBefore(running: Running, phase: Phase): Promise<readonly Text[]> {
  if (phase.announces === undefined) return []
  const opened = await openPhaseContext(running, {
    mode: 'READ-ONLY',
    fences: [],
    step: () => 'told',
    attempt: 1,
  })
  try {
    return await phase.announces(opened.context)
  } finally {
    await opened.close()
  }
}

async function runItem(running: Running, place: Place, item: PolicyItem): Promise<End> {
  if (item.kind !== 'step') return judgeOne(running, item, place)
  const step = place.phase.steps.find(({id}) => id === item.name)
  if (step === undefined) throw new Error(`lint let the unknown step ${item.name} pass`)
  if (item.optional && notWanted(running, item)) return passed
  running.session.terminal.doing(item.title)
  return runStep(running, step, placeOf(running, place, {step, item}))
}

const placeOf = (
  running: Running,
  {phase, written, due}: Place,
  {step, item}: {step: Step; item: PolicyItem},
): StepPlace => ({
  phase: phase.id,
  mode: written.mode ?? phase.mode,
  item,
  nature: step.nature ?? {},
  fences: written.fences,
  ...(due && {due: due.look}),
  attemptsMax: attemptsOf(running, item.name),
  undoing: false,
})

/**
 * A deployment that was cut off is looked at before anything else: what the host says decides whether
 * it is judged, tried again (with what it needs made anew on this machine), or put to a person.
 */
export async function settleDeployment(running: Running): Promise<End> {
  const {session, run} = running
  for (const phase of session.phases) {
    const written = session.runbook.phases.find(({number}) => number === phase.number)
    if (written === undefined) continue
    const end = await settleActs(running, {phase, written}, ({nature}) => nature?.deploys === true)
    if (end.type !== 'passed') return end
  }
  // Nothing is made anew for a deployment that is not to be tried again.
  const {deploymentAttempted} = run.state()
  const fired = deploymentAttempted && !mayBeLive(run.state()) ? await firedTrigger(running) : null
  return fired === null ? passed : {type: 'failed', why: fired}
}

/** Asks the world about each act of the phase that is open; what keeps the run from going on. */
async function settleActs(
  running: Running,
  {phase, written}: Place,
  wanted: (step: Step) => boolean,
): Promise<End> {
  for (const step of phase.steps) {
    const item = written.items.find(({kind, name}) => kind === 'step' && name === step.id)
    if (item === undefined || !('act' in step) || !wanted(step)) continue
    const end = await settleOpen(running, step, placeOf(running, {phase, written}, {step, item}))
    if (end !== null && end.type !== 'passed') return end
  }
  return passed
}

/** An optional step that a person declared not applicable, with a reason, is journalled and left out. */
function notWanted({run, answers}: Running, item: PolicyItem): boolean {
  const answer = answers.of(item)
  if (answer?.answer !== 'not-applicable') return false
  if (run.state().items.get(item.id)?.verdict !== 'not-applicable') {
    run.judged(
      item,
      {verdict: 'not-applicable', observed: answer.observed},
      {...answer.by, how: 'declared'},
    )
  }
  return true
}

/** As often as the abort criteria allow (two attempts for build and deployment, unless the runbook says otherwise). */
function attemptsOf({session}: Running, step: string): number {
  const allowed = session.runbook.abort
    .filter(
      ({name, parameters}) =>
        name === 'step-failed' &&
        parameters.step
          ?.split(',')
          .map((each) => each.trim())
          .includes(step),
    )
    .map(({parameters}) => Number(parameters.attempts ?? 1))
  return allowed.length === 0 ? 1 : Math.max(1, ...allowed)
}

/** An item that a person attests, or a check, in the middle of a phase. */
async function judgeOne(running: Running, item: PolicyItem, {written, due}: Place): Promise<End> {
  // The watch may have ended while somebody was still answering.
  await due?.answered()
  if (isAnswered(running, item)) return passed
  return tooEarly(running, item) ?? judgeAll(running, [item], written.fences)
}

async function judgeAll(
  running: Running,
  items: readonly PolicyItem[],
  fences: PolicyPhase['fences'],
): Promise<End> {
  const found = await judgeItems(running, items, {fences, step: 'criteria'})
  const why = firstRefusal(found)
  return why === null ? endOfItems(found) : {type: 'failed', why}
}

/** The success criteria: a refused one undoes the deployment, an unanswered one pauses. */
async function judgeSuccess(running: Running): Promise<End> {
  const {session, run} = running
  session.terminal.heading({fr: 'Critères de succès', en: 'Success criteria'})
  const end = await judgeAll(running, session.runbook.success, [])
  if (end.type !== 'passed') return end
  const {violation, unknown} = await compareRefsState(running, {again: true})
  if (violation !== null) return {type: 'failed', why: violation}
  if (unknown !== null) return {type: 'blocked', reasons: [unknown]}
  for (const item of session.runbook.abort) {
    if (run.state().triggers.some((each) => each.item === item.id)) continue
    run.append({
      type: 'item-judged',
      item: item.id,
      title: item.title,
      verdict: 'pass',
      observed: {fr: 'non déclenché', en: 'not fired'},
      evidence: [],
      by: null,
    })
  }
  return passed
}
