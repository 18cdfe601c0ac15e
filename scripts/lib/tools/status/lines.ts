// The words of a status, one line each, the most pressing first.

import type {Environment, RunResult, Scenario} from '../../domain/event.ts'
import {marked, markOf} from '../../domain/mark.ts'
import {inLang, join, type Lang, type Text} from '../../domain/text.ts'
import {frenchDuration, utcMinute} from '../../domain/times.ts'
import {incidentWords} from '../../words/incidents.ts'
import {counted, percents, processWords, words} from '../../words/observed.ts'
import type {OpenRun, PhaseLine} from './run.ts'
import type {LastRun, ProjectStatus} from './state.ts'

export function statusLines(status: ProjectStatus, scenario?: Scenario): Text[] {
  return [
    head(status),
    ...remoteLines(status),
    ...frozenLines(status),
    ...status.incidents.map((each) => join(['!', incidentWords(each)], ' ')),
    ...(status.run === null ? idle(status) : runLines(status.run, status)),
    ...watchLines(status),
    ...liveLines(status),
    ...owedLines(status),
    ...lastLines(status, scenario),
  ]
}

/** A run's result in few words. */
export const resultWords: Readonly<Record<RunResult, {readonly fr: string; readonly en: string}>> =
  {
    succeeded: {fr: 'réussi', en: 'succeeded'},
    aborted: {fr: 'abandonné', en: 'aborted'},
    'rolled-back': {fr: 'revenu en arrière', en: 'rolled back'},
    'rollback-failed': {fr: 'retour NON PROUVÉ', en: 'rollback NOT PROVEN'},
    'drill-passed': {fr: 'exercice réussi', en: 'drill passed'},
    'drill-failed': {fr: 'exercice en échec', en: 'drill failed'},
    exited: {fr: 'freeze terminé', en: 'freeze ended'},
  }

export const scenarioLabel = (scenario: Scenario): string =>
  scenario === 'freeze' ? 'FREEZE' : scenario.toUpperCase()

const head = (status: ProjectStatus): Text =>
  marked(markOf(status), `${status.project} · ${utcMinute(status.at)}`)

function remoteLines({remote}: ProjectStatus): Text[] {
  if (remote !== 'away') return []
  return [
    {
      fr: '! le dépôt distant ne répond pas : seul ce qui est connu ici est montré',
      en: '! the remote does not answer: only what is known here is shown',
    },
  ]
}

function frozenLines({freeze}: ProjectStatus): Text[] {
  if (freeze === null) return []
  const {tag, since, reason, responsible, review} = freeze
  const who = [responsible, review === null ? null : `→ ${review}`].filter((each) => each !== null)
  return [
    {
      fr: `! gelée depuis le ${utcMinute(since)} (${tag})${reason === null ? '' : ` : ${reason}`}`,
      en: `! frozen since ${utcMinute(since)} (${tag})${reason === null ? '' : `: ${reason}`}`,
    },
    ...(who.length === 0 ? [] : [`    ${who.join(' ')}`]),
    {
      fr: '    en sortir : npx zx scripts/freeze.ts --exit',
      en: '    end it: npx zx scripts/freeze.ts --exit',
    },
  ]
}

function idle({lease}: ProjectStatus): Text[] {
  const none: Text = {fr: 'Aucune exécution en cours.', en: 'No run is open.'}
  if (lease === null) return [none]
  const {run, operator, machine, since, scenario} = lease
  return [
    {
      fr: `${run} (${scenarioLabel(scenario)}) commence chez ${operator}@${machine}, depuis ${since}`,
      en: `${run} (${scenarioLabel(scenario)}) begins at ${operator}@${machine}, since ${since}`,
    },
  ]
}

function runLines(run: OpenRun, {lease, at}: ProjectStatus): Text[] {
  const age = frenchDuration(Math.max(0, Date.parse(at) - Date.parse(run.lastEventAt)))
  const elsewhere = run.where === 'elsewhere'
  const kind = run.kind === 'scenario' ? '' : ` · ${run.kind}`
  return [
    {
      fr: `${scenarioLabel(run.scenario)}${kind} · ${run.run}, ${elsewhere ? 'sur une autre machine' : 'ouverte ici'}`,
      en: `${scenarioLabel(run.scenario)}${kind} · ${run.run}, ${elsewhere ? 'on another machine' : 'open here'}`,
    },
    {
      fr: `  ${run.operator}@${run.machine}, depuis le ${utcMinute(run.startedAt)}, ${elsewhere ? 'dernières nouvelles' : 'dernier événement'} il y a ${age}`,
      en: `  ${run.operator}@${run.machine}, since ${utcMinute(run.startedAt)}, ${elsewhere ? 'last heard of' : 'last event'} ${age} ago`,
    },
    `  ${run.tag} · ${run.commit.slice(0, 12)}`,
    ...run.phases.map(phaseLine),
    ...stepLines(run),
    ...undoing(run),
    ...waiting(run),
    ...nextLines(run, lease !== null && !lease.ours),
  ]
}

