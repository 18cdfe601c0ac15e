// The deployment report as a view: strings, lists of strings, and switches that say which sections have
// anything to show. Every field is always there, since templates are strict.

import {recorded} from '../recorded.ts'
import {frenchCount, frenchNumber, utc} from '../times.ts'
import {content} from './content.ts'
import {firstPage} from './first-page.ts'
import type {RunbookItem, ViewInput} from './input.ts'
import {evidenceLinks, pathLink} from './links.ts'
import {metrics} from './metrics.ts'
import {outcomeOf, without} from './outcomes.ts'
import {owed} from './owed.ts'
import {
  approvalsSection,
  artifactSection,
  databaseSection,
  deploymentsSection,
  nightlySection,
  rollbackSection,
  smokeSection,
} from './report-facts.ts'
import {phaseRows} from './report-phases.ts'
import {riskRows} from './risks.ts'
import {liveLines, summary} from './summary.ts'
import {moments, timelineDiagram, timelineRows} from './timeline.ts'
import {trace} from './trace.ts'
import {watchSection} from './watch.ts'
import {fr, occasionName, verdictMark, verdictName, who} from './words.ts'

/** Needs `names.report`: links are relative to it. */
export function reportView(input: ViewInput) {
  const {state, runbook, names} = input
  const path = names.report ?? `${names.folder}/report.md`
  const course = moments(state, runbook)
  return {
    ...trace(input),
    summary: summary(input),
    firstPage: formerPage(input),
    page: firstPage(input),
    content: content(input),
    live: liveLines(input),
    owed: owed(state, names.postMortem).map(({what}) => fr(what)),
    prerequisites: itemRows(input, 'prerequisites', path),
    success: itemRows(input, 'success', path),
    abort: abortRows(input),
    phases: phaseRows(input, path),
    rollback: rollbackSection(input, path),
    artifact: artifactSection(input),
    deployments: deploymentsSection(input),
    database: databaseSection(input),
    smoke: smokeSection(input, path),
    nightly: nightlySection(input),
    watch: watchSection(input),
    approvals: approvalsSection(input),
    risks: riskRows(state, runbook),
    notifications: notifications(input),
    resumes: state.resumes.map(({at, note, machine}) => ({at: utc(at), note: fr(note), machine})),
    diagram: timelineDiagram(course),
    timeline: timelineRows(course),
    metrics: metrics(input),
    changes: changes(input),
    documents: documentLinks(input, path),
  }
}

function itemRows(input: ViewInput, section: RunbookItem['section'], path: string) {
  return (
    input.runbook.items
      .filter((item) => item.section === section)
      .map((item) => ({item, outcome: outcomeOf(input.state, item)}))
      // A rollback asks for none of these: what it never came to is nothing to show.
      .filter(({outcome}) => outcome !== undefined || input.state.kind === 'scenario')
      .map(({item, outcome}) => {
        const verdict = outcome?.verdict ?? null
        return {
          title: item.title,
          mark: verdict === null ? '⏳' : verdictMark[verdict],
          verdict: verdict === null ? 'pas atteint' : verdictName[verdict],
          observed: outcome?.observed ?? '',
          who: outcome === undefined ? '' : who(outcome.by),
          at: outcome === undefined ? '' : utc(outcome.at),
          evidence: evidenceLinks(outcome?.evidence ?? [], path),
        }
      })
  )
}

/** A criterion of abort is good when it did not hold: it has words of its own. */
function abortRows({state, runbook}: ViewInput) {
  return runbook.items
    .filter(({section}) => section === 'abort')
    .map((item) => {
      const outcome = outcomeOf(state, item)
      const fired = outcome?.verdict === 'fail'
      return {
        title: item.title,
        status: abortStatus[fired ? 'fail' : (outcome?.verdict ?? 'none')],
        observed: without(item.title, outcome?.observed ?? ''),
        at: outcome === undefined ? '' : utc(outcome.at),
      }
    })
}

const abortStatus = {
  fail: '🔴 déclenché',
  pass: '🟢 non déclenché',
  unknown: '❔ non mesurable',
  'not-applicable': '➖ sans objet',
  none: '⚪ non déclenché, sans mesure enregistrée',
} as const

function notifications({state}: ViewInput) {
  return state.events.flatMap((event) =>
    event.type === 'notified'
      ? [
          {
            at: utc(event.at),
            what: occasionName[event.what] ?? event.what,
            channel: event.channel,
            mark: verdictMark[event.verdict],
            observed: fr(event.observed),
          },
        ]
      : [],
  )
}

/** The first page of templates from before it named the authorisation. */
function formerPage(input: ViewInput) {
  const {state, names} = input
  const {count, since, any} = changes(input)
  const debts = owed(state, names.postMortem)
  return {
    changed: any ? `${count} depuis ${since}` : 'rien qui soit connu',
    deciders: deciders(input).join('\n'),
    owed: frenchCount(debts.length, 'point, listé ci-dessous', 'points, listés ci-dessous', 'rien'),
  }
}

/** Everybody whose word the run rests on, once each, with what they decided. */
function deciders({state, runbook}: ViewInput): string[] {
  const said = new Map<string, string[]>()
  const add = (by: string, what: string) => said.set(by, [...(said.get(by) ?? []), what])
  for (const item of runbook.items) {
    const outcome = outcomeOf(state, item)
    if (outcome?.by != null) add(who(outcome.by), item.title)
  }
  for (const {confirmed, title} of state.phases)
    if (confirmed !== null) add(who(confirmed.by), `phase « ${title} »`)
  const lines = [...said].map(([by, what]) => `${by} : ${what.join(', ')}`)
  return lines.length === 0 ? ['personne n’a été nécessaire'] : lines
}

const mostChanges = 30

function changes({state}: ViewInput) {
  const found = recorded(state, 'changes')
  const all = found?.commits ?? []
  return {
    any: all.length > 0,
    since: found?.since ?? '',
    count: frenchCount(all.length, 'commit', 'commits', 'aucun commit'),
    commits: all
      .slice(0, mostChanges)
      .map(({sha, subject}) => ({sha: sha.slice(0, 7), subject: subject})),
    more: all.length > mostChanges ? frenchNumber(all.length - mostChanges) : '',
  }
}

/** Where the rest of the record stands. */
const documentLinks = ({names}: ViewInput, path: string) =>
  names.listed.map(({title, path: to}) => pathLink(title, to, path))
