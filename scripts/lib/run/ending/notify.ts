// Tells the team what happens. A notification that fails is journalled as an open item and shown; it
// never stops a run, and is never swallowed.

import {runbookData} from '../../derive/derive.ts'
import {plainText} from '../../documents/plain.ts'
import {documentNames} from '../../domain/document-names.ts'
import {fold} from '../../domain/fold.ts'
import type {DocumentNames, ViewInput} from '../../domain/views/input.ts'
import {notificationView} from '../../domain/views/notification.ts'
import type {Occasion} from '../../kit/ports/notify.ts'
import {asked} from '../judging/judge.ts'
import {openPhaseContext, type Running} from '../running.ts'

const titles: Readonly<Record<Occasion, string>> = {
  start: 'Début',
  pause: 'En attente d’une personne',
  trigger: 'Critère d’abandon déclenché',
  rollback: 'Retour à la version précédente',
  end: 'Fin',
  freeze: 'Gel de la release',
}

/** Sends once per occasion (a pause each time) through every configured channel. */
export async function announce(
  running: Running,
  occasion: Occasion,
  text?: string,
  names?: DocumentNames,
): Promise<void> {
  const {session, run} = running
  const told = run
    .state()
    .events.some((event) => event.type === 'notified' && event.what === occasion)
  if (session.project.notify.length === 0 || (told && occasion !== 'pause')) return
  // A short word to the team is not cut off by who interrupts the run.
  const opened = await openPhaseContext(
    {...running, signal: new AbortController().signal},
    {
      mode: 'READ-ONLY',
      fences: [],
      step: () => 'notify',
      attempt: 1,
    },
  )
  try {
    const input: ViewInput = {
      state: fold(run.journal.events()),
      runbook: runbookData(session.runbook).data,
      names: names ?? documentNames(run.state()),
    }
    // A reason typed by the operator comes here without having been in the journal.
    const written = await rendered(running, notificationView(input, titles[occasion], text))
    const body = session.mask.mask(plainText(written))
    for (const notifier of await opened.context.adapters.notifiers()) {
      const judgement = await asked(() =>
        notifier.send({
          occasion,
          title: titles[occasion],
          text: body,
          run: run.state().run,
          link: session.project.repository.url ?? null,
        }),
      )
      run.append({
        type: 'notified',
        what: occasion,
        channel: notifier.product,
        verdict: judgement.verdict,
        observed: judgement.observed,
      })
      if (judgement.verdict !== 'pass') {
        session.terminal.outcome({
          verdict: judgement.verdict,
          title: `${titles[occasion]} (${notifier.product})`,
          observed: judgement.observed,
        })
      }
    }
  } finally {
    await opened.close()
  }
}

async function rendered(
  {session}: Running,
  view: ReturnType<typeof notificationView>,
): Promise<string> {
  const {renderTemplate} = await import('../../documents/template.ts')
  const {source, path} = await session.policy.file('templates/notification.md')
  return renderTemplate(source, path, view)
}
