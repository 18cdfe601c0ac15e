// The decision as people read it: the matrix first, then each scenario with its way forward.

import {inLang, type Text} from '../../domain/text.ts'
import {utcMinute} from '../../domain/times.ts'
import type {Workspace} from '../../run/session.ts'
import {incidentWords} from '../../words/incidents.ts'
import type {Decision} from './decision.ts'
import type {Condition} from './matrix.ts'
import {attestedBy, type Option} from './option.ts'

const names: Readonly<Record<Option['scenario'], string>> = {
  staging: 'A · STAGING',
  production: 'B · PRODUCTION',
  freeze: 'C · freeze',
}

const mayWords: Readonly<Record<Option['may'], Text>> = {
  now: {fr: 'peut commencer maintenant', en: 'may start now'},
  'after-people': {
    fr: 'peut commencer ; des personnes auront à répondre',
    en: 'may start; people will have to answer',
  },
  later: {fr: 'pas encore : il manque du temps', en: 'not yet: time is missing'},
  no: {fr: 'bloqué', en: 'blocked'},
}

const verdicts = {
  holds: 'pass',
  'does-not-hold': 'not-applicable',
  unknown: 'unknown',
  'to-attest': 'waiting',
} as const

const stateWords: Readonly<Record<Condition['state'], Text>> = {
  holds: {fr: 'vraie', en: 'true'},
  'does-not-hold': {fr: 'fausse aujourd’hui', en: 'false today'},
  unknown: {fr: 'inconnue', en: 'unknown'},
  'to-attest': '',
}

export function printDecision({terminal}: Workspace, decision: Decision): void {
  const {heading, say, outcome} = terminal
  const {checkpoint, gate, running, incidents, matrix, scenarios} = decision
  heading({
    fr: `Décision · ${checkpoint.tag} · ${gate}`,
    en: `Decision · ${checkpoint.tag} · ${gate}`,
  })
  if (running !== null) {
    terminal.warn({
      fr: `en cours : ${running.run}, ${running.operator} sur ${running.machine}`,
      en: `in progress: ${running.run}, ${running.operator} on ${running.machine}`,
    })
  }
  for (const each of incidents) terminal.warn(incidentWords(each))
  heading({fr: 'Matrice', en: 'Matrix'})
  for (const condition of matrix)
    outcome({
      verdict: verdicts[condition.state],
      title: condition.condition,
      observed: conditionWords(condition),
    })
  for (const option of scenarios) tellOption(option)

  function tellOption({scenario, may, reasons, people, earliest, roles, next}: Option): void {
    heading({
      fr: `${names[scenario]} : ${inLang(mayWords[may], 'fr')}`,
      en: `${names[scenario]}: ${inLang(mayWords[may], 'en')}`,
    })
    for (const reason of reasons)
      say({fr: `  ✗ ${inLang(reason, 'fr')}`, en: `  ✗ ${inLang(reason, 'en')}`})
    for (const each of people)
      say({fr: `  … ${inLang(each, 'fr')}`, en: `  … ${inLang(each, 'en')}`})
    if (earliest !== null)
      say({
        fr: `  au plus tôt : ${utcMinute(earliest)}`,
        en: `  at the earliest: ${utcMinute(earliest)}`,
      })
    say({fr: `  décide : ${roles.join(', ')}`, en: `  decides: ${roles.join(', ')}`})
    say({fr: `  suite : ${next}`, en: `  next: ${next}`})
  }
}

/** `→ B (PRODUCTION) : à attester par PCA, Directeur ; 48 h sur STAGING`. */
function conditionWords({scenario, state, roles, observed}: Condition): Text {
  const words = (lang: 'fr' | 'en') => {
    const attest = state === 'to-attest' ? inLang(attestedBy(roles.join(', ')), lang) : ''
    return [inLang(stateWords[state], lang), attest, ...observed.map((text) => inLang(text, lang))]
      .filter((part) => part !== '')
      .join(' ; ')
  }
  return {fr: `→ ${scenario} : ${words('fr')}`, en: `→ ${scenario}: ${words('en')}`}
}
