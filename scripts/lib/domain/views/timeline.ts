// The run's course as people tell it: a table of what happened, and a Mermaid timeline of its main
// moments, by phase.

import {escapeMermaid} from '../../documents/escape.ts'
import type {Event} from '../event.ts'
import {authorOf} from '../fold.ts'
import type {RunState} from '../run.ts'
import {natureOf} from '../step-nature.ts'
import type {Text} from '../text.ts'
import {frenchDuration, utc, utcTime} from '../times.ts'
import type {RunbookData} from './input.ts'
import {itemTitle, without, withoutCommand} from './outcomes.ts'
import {sentence} from './trace.ts'
import {
  fr,
  modeName,
  occasionName,
  resultName,
  severityName,
  verdictMark,
  verdictName,
  who,
} from './words.ts'

export interface Moment {
  readonly at: string
  readonly what: string
  readonly who: string
  /** The few words of it that stand in the diagram; '' for what is no main moment. */
  readonly short: string
  readonly phase: string
}

/** What happened, in order; judgements only where they were no pass. */
export function moments(state: RunState, runbook: RunbookData): Moment[] {
  const stepTitles = new Map(
    runbook.items.filter(({kind}) => kind === 'step').map(({name, title}) => [name, title]),
  )
  const titles: Titles = {
    step: (step) => stepTitles.get(step) ?? step,
    item: (id, otherwise) => itemTitle(runbook, id, otherwise),
    shown: (observed) => withoutCommand(state, fr(observed)),
  }
  const found: Moment[] = []
  const fired = new Map(
    state.events.flatMap((event, index) =>
      event.type === 'trigger-fired' ? [[event.item, index] as const] : [],
    ),
  )
  const said = new Map<string, string>()
  let phase = 'Départ'
  for (const [index, event] of state.events.entries()) {
    const before = state.events[index - 1]
    if (toldByPerson(event, before) || toldByStep(event, before)) continue
    if (toldByTrigger(event, (item) => (fired.get(item) ?? -1) > index)) continue
    if (toldBefore(event, said)) continue
    if (event.type === 'phase-started') phase = event.title
    if (event.type === 'rollback-started') phase = 'Rollback'
    if (event.type === 'run-decided') phase = 'Décision'
    const told = tell(event, titles, state.started.operator)
    if (told !== null) found.push({at: event.at, phase, short: '', who: '', ...told})
  }
  return found
}

/** The outcome of a step that a person answered stands right behind their answer: told once. */
const toldByPerson = (event: Event, before: Event | undefined): boolean =>
  event.type === 'step-finished' &&
  before?.type === 'item-judged' &&
  before.by !== null &&
  fr(before.observed) === fr(event.observed)

/** A judgement whose step says the same right before it: told once. */
const toldByStep = (event: Event, before: Event | undefined): boolean =>
  event.type === 'item-judged' &&
  event.by === null &&
  before?.type === 'step-finished' &&
  fr(before.observed) === fr(event.observed)

/** The judgement of a criterion that fires behind it; a process may die between the two. */
const toldByTrigger = (event: Event, firesLater: (item: string) => boolean): boolean =>
  event.type === 'item-judged' && event.by === null && firesLater(event.item)

/** A resume judges every prerequisite again: one that says what it said is its own line once. */
function toldBefore(event: Event, said: Map<string, string>): boolean {
  if (event.type !== 'item-judged') return false
  const {item, verdict, observed, by} = event
  const words = [verdict, fr(observed), by === null ? '' : who(by)].join('\n')
  const before = said.get(item)
  said.set(item, words)
  return before === words
}

type Told = Pick<Moment, 'what'> & Partial<Pick<Moment, 'who' | 'short'>>

interface Titles {
  readonly step: (step: string) => string
  readonly item: (id: string, otherwise: string) => string
  readonly shown: (observed: Text) => string
}

