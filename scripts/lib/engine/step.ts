// Runs one step. A `read` asks; an `act` is intended, then done, then the world is looked at. An intent
// without an outcome is unknown until `done` answers: nothing EXECUTIVE happens twice by itself.

import type {Mode} from '../domain/event.ts'
import {Problem} from '../domain/problem.ts'
import {machineWord, type RunState, type StepState} from '../domain/run.ts'
import {inLang, type Text} from '../domain/text.ts'
import {fail, type Judgement, unknown} from '../domain/verdict.ts'
import type {Context} from './context.ts'
import type {Step} from './definition.ts'
import type {CommandResult, Effect} from './effect.ts'
import {effectText} from './effect-text.ts'
import {endGroup} from './guard/group.ts'
import type {RefsSnapshot} from './guard/refs.ts'
import {asked, judgeItem} from './judge.ts'
import {recordFacts} from './live-run.ts'
import {mustRedo} from './machine-bound.ts'
import {mainRewritten} from './main-rewritten.ts'
import type {PolicyItem} from './runbook.ts'
import {type End, interruptedByOperator, openRoom, passed, type Running} from './running.ts'
import {freshWorktree} from './worktrees.ts'

export interface StepPlace {
  readonly phase: string
  readonly mode: Mode
  readonly item: PolicyItem
  readonly fences: Parameters<typeof openRoom>[1]['fences']
  /** From the runbook's abort criteria; 1 where they say nothing. */
  readonly attemptsMax: number
  /** A rollback goes on where the remote is away. */
  readonly undoing: boolean
  /** Judges the items of the phase that fell due meanwhile; why one was refused. */
  readonly due?: () => Promise<Text | null>
}

export type Acting = Extract<Step, {act: unknown}>

export async function runStep(running: Running, step: Step, place: StepPlace): Promise<End> {
  const {run} = running
  const known = run.state().steps.get(`${place.phase}/${step.id}`)
  if (
    known?.status === 'finished' &&
    known.verdict === 'pass' &&
    !mustRedo(run.state(), place.phase, step)
  ) {
    stampLeftOut(running, place, known)
    return passed
  }
  const opened = await openRoom(running, {
    mode: place.mode,
    fences: place.fences,
    step: () => step.id,
    attempt: failures(running, place, step) + 1,
    timeLimitMs: place.item.timeLimitMs,
    ...(place.due && {due: place.due}),
  })
  try {
    const {context} = opened
    if (step.when !== undefined && !(await step.when(context))) {
      run.judged(
        place.item,
        {verdict: 'pass', observed: {fr: 'sans objet ici', en: 'not needed here'}},
        null,
        true,
      )
      return passed
    }
    const parameters = place.item.parameters
    if ('read' in step)
      return await finishRead(
        running,
        step,
        place,
        await timed(context, () => asked(() => step.read(context, parameters))),
        context,
      )
    if ('ask' in step) return await askPerson(running, place, context)
    return await act(running, step, place, context)
  } finally {
    await opened.close()
  }
}

/** Asks the world about an effect that was intended and has no outcome. null: none is open, or it had no effect. */
export async function settleOpen(
  running: Running,
  step: Acting,
  place: StepPlace,
): Promise<End | null> {
  if (!isOpen(running.run.state().steps.get(`${place.phase}/${step.id}`))) return null
  const opened = await openRoom(running, {
    mode: place.mode,
    fences: place.fences,
    step: () => step.id,
    attempt: failures(running, place, step) + 1,
    timeLimitMs: place.item.timeLimitMs,
  })
  try {
    return await settle(running, step, place, opened.context)
  } finally {
    await opened.close()
  }
}

/** A process that died between a step's outcome and its item's: the item has the same one. */
function stampLeftOut({run}: Running, {item}: StepPlace, known: StepState): void {
  const verdict = run.state().items.get(item.id)?.verdict
  if (verdict === 'pass' || verdict === 'not-applicable') return
  const {observed, evidence} = known
  run.judged(item, {verdict: 'pass', observed, evidence}, null)
}

interface Timed {
  readonly judgement: Judgement
  readonly durationMs: number
}

/** By the run's own clock: a watch that waited two hours took two hours, also where the machine slept. */
async function timed(context: Context, question: () => Promise<Judgement>): Promise<Timed> {
  const {clock} = context.world
  const began = clock.now().getTime()
  const judgement = await question()
  return {judgement, durationMs: Math.max(0, clock.now().getTime() - began)}
}

async function finishRead(
  running: Running,
  step: Step,
  place: StepPlace,
  {judgement, durationMs}: Timed,
  context: Context,
): Promise<End> {
  if (running.signal.aborted && judgement.verdict !== 'pass') return interruptedByOperator
  if (judgement.verdict === 'unknown' && judgement.attestable !== undefined) {
    return askPerson(running, place, context, judgement)
  }
  finished(running, step.id, place, {
    judgement,
    durationMs,
    attempt: failures(running, place, step) + 1,
  })
  return endOf(place.item, judgement)
}