/** Of the open run, else of the last one that was watched. */
function watchLines({watch, run}: ProjectStatus): Text[] {
  if (watch === null || (run !== null && run.run !== watch.run)) return []
  const {scenario, source, from, to, threshold, requests, errors, rate, p95Ms, coverage} = watch
  const said = (lang: Lang) => {
    const french = lang === 'fr'
    const counts = [
      counted(requests, ['requête', 'requêtes'], ['request', 'requests']),
      counted(errors, ['erreur', 'erreurs'], ['error', 'errors']),
    ].map((each) => inLang(each, lang))
    const share = rate === null ? '' : ` (${inLang(percents(rate, 2), lang)})`
    const limit = french ? 'seuil' : 'threshold'
    return [
      counts.join(', ') + share,
      ...(threshold === null ? [] : [`${limit} ${inLang(percents(threshold / 100), lang)}`]),
      ...(p95Ms === null ? [] : [`${french ? '95ᵉ centile' : '95th percentile'} ${p95Ms} ms`]),
      ...(coverage === null
        ? []
        : [`${french ? 'couverture' : 'coverage'} ${inLang(percents(coverage), lang)}`]),
    ].join(french ? ' ; ' : '; ')
  }
  const days = {from: utcMinute(from), to: utcMinute(to)}
  return [
    {
      fr: `  surveillance ${scenarioLabel(scenario)} (${source}), du ${days.from} au ${days.to} : ${said('fr')}`,
      en: `  watch of ${scenarioLabel(scenario)} (${source}), from ${days.from} to ${days.to}: ${said('en')}`,
    },
  ]
}

const phaseMarks = {passed: '✓', begun: '▸', 'to-come': '·'} as const

const phaseLine = ({number, title, mode, status}: PhaseLine): Text =>
  `  ${phaseMarks[status]} ${number === null ? '' : `${number} `}${title}${mode === null ? '' : ` (${mode})`}`

function stepLines({lastStep}: OpenRun): Text[] {
  if (lastStep === null) return []
  const {phase, step, status, attempt, verdict, observed, at} = lastStep
  const often = attempt > 1 ? ` ×${attempt}` : ''
  const words: Text =
    status === 'intended'
      ? {fr: 'commencée, fin inconnue', en: 'begun, its end unknown'}
      : join([verdict ?? '', observed], ' · ')
  const name = `${phase}/${step}${often} (${utcMinute(at)})`
  return [
    {
      fr: `  dernière étape : ${name} : ${inLang(words, 'fr')}`,
      en: `  last step: ${name}: ${inLang(words, 'en')}`,
    },
  ]
}

function undoing({rollback}: OpenRun): Text[] {
  if (rollback === null) return []
  const since = utcMinute(rollback.startedAt)
  return [
    {
      fr: `  retour en arrière ${rollback.finished ? 'terminé' : 'en cours'} depuis le ${since} : ${inLang(rollback.why, 'fr')}`,
      en: `  rollback ${rollback.finished ? 'finished' : 'under way'} since ${since}: ${inLang(rollback.why, 'en')}`,
    },
  ]
}

function waiting({waitingFor, earliest, open}: OpenRun): Text[] {
  const marks = {fail: '✗', unknown: '?', pass: '✓'} as const
  return [
    ...waitingFor.map(
      (each): Text => ({
        fr: `  attend : ${inLang(each, 'fr')}`,
        en: `  waits for: ${inLang(each, 'en')}`,
      }),
    ),
    ...(earliest === null
      ? []
      : [{fr: `  au plus tôt : ${utcMinute(earliest)}`, en: `  earliest: ${utcMinute(earliest)}`}]),
    ...open.flatMap(({title, verdict, observed, next}): Text[] => [
      join([`  ${marks[verdict]} ${title}`, observed], ' : '),
      ...(next === null ? [] : [join(['     ', next], ' → ')]),
    ]),
  ]
}

