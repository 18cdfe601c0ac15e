// A scenario's command, from its start to its exit code: start or resume, go on, undo, finish.

import {setMaxListeners} from 'node:events'
import type {RunResult} from '../domain/event.ts'
import {Problem, problem} from '../domain/problem.ts'
import {inLang, type Text} from '../domain/text.ts'
import {type Answers, noAnswers, readAnswers} from './answers.ts'
import {factOf} from './context-of.ts'
import {drill, inheritDeployment} from './drill.ts'
import {finish} from './finish.ts'
import {discardRun, openRunHere} from './live-file.ts'
import {mayBeLive} from './machine-bound.ts'
import {announce} from './notify.ts'
import {judgePrerequisites} from './prerequisites.ts'
import {lockProject} from './project-lock.ts'
import {nobody, terminalPrompter} from './prompt.ts'
import {openRefsGuard} from './refs-guard.ts'
import {answersMaxAge} from './rules.ts'
import {unanswered} from './run-incident.ts'
import type {RunKind} from './run-opened.ts'
import {runPhases, settleDeployment} from './runner.ts'
import {type End, interruptedByOperator, type Running} from './running.ts'
import {sameProject} from './same-project.ts'
import {isInteractive, type Session} from './session.ts'
import {startRun, takeOver} from './start.ts'
import {runStep} from './step.ts'
import {undo} from './undo.ts'

const exitCodes: Readonly<Record<RunResult, number>> = {
  succeeded: 0,
  exited: 0,
  'drill-passed': 0,
  aborted: 1,
  'rolled-back': 1,
  'rollback-failed': 1,
  'drill-failed': 1,
}

/** Runs the scenario as the arguments say. Answers the exit code of DESIGN §4. */
export async function runScenario(session: Session, only?: string): Promise<number> {
  const lock = await lockProject(session)
  const interruption = interruptible(session)
  try {
    const running = await open(session, interruption.signal)
    return await goOn(running, only)
  } finally {
    interruption.stop()
    await lock.release()
  }
}

async function open(session: Session, signal: AbortSignal): Promise<Running> {
  const {args} = session
  const open = openRunHere(session)
  if (args.abort !== undefined && open === null && args.takeOver === undefined) throw nothingOpen()
  const kind = kindOf(args)
  const answers = await answersOf(session)
  const {run, lease, resumed} =
    args.takeOver === undefined
      ? await startRun(session, {kind, ...(args.rollback !== undefined && {reason: args.rollback})})
      : await takeOver(session, args.takeOver)
  session.terminal.heading(titleOf(session, run.state().run, resumed))
  const prompter = isInteractive(args) ? terminalPrompter(session.terminal) : nobody
  return {session, run, lease, answers, prompter, guard: await openRefsGuard(session), signal}
}

function kindOf({exit, rollback}: Session['args']): RunKind {
  if (exit) return 'exit'
  if (rollback === undefined) return 'scenario'
  return rollback === 'drill' ? 'drill' : 'rollback'
}

function titleOf({runbook, checkpoint, world}: Session, run: string, resumed: boolean): Text {
  const sandbox = world.sandbox ? 'SANDBOX · ' : ''
  const {tag, commit} = checkpoint
  return {
    fr: `${sandbox}${runbook.title} · ${tag} (${commit.slice(0, 7)}) · ${resumed ? 'reprise de ' : ''}${run}`,
    en: `${sandbox}${runbook.title} · ${tag} (${commit.slice(0, 7)}) · ${resumed ? 'resuming ' : ''}${run}`,
  }
}

async function answersOf(session: Session): Promise<Answers> {
  const {args, sandbox, checkpoint, world} = session
  const file =
    args.answers ?? (sandbox === null || isInteractive(args) ? undefined : sandbox.answersFile)
  if (file === undefined) return noAnswers
  try {
    return await readAnswers(file, {
      tag: checkpoint.tag,
      now: world.clock.now(),
      maxAgeMs: await answersMaxAge(session),
    })
  } catch (error) {
    // Undoing is never locked: answers that do not serve are left out, and said so.
    if (args.rollback === undefined || !(error instanceof Problem)) throw error
    session.terminal.warn(error.parts.what)
    return noAnswers
  }
}

function nothingOpen() {
  return problem({
    what: {fr: 'Aucune exécution n’est ouverte ici.', en: 'No run is open here.'},
    next: {
      fr: 'voir les dernières : npx zx scripts/status.ts',
      en: 'see the last ones: npx zx scripts/status.ts',
    },
    exit: 3,
  })
}