async function askPerson(
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
  const outcome = await judgeItem(item, {context, catalogue: session.catalogue, answers, prompter})
  if (outcome.type === 'waiting') {
    const why: Text =
      found === undefined
        ? place.item.title
        : {
            fr: `${place.item.title} : ${inLang(found.observed, 'fr')}`,
            en: `${place.item.title}: ${inLang(found.observed, 'en')}`,
          }
    return {type: 'waiting', reasons: [why], earliest: null}
  }
  const {judgement, by} = outcome
  // What was measured stays on record beside what a person made of it.
  if (found !== undefined) recordFacts(run.append, found)
  // The item first: what a person said is never taken for the machine's own finding.
  run.judged(place.item, judgement, by, outcome.notApplicable)
  run.append({
    type: 'step-finished',
    phase: place.phase,
    step: place.item.name,
    attempt: 1,
    verdict: judgement.verdict,
    observed: judgement.observed,
    evidence: found?.evidence ?? [],
    durationMs: 0,
  })
  return endOf(place.item, judgement)
}

/** Who may settle an unknown, and that they say why. */
function attestation({attestable}: Judgement): Record<string, string> {
  const roles = attestable?.roles
  return {value: 'reason', ...(roles && {roles: roles.join(',')})}
}

function endOf(item: PolicyItem, {verdict, observed, earliest}: Judgement): End {
  const why: Text = {
    fr: `${item.title} : ${inLang(observed, 'fr')}`,
    en: `${item.title}: ${inLang(observed, 'en')}`,
  }
  if (verdict === 'pass') return passed
  if (verdict === 'fail') return {type: 'failed', why}
  return earliest === undefined
    ? {type: 'blocked', reasons: [why]}
    : {type: 'waiting', reasons: [why], earliest}
}

function failures({run}: Running, {phase}: StepPlace, step: Step): number {
  return run
    .state()
    .events.filter(
      (event) =>
        event.type === 'step-finished' &&
        event.phase === phase &&
        event.step === step.id &&
        event.verdict === 'fail',
    ).length
}

async function act(
  running: Running,
  step: Acting,
  place: StepPlace,
  context: Context,
): Promise<End> {
  const {run} = running
  if (isOpen(run.state().steps.get(`${place.phase}/${step.id}`))) {
    const end = await settle(running, step, place, context)
    if (end !== null) return end
  }
  for (;;) {
    const attempt = failures(running, place, step) + 1
    if (attempt > 1 && attempt <= place.attemptsMax) noteFailure(running, step, place)
    if (attempt > place.attemptsMax) {
      const last = run.state().steps.get(`${place.phase}/${step.id}`)
      return endOf(place.item, fail(last?.observed ?? {fr: 'échec', en: 'failed'}))
    }
    const end = await attemptOnce(running, step, place, {...context, attempt})
    if (end !== null) return end
  }
}

/** An effect that may have happened: intended, or looked for and not found out. It is never just done again. */
const isOpen = (known: StepState | undefined) =>
  known?.status === 'intended' || (known?.verdict === 'unknown' && known.untouched !== true)

/** Each failed attempt is an incident, once: also where the process died right behind it. */
function noteFailure(running: Running, step: Acting, {phase, item}: StepPlace): void {
  const {events} = running.run.state()
  const last = events.findLastIndex(
    (event) =>
      event.type === 'step-finished' &&
      event.phase === phase &&
      event.step === step.id &&
      event.verdict === 'fail',
  )
  const failed = events[last]
  if (failed?.type !== 'step-finished') return
  const {attempt, observed} = failed
  const what: Text = {
    fr: `${item.title} : tentative ${attempt} sans succès (${inLang(observed, 'fr')})`,
    en: `${item.title}: attempt ${attempt} failed (${inLang(observed, 'en')})`,
  }
  const noted = events
    .slice(last)
    .some((event) => event.type === 'incident-recorded' && inLang(event.what, 'fr') === what.fr)
  if (!noted) incident(running, what, 'minor')
}

