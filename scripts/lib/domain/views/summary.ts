// The one paragraph that a director reads first, and the lines about what is live now. Every claim in it
// rests on a recorded proof; where there is none, it says so.

import {recorded} from '../recorded.ts'
import {recoveryOf} from '../recovery.ts'
import {
  between,
  frenchCount,
  frenchDuration,
  frenchMoment,
  frenchNumber,
  frenchPercent,
  utc,
} from '../times.ts'
import type {ViewInput} from './input.ts'
import {type Live, liveName, liveVersion} from './live.ts'
import {validator} from './outcomes.ts'
import {runEndedAt, sentence} from './trace.ts'
import {fr, scenarioName} from './words.ts'

/** Plain text, several sentences. */
export function summary(input: ViewInput): string {
  const {state} = input
  switch (state.decided?.result) {
    case 'succeeded':
      return state.scenario === 'freeze' ? frozen(input) : succeeded(input)
    case 'aborted':
      return aborted(input)
    case 'rolled-back':
      return rolledBack(input)
    case 'rollback-failed':
    case 'drill-failed':
      return failed(input)
    case 'drill-passed':
      return drill(input)
    case 'exited':
      return exited(input)
    default:
      return 'L’exécution n’est pas terminée : ce document montre où elle en est.'
  }
}

function succeeded(input: ViewInput): string {
  const {state} = input
  const live = liveVersion(state)
  const since = live.since === null ? '' : ` depuis le ${frenchMoment(live.since)}`
  const files = recorded(state, 'deployment-verified')?.files
  return paragraph([
    `La version ${liveName(state, live) || state.checkpoint.tag} est en ligne sur ${place(input)}${since}`,
    files === undefined
      ? ''
      : `Les ${frenchNumber(files)} fichiers servis ont été comparés un à un à ceux qui ont été construits`,
    watched(input),
    `Le déploiement a été autorisé par ${validator(state, input.runbook)} ; l’exécution a duré ${length(input)}, ${incidents(input)}`,
  ])
}

function watched({state}: ViewInput): string {
  const watch = recorded(state, 'watch')
  if (watch === undefined) return ''
  const rate = watch.samples > 0 ? frenchPercent(watch.errors / watch.samples) : 'inconnu'
  const span = frenchDuration(between(watch.from, watch.to))
  return `Pendant ${span} de surveillance, le taux d’erreur a été de ${rate} sur ${frenchCount(watch.samples, 'requête', 'requêtes', 'aucune requête')} (couverture ${frenchPercent(watch.coverage, 1)})`
}

function aborted(input: ViewInput): string {
  const {state} = input
  if (state.scenario === 'freeze')
    return paragraph([
      `Le freeze a été abandonné : ${reason(input)}`,
      'Aucun environnement n’était concerné',
    ])
  const untouched = liveVersion(state).status === 'unchanged'
  const before = state.deploymentAttempted ? '' : ' avant tout déploiement'
  return paragraph([
    `L’exécution sur ${place(input)} a été abandonnée${before} : ${reason(input)}`,
    untouched
      ? `La version en ligne n’a pas changé${present(state)}`
      : 'Ce qui est servi n’est pas établi et doit être vérifié à la main',
    `L’exécution a duré ${length(input)}, ${incidents(input)}`,
  ])
}

function rolledBack(input: ViewInput): string {
  const {state} = input
  const live = liveVersion(state)
  const why = state.rollback === null ? reason(input) : sentence(fr(state.rollback.why))
  const nothing = state.rollback?.finished?.result === 'nothing-to-do'
  return paragraph([
    `Le déploiement sur ${place(input)} a été annulé. Motif : ${why}`,
    nothing
      ? `Rien n’avait été mis en ligne : la version servie n’a pas changé${present(state)}`
      : `La version précédente ${liveName(state, live)} est de nouveau servie, ce que prouvent les octets reçus${recovery(input)}`,
    `L’exécution a duré ${length(input)}, ${incidents(input)}`,
  ])
}

