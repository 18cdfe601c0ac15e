// The words of the page.

import type {Lang} from '../../../domain/text.ts'

const fr = {
  title: (project: string) => `${project} : où en est la mise en ligne`,
  asOf: 'État du',
  away: 'Le dépôt distant ne répond pas : cette page ne montre que ce qui est connu sur cette machine.',
  owed: 'Reste dû',
  nothingOwed: 'Rien n’est dû.',
  incidents: 'Incidents déclarés',
  frozen: 'Release gelée',
  since: 'depuis le',
  reason: 'Raison',
  responsible: 'Responsable',
  review: 'Revue prévue',
  live: 'En ligne',
  unknownVersion: 'version inconnue',
  restored: 'version précédente, rétablie',
  byRun: 'établi par',
  noRun: 'Aucune exécution en cours.',
  begins: (run: string, who: string) => `${run} commence chez ${who}.`,
  openRun: 'Exécution en cours',
  operator: 'Opérateur',
  checkpoint: 'Point de contrôle',
  lastEvent: 'Dernier événement',
  lastHeard: 'Dernières nouvelles',
  elsewhere: 'sur une autre machine',
  here: 'sur cette machine',
  phases: 'Phases',
  phase: {passed: 'terminée', begun: 'en cours', 'to-come': 'à venir'},
  lastStep: 'Dernière étape',
  unfinished: 'commencée, fin inconnue',
  waitsFor: 'Qui est attendu, pour quoi',
  nobodyAwaited: 'Personne n’est attendu.',
  earliest: 'Au plus tôt le',
  open: 'Points refusés ou inconnus',
  verdict: {pass: 'OK', fail: 'REFUSÉ', unknown: 'INCONNU'},
  rollback: {true: 'Retour en arrière terminé', false: 'Retour en arrière en cours'},
  decided: 'Décidé',
  atWork: 'Au travail',
  goOn: 'Suite',
  watch: 'Surveillance',
  watchOf: (run: string) => `De l’exécution ${run}.`,
  errorRate: 'Taux d’erreur (%)',
  response: 'Temps de réponse médian (ms)',
  legend: {
    curve: 'mesuré',
    limit: (percent: string) => `seuil d’abandon (${percent})`,
    zero: 'déploiement',
    gap: 'sans mesure',
  },
  figures: {
    requests: 'Requêtes depuis le déploiement',
    errors: 'Erreurs',
    rate: 'Taux d’erreur',
    p95: 'Temps de réponse, 95e centile',
    coverage: 'Couverture',
  },
  notMeasured: 'non mesuré',
  perInterval: 'Les valeurs de la courbe',
  time: 'Heure (UTC)',
  history: 'Historique',
  lastRuns: (shown: number, all: number) =>
    shown === all
      ? `${all} exécution${all > 1 ? 's' : ''}, la plus récente d’abord.`
      : `Les ${shown} dernières de ${all} exécutions, la plus récente d’abord.`,
  older: (count: number) => `Les ${count} précédentes`,
  stop: 'Arrêter l’actualisation',
  start: 'Reprendre l’actualisation',
  written: 'Page écrite par',
} as const

type Words = {
  readonly [K in keyof typeof fr]: (typeof fr)[K] extends string
    ? string
    : (typeof fr)[K] extends (...given: infer G) => string
      ? (...given: G) => string
      : {
          readonly [I in keyof (typeof fr)[K]]: (typeof fr)[K][I] extends (
            ...given: infer G
          ) => string
            ? (...given: G) => string
            : string
        }
}

const en: Words = {
  title: (project) => `${project}: where the release stands`,
  asOf: 'As of',
  away: 'The remote does not answer: this page shows only what is known on this machine.',
  owed: 'Still owed',
  nothingOwed: 'Nothing is owed.',
  incidents: 'Declared incidents',
  frozen: 'Release frozen',
  since: 'since',
  reason: 'Reason',
  responsible: 'Responsible',
  review: 'Review planned',
  live: 'Live',
  unknownVersion: 'version unknown',
  restored: 'the version before, restored',
  byRun: 'established by',
  noRun: 'No run is open.',
  begins: (run, who) => `${run} begins at ${who}.`,
  openRun: 'Open run',
  operator: 'Operator',
  checkpoint: 'Checkpoint',
  lastEvent: 'Last event',
  lastHeard: 'Last heard of',
  elsewhere: 'on another machine',
  here: 'on this machine',
  phases: 'Phases',
  phase: {passed: 'done', begun: 'under way', 'to-come': 'to come'},
  lastStep: 'Last step',
  unfinished: 'begun, its end unknown',
  waitsFor: 'Who is waited for, and why',
  nobodyAwaited: 'Nobody is waited for.',
  earliest: 'Not before',
  open: 'Refused or unknown',
  verdict: {pass: 'OK', fail: 'REFUSED', unknown: 'UNKNOWN'},
  rollback: {true: 'Rollback finished', false: 'Rollback under way'},
  decided: 'Decided',
  atWork: 'At work',
  goOn: 'Next',
  watch: 'Watch',
  watchOf: (run) => `Of run ${run}.`,
  errorRate: 'Error rate (%)',
  response: 'Median response time (ms)',
  legend: {
    curve: 'measured',
    limit: (percent) => `abort threshold (${percent})`,
    zero: 'deployment',
    gap: 'no measurement',
  },
  figures: {
    requests: 'Requests since the deployment',
    errors: 'Errors',
    rate: 'Error rate',
    p95: 'Response time, 95th percentile',
    coverage: 'Coverage',
  },
  notMeasured: 'not measured',
  perInterval: 'The values of the curve',
  time: 'Time (UTC)',
  history: 'History',
  lastRuns: (shown, all) =>
    shown === all
      ? `${all} run${all === 1 ? '' : 's'}, the latest first.`
      : `The last ${shown} of ${all} runs, the latest first.`,
  older: (count) => `The ${count} before`,
  stop: 'Stop refreshing',
  start: 'Refresh again',
  written: 'Page written by',
}

export const pageWords: Readonly<Record<Lang, Words>> = {fr, en}