/** Goes on where the journal ends, in the order: decided, undoing, asked to undo, forward. */
async function goOn(running: Running, only: string | undefined): Promise<number> {
  const {session, run} = running
  const {args} = session
  const state = run.state()
  if (state.decided !== null) return conclude(running, state.decided.result, state.decided.why)
  if (state.kind === 'drill') return rehearse(running)
  if (state.kind === 'exit') return leaveFreeze(running)
  if (state.rollback !== null)
    return goBack(running, {kind: state.rollback.kind, why: state.rollback.why})
  if (args.rollback !== undefined || state.kind === 'rollback') {
    if (state.kind === 'rollback') await inheritDeployment(running)
    return goBack(running, {kind: 'request', why: args.rollback ?? state.started.reason ?? ''})
  }
  if (args.abort !== undefined) return giveUp(running, args.abort)
  // What fired is undone first, whatever the prerequisites say by now.
  const [fired] = state.triggers
  const why = fired?.observed ?? unanswered(state)
  if (why !== null) return giveUp(running, why)
  return forward(running, only)
}

async function forward(running: Running, only: string | undefined): Promise<number> {
  const {session, run} = running
  const settled = run.state().effects
  if (session.sandbox !== null) {
    await (await import('./approvals/in-sandbox.ts')).approveInSandbox(session)
  }
  const known = await settleDeployment(running)
  if (running.signal.aborted) return stop(running, interruptedByOperator)
  if (known.type === 'failed') return giveUp(running, known.why)
  if (known.type !== 'passed') return stop(running, known)
  session.terminal.heading({fr: 'Pré-requis', en: 'Prerequisites'})
  const ready = await judgePrerequisites(running, session.runbook.prerequisites)
  if (running.signal.aborted) return stop(running, interruptedByOperator)
  if ((ready.type === 'waiting' || ready.type === 'blocked') && !deployed(running))
    return stop(running, ready)
  if (!settled) await running.lease.sync(run.journal.text())
  await announce(running, 'start')
  const end = await runPhases(running, only)
  if (running.signal.aborted) return stop(running, interruptedByOperator)
  switch (end.type) {
    case 'passed':
      return only === undefined
        ? conclude(running, 'succeeded', {
            fr: 'tous les critères de succès tiennent',
            en: 'every success criterion holds',
          })
        : phaseDone(running)
    case 'failed':
      return giveUp(running, end.why)
    case 'waiting':
    case 'blocked':
      return stop(running, end)
    default:
      return end satisfies never
  }
}

// After a deployment a prerequisite that no longer holds does not keep the validation from finishing.
const deployed = ({run}: Running) => mayBeLive(run.state())

async function phaseDone(running: Running): Promise<number> {
  await running.lease.sync(running.run.journal.text())
  running.session.terminal.say({
    fr: 'Phase terminée ; la même commande du scénario continue.',
    en: 'Phase finished; the scenario’s command goes on.',
  })
  return 0
}

/** Before a deployment: aborted. After one: back to the previous version. */
async function giveUp(running: Running, why: Text): Promise<number> {
  const {run} = running
  if (run.state().deploymentAttempted)
    return goBack(running, {
      kind: running.session.args.abort === undefined ? 'trigger' : 'request',
      why,
    })
  return conclude(running, 'aborted', why)
}

async function goBack(
  running: Running,
  how: {kind: 'trigger' | 'request' | 'drill'; why: Text},
): Promise<number> {
  if (how.kind === 'trigger') await announce(running, 'trigger', inLang(how.why, 'fr'))
  const undone = await undo(running, how)
  if (undone.result === 'interrupted') return stop(running, interruptedByOperator)
  await announce(running, 'rollback', inLang(undone.observed, 'fr'))
  return conclude(
    running,
    undone.result === 'verified' ? 'rolled-back' : 'rollback-failed',
    how.why,
  )
}

async function rehearse(running: Running): Promise<number> {
  const {passed, why} = await drill(running)
  if (running.signal.aborted && !passed) return stop(running, interruptedByOperator)
  return conclude(running, passed ? 'drill-passed' : 'drill-failed', why)
}

