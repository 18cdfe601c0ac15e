// A message to the team, for the notification template: whoever was not there learns from it what
// happened, what users get now, what is owed and who is asked.

import type {Occasion} from '../occasion.ts'
import {recorded} from '../recorded.ts'
import type {RunState} from '../run.ts'
import {frenchMoment} from '../times.ts'
import type {ViewInput} from './input.ts'
import {type Live, liveName, liveVersion} from './live.ts'
import {owed} from './owed.ts'
import {summary} from './summary.ts'
import {sentence, trace} from './trace.ts'
import {fr, resultMark, resultName, scenarioName} from './words.ts'

export interface NotificationInput {
  readonly occasion: Occasion
  /** Why it is said now; unless given, the run's summary. */
  readonly text?: string
  /** What is waited for, one entry for each question. */
  readonly asked?: readonly string[]
  /** Addresses, as far as they are known. */
  readonly links?: readonly {readonly name: string; readonly address: string}[]
}

/** `title` says what happened; `text` why; `lines` are names and values, one below the other. */
export function notificationView(input: ViewInput, telling: NotificationInput) {
  const {occasion, text, asked = [], links = []} = telling
  const state = provenUndone(input.state)
  const debts = ['end', 'rollback'].includes(occasion) ? owed(state, input.names.postMortem) : []
  const line = (name: string) => (value: string) => ({name, value: sentence(value)})
  return {
    ...trace(input),
    title: titleOf(state, occasion),
    text: text ?? textOf({...input, state}, occasion),
    lines: [
      ...liveWords(state).map(line(`En ligne sur ${scenarioName[state.scenario]}`)),
      ...versionWords(state).map(line('Version du tag')),
      ...freezeLines(state),
      ...asked.map(line('Attendu')),
      ...debts.map(({what}) => fr(what)).map(line('Reste dû')),
    ],
    links: [...links],
  }
}

/** What happened, in few words: the first line of a message, and all that a telephone shows of it. */
function titleOf(state: RunState, occasion: Occasion): string {
  switch (occasion) {
    case 'start':
      return starts[state.kind](state.scenario)
    case 'pause':
      return 'en attente d’une personne'
    case 'trigger':
      return 'critère d’abandon déclenché, retour à la version précédente en cours'
    case 'rollback':
      return undoneWords[state.rollback?.finished?.result ?? 'unverified']
    case 'incident':
      return 'incident déclaré pendant l’exécution'
    case 'freeze':
      return 'release gelée'
    case 'end': {
      const {decided} = state
      return decided === null
        ? 'fin'
        : `terminé, ${resultMark[decided.result]} ${resultName[decided.result]}`
    }
    default:
      return occasion satisfies never
  }
}

const starts: Readonly<Record<RunState['kind'], (scenario: RunState['scenario']) => string>> = {
  scenario: (scenario) => (scenario === 'freeze' ? 'début du gel' : 'début de la mise en ligne'),
  rollback: () => 'début d’un retour à la version précédente',
  drill: () => 'début d’un exercice de retour',
  exit: () => 'début de la sortie de freeze',
}

const undoneWords = {
  verified: 'retour à la version précédente PROUVÉ',
  'nothing-to-do': 'rien n’était à ramener, la version en ligne n’a pas changé',
  unverified: 'URGENT, retour à la version précédente NON PROUVÉ',
  failed: 'URGENT, retour à la version précédente NON PROUVÉ',
} as const

function textOf(input: ViewInput, occasion: Occasion): string {
  const {tag} = input.state.checkpoint
  if (input.state.decided !== null) return summary(input)
  return occasion === 'start' ? `Le tag ${tag} est le point de contrôle de cette exécution.` : ''
}

function liveWords(state: RunState): string[] {
  if (state.scenario === 'freeze') return []
  const live = liveVersion(state)
  const name = liveName(state, live)
  if (live.status === 'unknown') {
    return [
      state.decided === null && state.rollback === null
        ? 'changement en cours, pas encore prouvé'
        : 'NON ÉTABLI, une personne doit regarder maintenant',
    ]
  }
  if (name === '') return []
  const since = live.since === null ? '' : `, depuis le ${frenchMoment(live.since)}`
  return [`${name}${since} (${how[live.status]})`]
}

const how: Readonly<Record<Exclude<Live['status'], 'unknown'>, string>> = {
  new: 'nouvelle version, prouvée',
  previous: 'version précédente, rétablie et prouvée',
  unchanged: 'inchangée',
}

function versionWords(state: RunState): string[] {
  const version = recorded(state, 'artifact')?.version
  return version === undefined ? [] : [version]
}

function freezeLines(state: RunState) {
  const freeze = state.scenario === 'freeze' ? recorded(state, 'freeze') : undefined
  if (freeze === undefined) return []
  return [
    {name: 'Motif', value: sentence(freeze.reason)},
    {name: 'Périmètre', value: sentence(freeze.scope)},
    {name: 'Jusqu’à la revue du', value: sentence(freeze.review)},
    {name: 'Responsable', value: sentence(freeze.responsible)},
  ].filter(({value}) => value !== '')
}

/** The way back counts from its proof on, not from the last question that is asked after it. */
function provenUndone(state: RunState): RunState {
  const {rollback} = state
  if (rollback === null || rollback.finished !== null) return state
  const proof = [...state.steps.values()].findLast(({nature}) => nature.proves === 'previous')
  if (proof?.verdict !== 'pass' || proof.finishedAt === null) return state
  const {observed, finishedAt: at} = proof
  return {...state, rollback: {...rollback, finished: {result: 'verified', observed, at}}}
}