/** Asks the world what became of an effect whose outcome was never written. null: no effect; go on. */
async function settle(
  running: Running,
  step: Acting,
  place: StepPlace,
  context: Context,
): Promise<End | null> {
  const {run, session} = running
  const known = run.state().steps.get(`${place.phase}/${step.id}`)
  for (const child of known?.children ?? []) {
    if (child.ended) continue
    session.terminal.progress({
      fr: `fin de la commande interrompue (${child.pid})`,
      en: `ending the interrupted command (${child.pid})`,
    })
    await endGroup({pid: child.pid, birth: child.birth})
  }
  const {judgement, durationMs} = await timed(context, () =>
    asked(() => step.done(context, place.item.parameters, null)),
  )
  const attempt = known?.attempt ?? 1
  const before = running.guard.interrupted(actOf(running, place, step, attempt))
  const violation = before === null ? null : await violated(running, before)
  if (violation !== null) {
    finished(running, step.id, place, {judgement: fail(violation), durationMs, attempt})
    return {type: 'failed', why: violation}
  }
  if (judgement.verdict === 'pass') {
    finished(running, step.id, place, {judgement, durationMs, attempt})
    return passed
  }
  if (judgement.verdict === 'unknown')
    return askPerson(running, place, context, {
      ...judgement,
      attestable: judgement.attestable ?? {},
    })
  const observed: Text = {
    fr: `interrompu ; sans effet (${inLang(judgement.observed, 'fr')})`,
    en: `interrupted; without effect (${inLang(judgement.observed, 'en')})`,
  }
  run.append({
    type: 'step-finished',
    phase: place.phase,
    step: step.id,
    attempt,
    verdict: 'unknown',
    observed,
    evidence: [],
    durationMs,
    untouched: true,
  })
  return null
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
    if (dirty !== null) return endOf(place.item, dirty)
  }
  if (running.signal.aborted) return interruptedByOperator
  const planned = await planEffects(step, place, context)
  if ('verdict' in planned) return endOf(place.item, planned)
  const ready = await mayAct(running, place, step)
  if (ready !== null) return ready
  run.append({
    type: 'step-intended',
    phase: place.phase,
    step: step.id,
    attempt: context.attempt,
    effects: planned.map(effectText),
  })
  const held = await running.lease.sync(run.journal.text())
  if (held === 'remote-away' && !place.undoing && !step.local) {
    const observed: Text = {
      fr: 'pas commencé : le dépôt distant ne répond pas',
      en: 'not started: the remote is away',
    }
    run.append({
      type: 'step-finished',
      phase: place.phase,
      step: step.id,
      attempt: context.attempt,
      verdict: 'unknown',
      observed,
      evidence: [],
      durationMs: 0,
      untouched: true,
    })
    return {type: 'blocked', reasons: [observed]}
  }
  const before = await guard.before(actOf(running, place, step, context.attempt))
  const began = performance.now()
  const results = await perform(running, planned, {
    step: step.id,
    limitMs: place.item.timeLimitMs,
  })
  const judgement = await asked(() => step.done(context, place.item.parameters, results.commands))
  const told = withError(results.stillRunning ? orUnknown(judgement) : judgement, results.error)
  const violation = await violated(running, before)
  // Cut off is not failed: the intent stays, and the next start asks the world what became of it.
  if (running.signal.aborted && told.verdict !== 'pass' && violation === null)
    return interruptedByOperator
  const final = violation === null ? told : fail(violation)
  finished(running, step.id, place, {
    judgement: final,
    durationMs: Math.round(performance.now() - began),
    attempt: context.attempt,
  })
  await running.lease.sync(run.journal.text())
  if (violation !== null) return {type: 'failed', why: violation}
  if (final.verdict === 'fail' && context.attempt < place.attemptsMax) return null
  if (final.verdict === 'unknown' && final.attestable !== undefined)
    return askPerson(running, place, context, final)
  return endOf(place.item, final)
}

const actOf = ({run}: Running, {phase}: StepPlace, step: Step, attempt: number) =>
  `${run.state().run}/${phase}/${step.id}/${attempt}`

/** Compares the refs with `before`: what others did is noted, what nobody may do is an incident. */
async function violated(running: Running, before: RefsSnapshot): Promise<Text | null> {
  const compared = await running.guard.compare(before)
  for (const remark of compared.remarks) incident(running, remark, 'minor')
  for (const violation of compared.violations) incident(running, violation, 'critical')
  return compared.violations[0] ?? null
}

/** Nothing EXECUTIVE begins where the remote is away or the checkpoint's tag has moved. */
async function mayAct(running: Running, place: StepPlace, step: Acting): Promise<End | null> {
  const {session, lease} = running
  if (place.undoing || step.local || place.mode === 'READ-ONLY') return null
  if ((await lease.verify()) === 'remote-away') {
    return {
      type: 'blocked',
      reasons: [
        {
          fr: 'le dépôt distant ne répond pas : rien d’EXÉCUTIF ne commence',
          en: 'the remote is away: nothing EXECUTIVE begins',
        },
      ],
    }
  }
  const rewritten = await mainRewritten(running)
  if (rewritten !== null) {
    incident(running, rewritten, 'critical')
    return {type: 'failed', why: rewritten}
  }
  const {checkpoint, world} = session
  const [here, there] = await Promise.all([
    world.repository.resolveTag(checkpoint.tag),
    world.repository.remoteTag(checkpoint.tag),
  ])
  const moved = [here, world.repository.remote === null ? here : there].some(
    (tag) => tag?.commit !== checkpoint.commit,
  )
  if (!moved) return null
  const why: Text = {
    fr: `le tag ${checkpoint.tag} n’est plus sur ${checkpoint.commit.slice(0, 12)}`,
    en: `the tag ${checkpoint.tag} is no longer on ${checkpoint.commit.slice(0, 12)}`,
  }
  incident(running, why, 'critical')
  return {type: 'failed', why}
}

