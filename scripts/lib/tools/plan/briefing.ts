// What a plan tells, as a flight briefing: what holds, what would run, who is needed, how long, what is written.

import type {JsonOutput} from '../../domain/json-outputs.ts'
import {marked} from '../../domain/mark.ts'
import {contentLines} from '../../domain/release-content.ts'
import {inLang, type Lang, type Text} from '../../domain/text.ts'
import {frenchDuration} from '../../domain/times.ts'
import type {Session} from '../../run/session.ts'
import {askedLine} from './asked.ts'
import type {LikelyDuration} from './duration.ts'

export type PlannedItem = Plan['phases'][number]['items'][number]

export type Plan = JsonOutput<'plan'>

export function printPlan({terminal, runbook, world}: Session, plan: Plan): void {
  const {heading, outcome, say} = terminal
  const fr = terminal.lang === 'fr'
  heading(
    marked(
      world.mark,
      `${runbook.title} · ${plan.checkpoint.tag} (${plan.checkpoint.commit.slice(0, 7)})`,
    ),
  )
  say(
    plan.rehearsal === null
      ? {
          fr: 'Plan : rien n’est écrit, rien n’est exécuté ; les contrôles en lecture seule sont réels.',
          en: 'Plan: nothing is written or executed; the read-only checks are real.',
        }
      : {
          fr: 'Plan : rien n’est écrit ; les contrôles en lecture seule sont réels, et le reset répété sur STAGING est annulé.',
          en: 'Plan: nothing is written; the read-only checks are real, and the reset rehearsed on STAGING is rolled back.',
        },
  )
  const {path, origin, sha256} = plan.runbook
  const whose = {
    project: {fr: 'du projet', en: 'the project’s'},
    bundle: {fr: 'de Postgate', en: 'Postgate’s'},
  }
  say({
    fr: `Runbook : ${path} (${whose[origin].fr}, SHA-256 ${sha256})`,
    en: `Runbook: ${path} (${whose[origin].en}, SHA-256 ${sha256})`,
  })
  if (plan.contents !== null) printContents({terminal}, plan.contents)
  heading({fr: 'Pré-requis', en: 'Prerequisites'})
  for (const {title, state, observed, next} of plan.prerequisites)
    outcome({verdict: stateOf(state), title, observed, next: next ?? undefined})
  for (const {number, title, mode, items} of plan.phases) {
    heading(
      `Phase ${number}${fr ? ' ' : ''}: ${title} (${fr && mode === 'EXECUTIVE' ? 'EXÉCUTIF' : mode})`,
    )
    for (const {title: item, name, commands} of items) {
      say(
        `  - ${item}${name === '' ? (fr ? ' (attesté par une personne)' : ' (attested by a person)') : ''}`,
      )
      for (const command of commands) say(`      ${inLang(command, terminal.lang)}`)
    }
  }
  heading({fr: 'Personnes attendues', en: 'People needed'})
  for (const item of plan.asked) say(askedLine(item))
  for (const word of plan.confirmations)
    say({fr: `  - confirme en écrivant : ${word}`, en: `  - confirms by typing: ${word}`})
  if (plan.roles.length > 0)
    say({fr: `  - décide : ${plan.roles.join(', ')}`, en: `  - decides: ${plan.roles.join(', ')}`})
  heading({fr: 'Durée', en: 'Duration'})
  say(durationLine(plan.duration))
  heading({fr: 'Abandon ou retour arrière si', en: 'Aborts or rolls back when'})
  for (const title of plan.abort) say(`  - ${title}`)
  heading({fr: 'Ce qui serait écrit', en: 'What would be written'})
  for (const path of plan.writes) say(`  - ${path}`)
  heading('Notifications')
  if (plan.notifications.length === 0)
    say({fr: '  aucun canal : personne n’est prévenu', en: '  no channel: nobody is told'})
  for (const {channel, state, observed, next} of plan.notifications) {
    // It is told, and stops nothing.
    const verdict = state === 'pass' ? 'pass' : 'waiting'
    outcome({...{verdict, title: channel, observed}, next: next ?? undefined})
  }
  if (plan.rehearsal !== null) {
    const {state, observed, next} = plan.rehearsal
    heading(rehearsalTitle)
    outcome({
      ...{verdict: stateOf(state), title: inLang(rehearsalTitle, terminal.lang)},
      ...{observed, next: next ?? undefined},
    })
  }
  heading(
    plan.exit === 0
      ? {fr: 'Peut commencer', en: 'Could start'}
      : {
          fr: `Bloqué par : ${missing(plan, 'fr').join(' ; ')}`,
          en: `Blocked by: ${missing(plan, 'en').join('; ')}`,
        },
  )
}

const commitsShown = 15

/** Each group up to a bound; `--json` has all that is listed. */
function printContents(
  {terminal: {heading, lang, say}}: Pick<Session, 'terminal'>,
  contents: NonNullable<Plan['contents']>,
): void {
  heading({fr: 'Ce que cette version apporte', en: 'What this release brings'})
  say(contentLines({...contents, first: []})[0] ?? '')
  for (const {heading: title, entries} of contents.changelog) {
    say(`  CHANGELOG.md${title === '' ? '' : ` · ${title}`}`)
    for (const entry of entries) say(`    - ${entry}`)
  }
  for (const {title, commits} of contents.groups) {
    say(`  ${inLang(title, lang)}`)
    for (const {sha, subject, authors = []} of commits.slice(0, commitsShown))
      say(
        `    - ${sha.slice(0, 7)} ${subject}${authors.length === 0 ? '' : ` (${authors.join(', ')})`}`,
      )
  }
  const listed = contents.groups.map(({commits}) => Math.max(0, commits.length - commitsShown))
  const more = listed.reduce((sum, count) => sum + count, contents.more)
  if (more > 0) say({fr: `    … et ${more} autres`, en: `    … and ${more} more`})
}

const missing = ({prerequisites, rehearsal}: Plan, lang: Lang): string[] => [
  ...prerequisites
    .filter(({state}) => state === 'fail' || state === 'unknown')
    .map(({title}) => title),
  ...(rehearsal === null || rehearsal.state === 'pass' ? [] : [inLang(rehearsalTitle, lang)]),
]

const rehearsalTitle: Text = {fr: 'Répétition du reset', en: 'Rehearsal of the reset'}

function durationLine({last, waits}: LikelyDuration): Text {
  const asked = frenchDuration(waits)
  if (last === null) {
    const fr = '  aucun succès de ce scénario n’est enregistré'
    const en = '  no success of this scenario is recorded'
    if (waits === 0) return {fr, en}
    return {
      fr: `${fr} ; au moins ${asked} de mesures et de surveillance, que le runbook demande`,
      en: `${en}; at least ${asked} of measuring and watching, which the runbook asks for`,
    }
  }
  const fr = `  la dernière fois : ${frenchDuration(last)}`
  const en = `  the last time: ${frenchDuration(last)}`
  if (waits === 0) return {fr, en}
  return {
    fr: `${fr}, dont ${asked} de mesures et de surveillance`,
    en: `${en}, of which ${asked} measuring and watching`,
  }
}

function stateOf(state: string): 'pass' | 'fail' | 'unknown' | 'not-applicable' | 'waiting' {
  switch (state) {
    case 'pass':
    case 'fail':
    case 'not-applicable':
    case 'waiting':
      return state
    default:
      return 'unknown'
  }
}
