// The post-mortem of a rollback in production: the facts are the machine's, the causes and actions are
// people's. `missingFields` says what they still owe.

import {deploymentStartedAt, recorded} from '../recorded.ts'
import {recoveryOf} from '../recovery.ts'
import type {RunState} from '../run.ts'
import {countErrors, rateOf} from '../statistics.ts'
import {
  between,
  day,
  frenchCount,
  frenchDuration,
  frenchNumber,
  frenchPercent,
  utc,
} from '../times.ts'
import type {ViewInput} from './input.ts'
import {itemTitle, without} from './outcomes.ts'
import {reportView} from './report.ts'
import {runEndedAt, sentence} from './trace.ts'
import {fr} from './words.ts'

export function postMortemView(input: ViewInput) {
  const {state, names} = input
  const path = names.postMortem ?? `${names.folder}/post-mortem.md`
  return {
    ...reportView({...input, names: {...names, report: path}}),
    report: names.report === null ? '' : (names.report.split('/').at(-1) ?? ''),
    reviewBefore: day(businessDaysLater(runEndedAt(state), 5)),
    detection: detection(input),
    ...times(state),
    impact: impact(state),
  }
}

function detection({state, runbook}: ViewInput): string {
  const [trigger] = state.triggers
  if (trigger !== undefined) {
    const title = itemTitle(runbook, trigger.item, trigger.trigger)
    return `automatique, par le déclencheur « ${title} » (${without(title, sentence(fr(trigger.observed)))})`
  }
  const incident = state.incidents.find(({severity}) => severity === 'critical')
  if (incident !== undefined)
    return `signalée par ${incident.by ?? 'automatique'} : ${fr(incident.what)}`
  return state.rollback === null ? '' : `par une personne : ${fr(state.rollback.why)}`
}

/** TTD, TTM and TTR count from the first sign of harm, or from the deployment where there was none. */
function times(state: RunState) {
  const {impactAt, detectedAt, mitigatedAt, provenAt} = recoveryOf(state)
  const since = (at: string | null) =>
    at === null ? 'non atteint' : frenchDuration(between(impactAt, at))
  const moment = (at: string | null) => (at === null ? 'non atteint' : utc(at))
  return {
    deployedAt: moment(deploymentStartedAt(state)),
    impactStart: moment(impactAt),
    detectedAt: moment(detectedAt),
    mitigatedAt: moment(mitigatedAt),
    resolvedAt: moment(provenAt),
    ttd: since(detectedAt),
    ttm: since(mitigatedAt),
    ttr: since(provenAt),
  }
}

/** With numerator and denominator, from the deployment to the end of the rollback. */
function impact(state: RunState): string {
  const from = deploymentStartedAt(state)
  const to = state.rollback?.finished?.at ?? runEndedAt(state)
  const counts = countErrors(state.samples.filter(({at}) => at >= (from ?? '9') && at <= to))
  const rate = rateOf(counts)
  const watch = recorded(state, 'watch')
  const exposed = from === null ? '' : `, pendant ${frenchDuration(between(from, to))} d’exposition`
  if (rate === null) {
    if (watch === undefined || watch.samples === 0) return `inconnu : aucune mesure${exposed}`
    return `${frenchCount(watch.errors, 'requête', 'requêtes', 'aucune requête')} en erreur sur ${frenchNumber(watch.samples)}, soit ${frenchPercent(watch.errors / watch.samples)}${exposed}`
  }
  return `${frenchCount(counts.errors, 'requête', 'requêtes', 'aucune requête')} en erreur sur ${frenchNumber(counts.requests)}, soit ${frenchPercent(rate)}${exposed}`
}

function businessDaysLater(from: string, days: number): Date {
  const at = new Date(from)
  for (let left = days; left > 0; ) {
    at.setUTCDate(at.getUTCDate() + 1)
    if (at.getUTCDay() % 6 !== 0) left -= 1
  }
  return at
}

const marker = /<!--\s*à remplir\s*:\s*([^>]*?)\s*-->/giu

/**
 * The mandatory fields (`<!-- à remplir: NAME -->`) of a post-mortem that nobody has filled in, in
 * document order. With the template, a field whose marker was deleted is missing too.
 */
export function missingFields(source: string, template = ''): string[] {
  const text = source.normalize('NFC')
  const values = new Map<string, string>()
  for (const match of text.matchAll(marker)) values.set(match[1] ?? '', valueAfter(text, match))
  const wanted = [...template.normalize('NFC').matchAll(marker)].map((match) => match[1] ?? '')
  const gone = wanted.filter((name) => !values.has(name))
  const empty = [...values].filter(([, value]) => !isFilledIn(value)).map(([name]) => name)
  return [...new Set([...empty, ...gone])]
}

/** On the marker's line where something stands before it (a list item), else up to the next heading or marker. */
function valueAfter(text: string, match: RegExpExecArray | RegExpMatchArray): string {
  const start = match.index ?? 0
  const after = text.slice(start + match[0].length)
  const before = text.slice(text.lastIndexOf('\n', start - 1) + 1, start)
  if (before.trim() !== '') return after.split('\n', 1)[0] ?? ''
  const end = after.search(/^#{1,6} |<!--/m)
  return end < 0 ? after : after.slice(0, end)
}

const placeholders = /_à remplir_|\bà (remplir|compléter)\b|\b(TODO|TBD|FIXME|XXX)\b/iu

function isFilledIn(value: string): boolean {
  if (placeholders.test(value)) return false
  return /[\p{L}\p{N}]/u.test(withoutTableHeads(value))
}

/** The head of a table says nothing yet. */
const withoutTableHeads = (value: string) =>
  value.replace(/^\s*\|.*\|\s*\r?\n\s*\|[\s:|-]+\|\s*$/gm, '')
