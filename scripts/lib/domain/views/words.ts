// French words for what the journal says in ids.

import type {Mode} from '../../documents/headings.ts'
import type {Person, RunResult, Scenario} from '../event.ts'
import {inLang, type Text} from '../text.ts'
import type {ItemVerdict} from '../verdict.ts'

const moment = String.raw`(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?Z`

/** In French, its moments as people write them: `2026-01-23T14:03:11Z` is `2026-01-23 14:03 UTC`. */
export const fr = (text: Text): string =>
  inLang(text, 'fr')
    .replace(new RegExp(`${moment}/${moment}`, 'g'), 'du $1 $2 au $3 $4 UTC')
    .replace(new RegExp(moment, 'g'), '$1 $2 UTC')

export const scenarioName: Readonly<Record<Scenario, string>> = {
  staging: 'STAGING',
  production: 'PRODUCTION',
  freeze: 'Freeze',
}

/** Notifications by their occasion. */
export const occasionName: Readonly<Record<string, string>> = {
  start: 'départ',
  pause: 'pause',
  incident: 'incident',
  trigger: 'déclencheur',
  rollback: 'rollback',
  freeze: 'freeze',
  end: 'fin',
}

/** As the documents count them: succès, échec, rollback. */
export const resultName: Readonly<Record<RunResult, string>> = {
  succeeded: 'Succès',
  aborted: 'Échec (abandon)',
  'rolled-back': 'Rollback vérifié',
  'rollback-failed': 'Rollback non vérifié',
  'drill-passed': 'Exercice de rollback réussi',
  'drill-failed': 'Exercice de rollback en échec',
  exited: 'Sortie de freeze',
}

export const resultMark: Readonly<Record<RunResult, string>> = {
  succeeded: '✅',
  aborted: '❌',
  'rolled-back': '↩️',
  'rollback-failed': '🚨',
  'drill-passed': '✅',
  'drill-failed': '❌',
  exited: '✅',
}

export const verdictMark: Readonly<Record<ItemVerdict, '✅' | '❌' | '❔' | '➖'>> = {
  pass: '✅',
  fail: '❌',
  unknown: '❔',
  'not-applicable': '➖',
}

export const verdictName: Readonly<Record<ItemVerdict, string>> = {
  pass: 'conforme',
  fail: 'refusé',
  unknown: 'inconnu',
  'not-applicable': 'sans objet',
}

export const modeName: Readonly<Record<Mode, string>> = {
  'READ-ONLY': 'lecture seule',
  EXECUTIVE: 'exécutif',
}

export const severityName = {
  minor: 'mineur',
  major: 'majeur',
  critical: 'critique',
} as const

export const howName = {signed: 'signé', declared: 'déclaré'} as const

/** `Release Manager Alice Martin (déclaré)`, or `automatique` for the machine. */
export function who(person: Person | null): string {
  if (person === null) return 'automatique'
  return `${person.role} ${person.name} (${howName[person.how]})`
}
