// Opens what a run needs beside its session: the run itself, its lease, who answers, and the guard.

import {pasting} from '../../base/called-as.ts'
import type {RunKind} from '../../domain/event.ts'
import {marked} from '../../domain/mark.ts'
import {Problem, problem} from '../../domain/problem.ts'
import type {Text} from '../../domain/text.ts'
import {openRefsGuard} from '../../guard/refs/refs-guard.ts'
import type {RemoteLooks} from '../../store/git/remote-look.ts'
import {type Answers, noAnswers} from '../asking/answers.ts'
import {announcingOpenQuestions} from '../asking/open-question.ts'
import {type Prompter, terminalPrompter, unattendedPrompter} from '../asking/prompt.ts'
import type {Interruption} from '../ending/interruption.ts'
import type {Running} from '../running.ts'
import {isInteractive, type Session} from '../session.ts'
import {validatedTags} from '../validated-tags.ts'
import {openRunHere} from './live-file.ts'
import {rememberOperator} from './operator.ts'
import {startRun, takeOver} from './start.ts'

/** Starts, resumes or takes over, as the arguments say. */
export async function openRunning(session: Session, {signal, now}: Interruption): Promise<Running> {
  const {args} = session
  const open = openRunHere(session)
  if (args.abort !== undefined && open === null && args.takeOver === undefined) throw nothingOpen()
  const kind = kindOf(args)
  if (kind === 'drill' && open === null && args.takeOver === undefined) {
    await (await import('../ending/drill.ts')).assertRehearsable(session)
  }
  const answers = await answersOf(session)
  // Who runs it is who an answers file says runs it; else whom git knows here.
  const account = session.world.operator
  const named = answers.operator.name || account
  const operator = {operator: named, ...(named !== account && {account})}
  const starting = {
    ...{kind, operator},
    ...(args.rollback !== undefined && {reason: args.rollback}),
  }
  const {run, lease, resumed} =
    args.takeOver === undefined
      ? await startRun(session, starting)
      : await takeOver(session, args.takeOver, starting)
  session.terminal.heading(titleOf(session, run.state().run, resumed))
  const {terminal, world} = session
  const prompter = isInteractive(args)
    ? announcingOpenQuestions(
        lookingAnew(
          terminalPrompter({
            ...{terminal, operator: world.operator, interrupt: now},
            complete: pasting(world),
          }),
          world.repository.looks,
        ),
        {
          run,
          tell: (title) => stillAsked(running, title),
          answered: () => lease.syncSoon(run.journal.text),
        },
      )
    : unattendedPrompter
  const running: Running = {
    ...{session, run, lease, answers, prompter, signal},
    guard: await openRefsGuard({...session, validated: await validatedTags(session)}),
    announce: async (occasion) => (await import('../ending/notify.ts')).announce(running, occasion),
  }
  await rememberOperator(running, now)
  return running
}

/** A person takes their time: what the remote said before the question serves no more. */
const lookingAnew = (prompter: Prompter, looks: RemoteLooks): Prompter => ({
  ...prompter,
  attest: (question) => prompter.attest(question).finally(looks.forget),
  type: (question) => prompter.type(question).finally(looks.forget),
})

/** Other clones see the journal as it is now, and the team what is waited for. */
async function stillAsked(running: Running, title: string): Promise<void> {
  const {announce} = await import('../ending/notify.ts')
  await announce(running, 'pause', {asked: [title]})
  await running.lease.sync(running.run.journal.text()).catch((error: unknown) => {
    if (!(error instanceof Problem)) throw error
  })
}

function kindOf({exit, rollback}: Session['args']): RunKind {
  if (exit) return 'exit'
  if (rollback === undefined) return 'scenario'
  return rollback === 'drill' ? 'drill' : 'rollback'
}

function titleOf({runbook, checkpoint, world}: Session, run: string, resumed: boolean): Text {
  const {tag, commit} = checkpoint
  const title = marked(world.mark, `${runbook.title} · ${tag} (${commit.slice(0, 7)})`)
  return {
    fr: `${title} · ${resumed ? 'reprise de ' : ''}${run}`,
    en: `${title} · ${resumed ? 'resuming ' : ''}${run}`,
  }
}

async function answersOf(session: Session): Promise<Answers> {
  const {args, standIns} = session
  const file = args.answers ?? (isInteractive(args) ? undefined : standIns?.answersFile)
  if (file === undefined) return noAnswers
  try {
    const {answersFor} = await import('../asking/answers-file.ts')
    return await answersFor(session, file)
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