async function conclude(running: Running, result: RunResult, why: Text): Promise<number> {
  const {run, lease, session} = running
  if (!run.state().effects && result === 'aborted') {
    session.terminal.warn({
      fr: `Abandonné avant tout effet : ${inLang(why, 'fr')}`,
      en: `Aborted before any effect: ${inLang(why, 'en')}`,
    })
    await lease.releaseEmpty()
    discardRun(session)
    session.terminal.result({
      ...{run: run.state().run, state: 'ended', result, why},
      ...{documents: [], tag: null, merge: null},
    })
    return exitCodes[result]
  }
  await finish(running, result, why)
  return exitCodes[result]
}

/** The end of a freeze: the exit procedure's steps, then the record. A gate that no longer holds is exit 3. */
async function leaveFreeze(running: Running): Promise<number> {
  const {session, run, lease} = running
  for (const step of session.rollback?.steps ?? []) {
    const item = session.runbook.rollback.items.find(({name}) => name === step.id)
    if (item === undefined) continue
    const end = await runStep(running, step, {
      phase: 'exit',
      mode: 'READ-ONLY',
      item,
      fences: [],
      attemptsMax: 1,
      undoing: false,
    })
    if (end.type === 'waiting' || end.type === 'blocked') return stop(running, end)
    if (end.type === 'failed') {
      await lease.releaseEmpty()
      discardRun(session)
      throw problem({what: {fr: 'Rien à terminer.', en: 'Nothing to end.'}, why: end.why, exit: 3})
    }
  }
  const holds = factOf(run.state(), 'freeze-exit')?.holds === true
  await finish(
    running,
    'exited',
    holds
      ? {fr: 'le gate tient : A ou B peut suivre', en: 'the gate holds: A or B may follow'}
      : {
          fr: 'du code a changé : un nouveau Release Gate est requis',
          en: 'code has changed: a new Release Gate is required',
        },
  )
  return holds ? 0 : 3
}

/** Nothing more can be done now: says what is missing. Before the first effect nothing stays behind. */
async function stop(
  running: Running,
  end: Extract<End, {type: 'waiting' | 'blocked'}>,
): Promise<number> {
  const {session, run, lease} = running
  const {terminal} = session
  const waiting = end.type === 'waiting'
  const {effects} = run.state()
  if (waiting || effects)
    run.append({
      type: 'run-paused',
      waitingFor: end.reasons,
      earliest: waiting ? end.earliest : null,
    })
  terminal.heading(waiting ? {fr: 'En attente', en: 'Paused'} : {fr: 'Bloqué', en: 'Blocked'})
  for (const reason of end.reasons)
    terminal.say({fr: `  - ${inLang(reason, 'fr')}`, en: `  - ${inLang(reason, 'en')}`})
  if (waiting && end.earliest !== null)
    terminal.say({fr: `  au plus tôt : ${end.earliest}`, en: `  at the earliest: ${end.earliest}`})
  if (waiting && !isInteractive(session.args))
    terminal.say({
      fr: '  répondre : sur un terminal, ou par --answers FICHIER (docs/guide.md)',
      en: '  to answer: on a terminal, or with --answers FILE (docs/guide.md)',
    })
  terminal.say(nextCommand(session))
  if (waiting && effects && !running.signal.aborted)
    await announce(running, 'pause', end.reasons.map((reason) => inLang(reason, 'fr')).join(' ; '))
  if (effects) await lease.sync(run.journal.text())
  else {
    await lease.releaseEmpty()
    if (!waiting) discardRun(session)
  }
  terminal.result({
    run: run.state().run,
    state: waiting ? 'paused' : 'blocked',
    reasons: end.reasons,
    earliest: waiting ? end.earliest : null,
  })
  return waiting ? 4 : 3
}

function nextCommand({scenario, world}: Session): Text {
  const command = `npx zx scripts/${scenario}.ts${sameProject(world)}`
  return {
    fr: `  suite : ${command} (la même commande reprend là où elle en est)`,
    en: `  next: ${command} (the same command goes on from here)`,
  }
}

/** Ctrl-C and SIGTERM pause: what runs is ended, its intent stays in the journal, the next start settles it. */
function interruptible({terminal}: Session): {signal: AbortSignal; stop: () => void} {
  const controller = new AbortController()
  // Every request of a proof listens to it.
  setMaxListeners(0, controller.signal)
  const onSignal = () => {
    terminal.warn({fr: 'interruption : mise en pause…', en: 'interrupted: pausing…'})
    controller.abort(new Error('interrupted'))
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return {
    signal: controller.signal,
    stop: () => {
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
    },
  }
}