/** The effects of an attempt; a judgement where they cannot be said, or the runbook does not authorise them. */
async function planEffects(
  step: Acting,
  place: StepPlace,
  context: Context,
): Promise<readonly Effect[] | Judgement> {
  try {
    const effects = [await step.act(context, place.item.parameters)].flat()
    for (const each of effects) {
      if (each.kind !== 'command') continue
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
    return asked(() => Promise.reject(error))
  }
}

interface Performed {
  readonly commands: readonly CommandResult[]
  readonly error: string | null
  /** It took too long and could not be ended: it may still happen. */
  readonly stillRunning?: true
}

/** What is not so yet may be so in a minute: no failure, and nothing to try again. */
const orUnknown = (judgement: Judgement): Judgement =>
  judgement.verdict === 'fail' ? unknown(judgement.observed) : judgement

const tooLong = Symbol('too long')

async function perform(
  {run, session}: Running,
  effects: readonly Effect[],
  {step, limitMs}: {step: string; limitMs: number},
): Promise<Performed> {
  const commands: CommandResult[] = []
  for (const each of effects) {
    session.terminal.progress(effectText(each))
    try {
      if (each.kind === 'code') {
        if ((await within(each.run(), limitMs)) === tooLong)
          return {commands, error: `no end after ${limitMs / 1000} s`, stillRunning: true}
        continue
      }
      const result = await each.run({onLine: (line) => session.terminal.progress(line, undefined)})
      commands.push(result)
      run.append({
        type: 'child-ended',
        step,
        exitCode: result.exitCode,
        durationMs: result.durationMs,
        tail: tailOf(result),
      })
      if (result.exitCode !== 0) return {commands, error: lastLine(result)}
    } catch (error) {
      if (error instanceof Problem && error.parts.exit === 2) throw error
      return {commands, error: error instanceof Error ? error.message : String(error)}
    }
  }
  return {commands, error: null}
}

async function within(work: Promise<void>, limitMs: number): Promise<typeof tooLong | undefined> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<typeof tooLong>((resolve) => {
    timer = setTimeout(() => resolve(tooLong), Math.min(limitMs, 2 ** 31 - 1))
  })
  try {
    return (await Promise.race([work, limit])) ?? undefined
  } finally {
    clearTimeout(timer)
  }
}

const tailOf = ({stdout, stderr}: CommandResult) =>
  `${stdout}\n${stderr}`.trim().split('\n').slice(-20).join('\n').slice(-4_000)

function lastLine(result: CommandResult): string {
  const line = tailOf(result).split('\n').at(-1) ?? ''
  return `exit ${result.exitCode ?? result.signal ?? '?'}${result.timedOut ? ', timed out' : ''}${line === '' ? '' : `: ${line}`}`
}

/** The verdict is the world's; what the command said is told beside it. */
function withError(judgement: Judgement, error: string | null): Judgement {
  if (error === null) return judgement
  const {observed} = judgement
  return {
    ...judgement,
    observed: {
      fr: `${inLang(observed, 'fr')} ; ${error}`,
      en: `${inLang(observed, 'en')}; ${error}`,
    },
  }
}

interface Finished extends Timed {
  readonly attempt: number
}

function finished(
  {run}: Running,
  step: string,
  {phase, item}: StepPlace,
  {judgement, durationMs, attempt}: Finished,
): void {
  recordFacts(run.append, judgement)
  const {verdict, observed, evidence = []} = judgement
  run.append({type: 'step-finished', phase, step, attempt, verdict, observed, evidence, durationMs})
  const {facts: _, ...told} = judgement
  run.judged(item, told, null)
}

/** What the guard found and a dead process could not answer any more: the run does not go on over it. */
export const unanswered = ({incidents}: RunState): Text | null =>
  incidents.find(({severity, by}) => severity === 'critical' && by === machineWord)?.what ?? null

export function incident(
  {run, session}: Running,
  what: Text,
  severity: 'minor' | 'major' | 'critical',
): void {
  run.append({
    type: 'incident-recorded',
    what,
    severity,
    environment: session.environment,
    by: machineWord,
  })
  if (severity !== 'minor') session.terminal.warn(what)
}