function nextLines({scenario, working, where, decided}: OpenRun, held: boolean): Text[] {
  const command = `npx zx scripts/${scenario}.ts`
  if (where === 'here' && working !== null) {
    return [words`  ${{fr: 'au travail', en: 'at work'}} : ${processWords(working)}`]
  }
  if (held) {
    return [
      {
        fr: `  suite : chez son opérateur ; la reprendre ici : ${command} --take-over RAISON`,
        en: `  next: with its operator; to go on here: ${command} --take-over WHY`,
      },
    ]
  }
  const end: Text =
    decided === null
      ? ''
      : {
          fr: ` (décidé : ${resultWords[decided.result].fr} ; il reste à finir les documents)`,
          en: ` (decided: ${resultWords[decided.result].en}; its documents are to be finished)`,
        }
  return [
    {fr: `  suite : ${command}${inLang(end, 'fr')}`, en: `  next: ${command}${inLang(end, 'en')}`},
  ]
}

function owedLines({owed}: ProjectStatus): Text[] {
  if (owed.length === 0) return []
  return [
    {fr: 'Reste dû', en: 'Still owed'},
    ...owed.map(({what, run}) => join(['  -', join([what, `(${run})`], ' ')], ' ')),
  ]
}

const environments = ['production', 'staging'] as const

/** Told whether or not a run is recorded: who looks has to know what users get. */
const liveLines = (status: ProjectStatus): Text[] => [
  {fr: 'En ligne', en: 'Live'},
  ...environments.map((environment) => {
    const said = liveWords(status, environment)
    const line = (lang: Lang) => `  ${scenarioLabel(environment).padEnd(10)}  ${inLang(said, lang)}`
    return {fr: line('fr'), en: line('en')}
  }),
]

/** What users get in an environment now, in a few words; the page says the same. */
export function liveWords({live, run}: ProjectStatus, environment: Environment): Text {
  const found = live[environment]
  if (found === null) return run?.scenario === environment ? notLooked : neverReleased
  if (found.status === 'none') return {fr: 'rien', en: 'nothing'}
  if (found.status === 'unknown') {
    // While its own run goes on nothing is wrong yet.
    return run?.run === found.run && run.decided === null
      ? {fr: 'changement en cours, pas encore prouvé', en: 'changing, not proven yet'}
      : {
          fr: 'NON ÉTABLI, à vérifier à la main',
          en: 'NOT ESTABLISHED, to be looked at by hand',
        }
  }
  const name = found.version ?? found.id ?? ''
  const since = found.since === null ? null : utcMinute(found.since)
  const said = (lang: Lang) => {
    const french = lang === 'fr'
    const what = name === '' ? (french ? 'version inconnue' : 'version unknown') : name
    return [
      what,
      ...(since === null ? [] : [`${french ? 'depuis le' : 'since'} ${since}`]),
      ...(found.status === 'previous'
        ? [french ? 'version précédente, rétablie' : 'the version before, restored']
        : []),
    ].join(', ')
  }
  return {fr: said('fr'), en: said('en')}
}

const neverReleased: Text = {
  fr: 'Postgate n’y a encore rien mis en ligne ; ce qui y est n’est pas relevé',
  en: 'Postgate has released nothing there yet; what is there was not looked at',
}

/** The open run is the first one there. */
const notLooked: Text = {
  fr: 'Postgate n’y a encore rien mis en ligne ; l’exécution ouverte n’a pas encore relevé ce qui y est',
  en: 'Postgate has released nothing there yet; the open run has not yet looked at what is there',
}

function lastLines({last, run}: ProjectStatus, scenario?: Scenario): Text[] {
  if (last.length === 0)
    return [
      run === null
        ? {fr: 'Aucune exécution enregistrée.', en: 'No run is recorded.'}
        : {fr: 'Aucune autre exécution.', en: 'No other run.'},
    ]
  const first = (each: LastRun) => (each.scenario === scenario ? 0 : 1)
  return [
    {fr: 'Dernières exécutions', en: 'Last runs'},
    ...[...last].sort((a, b) => first(a) - first(b)).map(lastLine),
  ]
}

function lastLine({scenario, result, tag, run, startedAt, endedAt}: LastRun): Text {
  const words = (lang: 'fr' | 'en') =>
    result === null ? {fr: 'sans fin', en: 'without an end'}[lang] : resultWords[result][lang]
  const line = (lang: 'fr' | 'en') =>
    `  ${scenarioLabel(scenario).padEnd(10)}  ${utcMinute(endedAt ?? startedAt)}  ${words(lang)} · ${tag} · ${run}`
  return {fr: line('fr'), en: line('en')}
}