function tell(event: Event, {step, item, shown}: Titles, operator: string): Told | null {
  switch (event.type) {
    case 'run-started':
      return {what: `Départ de l’exécution ${event.run}`, who: event.operator, short: 'Départ'}
    case 'run-resumed':
      return {what: `Reprise : ${fr(event.note)}`, who: `${event.operator} sur ${event.machine}`}
    case 'run-taken-over':
      return {
        what: `Reprise en main depuis ${event.from} : ${event.why}`,
        who: `${event.operator} sur ${event.machine}`,
        short: 'Reprise en main',
      }
    case 'phase-started':
      return {
        what: `Phase « ${event.title} » (${modeName[event.mode]})`,
        short: `Début, ${modeName[event.mode]}`,
      }
    case 'phase-confirmed':
      return {what: `Confirmé en tapant « ${event.typed} »`, who: who(event.by), short: 'Confirmé'}
    case 'item-judged':
      if (event.verdict === 'pass' && event.by === null) return null
      return {
        what: `${verdictMark[event.verdict]} ${event.title} : ${fr(event.observed)}`,
        who: who(event.by),
      }
    case 'step-finished': {
      const attempt = event.attempt > 1 ? `, tentative ${event.attempt}` : ''
      const took = `${frenchDuration(event.durationMs)}${attempt}`
      const end = `${verdictMark[event.verdict]} ${step(event.step)}`
      return {
        what: `${end} (${verdictName[event.verdict]}, ${took}) : ${shown(event.observed)}`,
        who: 'automatique',
        short: isMain(event) ? `${step(event.step)} : ${verdictName[event.verdict]}` : '',
      }
    }
    case 'incident-recorded':
      return {
        what: `Incident ${severityName[event.severity]} : ${fr(event.what)}${event.declaredAt === undefined ? '' : ` (déclaré le ${utc(event.declaredAt)})`}`,
        who: authorOf(event) ?? 'automatique',
        short: `Incident ${severityName[event.severity]} : ${fr(event.what)}`,
      }
    case 'trigger-fired':
      return {
        what: `🔴 Déclencheur « ${item(event.item, event.trigger)} » : ${without(item(event.item, event.trigger), fr(event.observed))}`,
        short: item(event.item, event.trigger),
      }
    case 'rollback-started':
      return {
        what:
          event.kind === 'trigger'
            ? 'Rollback décidé'
            : `Rollback décidé : ${sentence(fr(event.why))}`,
        who: event.kind === 'trigger' ? 'automatique' : operator,
        short: 'Rollback décidé',
      }
    case 'rollback-finished':
      return {
        what: `Fin du rollback : ${fr(event.observed)}`,
        short: `Rollback : ${rollbackResult[event.result]}`,
      }
    case 'run-paused':
      return {
        what: `Pause, en attente de : ${event.waitingFor.map(fr).join(', ')}`,
        short: 'Pause',
      }
    case 'run-decided':
      return {
        what: `${resultName[event.result]} : ${fr(event.why)}`,
        short: resultName[event.result],
      }
    case 'notified':
      return {
        what: `${verdictMark[event.verdict]} Notification « ${occasionName[event.what] ?? event.what} » par ${event.channel} : ${fr(event.observed)}`,
      }
    case 'phase-finished':
    case 'step-intended':
    case 'child-started':
    case 'child-ended':
    case 'fact-recorded':
    case 'samples-taken':
    case 'documents-written':
    case 'documents-committed':
    case 'run-tagged':
    case 'documents-pushed':
    case 'run-ended':
      return null
    default: {
      const never: never = event
      return never
    }
  }
}

function isMain(event: Extract<Event, {type: 'step-finished'}>): boolean {
  const {deploys, owes} = natureOf(event)
  return event.verdict !== 'pass' || deploys === true || owes === 'database'
}

const rollbackResult = {
  verified: 'vérifié',
  unverified: 'non vérifié',
  failed: 'en échec',
  'nothing-to-do': 'sans objet',
} as const

const longest = 48

/** Source of a Mermaid `timeline` of the main moments; '' where there are fewer than two. */
export function timelineDiagram(all: readonly Moment[]): string {
  const main = all.filter(({short}) => short !== '').slice(0, 40)
  if (main.length < 2) return ''
  const lines = ['timeline', '  title Déroulement (heures UTC)']
  let phase = ''
  for (const moment of main) {
    if (moment.phase !== phase) lines.push(`  section ${escapeMermaid(moment.phase)}`)
    phase = moment.phase
    lines.push(
      `    ${escapeMermaid(utcTime(moment.at))} : ${escapeMermaid(shortened(moment.short))}`,
    )
  }
  return lines.join('\n')
}

export const timelineRows = (all: readonly Moment[]) =>
  all.map(({at, what, who}) => ({at: utc(at), what, who}))

function shortened(text: string): string {
  const characters = [...text]
  return characters.length <= longest ? text : `${characters.slice(0, longest - 1).join('')}…`
}
