// A run that stops for now: paused where only people or time are missing, else blocked.

import {inLang, type Text} from '../../domain/text.ts'
import {discardRun} from '../opening/live-file.ts'
import type {End, Running} from '../running.ts'
import {isInteractive, type Session} from '../session.ts'
import {announce} from './notify.ts'

/** Nothing more can be done now: says what is missing. Before the first effect nothing stays behind. */
export async function stop(
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
      fr: `  répondre : sur un terminal, ou par --answers FICHIER, dont le début s’obtient par npx zx scripts/${session.scenario}.ts --answers-template`,
      en: `  to answer: on a terminal, or with --answers FILE, begun by npx zx scripts/${session.scenario}.ts --answers-template`,
    })
  terminal.say(nextCommand(session))
  if (waiting && effects && !running.signal.aborted)
    await announce(running, 'pause', {asked: end.reasons.map((reason) => inLang(reason, 'fr'))})
  if (effects) {
    if ((await lease.sync(run.journal.text())) !== 'synced') terminal.warn(notSent)
  } else {
    await lease.releaseEmpty()
    if (!waiting) discardRun(session)
  }
  terminal.result('run', {
    run: run.state().run,
    state: waiting ? 'paused' : 'blocked',
    reasons: end.reasons,
    earliest: waiting ? end.earliest : null,
  })
  return waiting ? 4 : 3
}

const notSent: Text = {
  fr: 'le dépôt distant ne répond pas : cet état n’est connu que de ce poste',
  en: 'the remote does not answer: this state is known to this machine alone',
}

function nextCommand({scenario}: Session): Text {
  const command = `npx zx scripts/${scenario}.ts`
  return {
    fr: `  suite : ${command} (la même commande reprend là où elle en est)`,
    en: `  next: ${command} (the same command goes on from here)`,
  }
}