function recovery({state}: ViewInput): string {
  const {impactAt, provenAt} = recoveryOf(state)
  return provenAt === null
    ? ''
    : ` ; ils l’étaient ${frenchDuration(between(impactAt, provenAt))} après le début de l’impact`
}

function failed(input: ViewInput): string {
  const {state} = input
  const observed = state.rollback?.finished?.observed
  const command = recorded(state, 'rollback-command')?.command
  return paragraph([
    `URGENT : le retour à la version précédente sur ${place(input)} n’a pas pu être prouvé (${sentence(fr(observed ?? 'sans observation'))})`,
    'Ce que reçoivent les utilisateurs n’est pas établi : une personne doit regarder maintenant',
    command === undefined ? '' : 'La commande de l’hébergeur à lancer à la main figure ci-dessous',
    `Origine : ${reason(input)}`,
  ])
}

function drill(input: ViewInput): string {
  return paragraph([
    `Exercice réussi sur ${place(input)} : la version précédente a été remise en ligne et prouvée, puis le checkpoint a été rétabli et prouvé à son tour`,
    `L’exercice a duré ${length(input)} et n’est pas un incident`,
  ])
}

function frozen(input: ViewInput): string {
  const {state} = input
  const freeze = recorded(state, 'freeze')
  return paragraph([
    `La release ${state.checkpoint.tag} est gelée depuis le ${frenchMoment(runEndedAt(state))} : ${sentence(freeze?.reason ?? reason(input))}`,
    freeze === undefined
      ? ''
      : `Responsable : ${freeze.responsible} ; revue prévue : ${freeze.review}`,
    'Tant que le freeze dure, aucun déploiement STAGING ou PRODUCTION n’est possible',
  ])
}

function exited({state}: ViewInput): string {
  const exit = recorded(state, 'freeze-exit')
  return paragraph([
    `Le freeze de ${state.checkpoint.tag} a pris fin le ${frenchMoment(runEndedAt(state))}`,
    exit?.holds === true
      ? 'Aucun code n’a changé depuis : le Release Gate reste valable, le scénario A ou B peut suivre'
      : `Du code a changé depuis (${frenchCount(exit?.commits.length ?? 0, 'commit', 'commits', 'commits non listés')}) : le Release Gate est périmé, il en faut un nouveau`,
  ])
}

/** What the report opens with: one line each, for a table of two columns. */
export function liveLines({state}: ViewInput) {
  const live = liveVersion(state)
  const words: Readonly<Record<Live['status'], string>> = {
    new: 'nouvelle version, prouvée par les octets servis',
    previous:
      state.decided?.result === 'drill-passed'
        ? 'version du checkpoint, remise en ligne et prouvée après l’exercice'
        : 'version précédente, remise en ligne et prouvée',
    unchanged: 'inchangée par cette exécution',
    unknown: 'NON ÉTABLI : à vérifier à la main',
  }
  return {
    version: liveName(state, live) || (live.status === 'unknown' ? 'inconnue' : 'non relevée'),
    status: words[live.status],
    since: live.since === null ? 'non relevé' : utc(live.since),
    sinceWords: live.since === null ? '' : frenchMoment(live.since),
    id: live.id ?? '',
    url: live.url ?? '',
    tag: live.tag ?? '',
  }
}

const place = ({state}: ViewInput) => scenarioName[state.scenario]
const length = ({state}: ViewInput) => frenchDuration(between(state.started.at, runEndedAt(state)))
const reason = ({state}: ViewInput) =>
  state.decided === null ? 'sans raison enregistrée' : sentence(fr(state.decided.why))

const incidents = ({state}: ViewInput) => {
  const count = state.incidents.length
  if (count === 0 && state.rollback?.kind === 'trigger') return 'sans autre incident déclaré'
  return count === 0 ? 'sans incident' : `avec ${frenchCount(count, 'incident', 'incidents', '')}`
}

function present(state: ViewInput['state']): string {
  const name = liveName(state, liveVersion(state))
  return name === '' ? '' : ` (${name})`
}

const paragraph = (sentences: readonly string[]) =>
  sentences
    .filter((one) => one !== '')
    .join('. ')
    .concat('.')
