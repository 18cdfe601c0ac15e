// Tells the team what happens. A notification that fails is journalled as an open item and shown; it
// never stops a run, and is never swallowed.

import {machineZone} from '../../base/clock.ts'
import {runbookData} from '../../derive/derive.ts'
import {chatText} from '../../documents/escape.ts'
import {documentNames} from '../../domain/document-names.ts'
import {fold} from '../../domain/fold.ts'
import {withLocalTimes} from '../../domain/local-time.ts'
import type {Occasion} from '../../domain/occasion.ts'
import type {Text} from '../../domain/text.ts'
import type {DocumentNames, ViewInput} from '../../domain/views/input.ts'
import {type NotificationInput, notificationView} from '../../domain/views/notification.ts'
import {filePage} from '../../store/git/web-address.ts'
import {answerOf} from '../judging/judge.ts'
import {webRepository} from '../merge-request.ts'
import {openPhaseContext, type Running} from '../running.ts'

interface Said {
  readonly text?: string
  /** What is waited for. */
  readonly asked?: readonly string[]
  readonly names?: DocumentNames
}

/** Occasions that come again: the others are told once in a run. */
const repeated: readonly Occasion[] = ['pause', 'incident']

/** Sends once per occasion (a pause each time) through every configured channel. */
export async function announce(
  running: Running,
  occasion: Occasion,
  said: Said = {},
): Promise<void> {
  const {session, run} = running
  const told = run
    .state()
    .events.some((event) => event.type === 'notified' && event.what === occasion)
  if (session.project.notify.length === 0 || (told && !repeated.includes(occasion))) return
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
    const {view, link} = await messageOf(running, occasion, said)
    // A reason typed by the operator comes here without having been in the journal.
    const zone = session.project.timezone ?? machineZone()
    const text = chatText(await rendered(running, view))
    const body = session.mask.mask(withLocalTimes(text, zone, {named: true}))
    for (const notifier of await opened.context.adapters.notifiers()) {
      if (!notifier.wants(occasion)) continue
      const judgement = await answerOf(() =>
        notifier.send({
          occasion,
          title: view.title,
          text: body,
          run: run.state().run,
          link,
        }),
      )
      const observed = masked(session, judgement.observed)
      run.append({
        type: 'notified',
        what: occasion,
        channel: notifier.product,
        verdict: judgement.verdict,
        observed,
      })
      if (judgement.verdict !== 'pass') {
        session.terminal.outcome({
          verdict: judgement.verdict,
          title: `${view.title} (${notifier.product})`,
          observed,
        })
      }
    }
  } finally {
    await opened.close()
  }
}

/** What a channel's program says of itself may name what nobody is to read. */
const masked = ({mask}: Running['session'], text: Text): Text =>
  typeof text === 'string' ? mask.mask(text) : {fr: mask.mask(text.fr), en: mask.mask(text.en)}

async function messageOf(running: Running, occasion: Occasion, said: Said) {
  const {session, run} = running
  const input: ViewInput = {
    state: fold(run.journal.events()),
    runbook: runbookData(session.runbook).data,
    names: said.names ?? documentNames(run.state()),
  }
  const repository = await webRepository(session)
  const links = linksOf(running, input.names, repository)
  const telling: NotificationInput = {
    ...{occasion, links},
    ...(said.text !== undefined && {text: said.text}),
    ...(said.asked !== undefined && {asked: said.asked}),
  }
  const report = links.find(({name}) => name === 'Rapport')
  return {view: notificationView(input, telling), link: report?.address ?? repository}
}

/** The site, and once they are pushed the run's documents as the forge shows them. */
function linksOf(
  {session, run}: Running,
  {report, freeze, folder}: DocumentNames,
  repository: string | null,
) {
  const {environment, project} = session
  const site = environment === null ? undefined : project.environments[environment]?.url
  const {pushed} = run.state()
  const page = (name: string, path: string | null) => {
    const address =
      repository === null || pushed === null || path === null
        ? null
        : filePage(repository, {branch: pushed.branch, path})
    return address === null ? [] : [{name, address}]
  }
  return [
    ...(site === undefined ? [] : [{name: 'Site', address: site}]),
    ...page('Rapport', report ?? freeze),
    ...page('Journal de l’exécution', folder),
  ]
}

async function rendered(
  {session}: Running,
  view: ReturnType<typeof notificationView>,
): Promise<string> {
  const {renderTemplate} = await import('../../documents/template.ts')
  const {source, path} = await session.policy.file('templates/notification.md')
  return renderTemplate(source, path, view)
}
