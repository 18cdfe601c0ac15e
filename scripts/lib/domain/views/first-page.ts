// The first page of a report, a freeze document and a post-mortem: what a director asks, each in one cell.
// Who authorised what and when is named here; what people attested beside it stands among the evidence.

import type {Person} from '../event.ts'
import {recorded} from '../recorded.ts'
import type {RunState} from '../run.ts'
import {frenchMoment} from '../times.ts'
import {content} from './content.ts'
import type {RunbookItem, ViewInput} from './input.ts'
import {authorisationItems, itemTitle, outcomeOf, stepOf, without} from './outcomes.ts'
import {owed} from './owed.ts'
import {liveLines} from './summary.ts'
import {sentence} from './trace.ts'
import {fr} from './words.ts'

export function firstPage(input: ViewInput) {
  const {state, names} = input
  const {head, first} = content(input)
  const live = liveLines(input)
  const since = live.sinceWords === '' ? '' : `, depuis le ${live.sinceWords}`
  return {
    live: `${live.version}${since} : ${live.status}`,
    changed: lines([head, ...first.map((line) => `• ${line}`)]),
    authorised: lines(authorised(input)),
    decided: lines(decided(input)),
    undone: lines(undone(input)),
    data: lines(dataDecided(input)),
    conducted: lines(conducted(input)),
    owed: owed(state, names.postMortem).map(({what}) => sentence(fr(what))),
  }
}

const lines = (all: readonly string[]) => all.join('\n')

const named = ({name, role}: Pick<Person, 'name' | 'role'>) =>
  role === '' ? name : `${name}, ${role}`

/** The signature, or the word that the operator passed on: by whom, when, for what. */
function authorised(input: ViewInput): string[] {
  const {state, runbook} = input
  const what = wanted(state)
  const approval = recorded(state, 'approval')
  if (approval !== undefined) {
    const {issuedAt, expiresAt} = approval
    return [
      `${named(approval)}, a autorisé ${what} le ${frenchMoment(issuedAt)} : signature valable jusqu’au ${frenchMoment(expiresAt)}`,
    ]
  }
  const declared = authorisationItems(state, runbook).flatMap((item) => {
    const {by, at, observed} = outcomeOf(state, item) ?? {by: null, at: '', observed: ''}
    if (by === null) return []
    const how = by.how === 'signed' ? 'signé' : declaredTo(state, by)
    return [`${named(by)}, a autorisé ${what} le ${frenchMoment(at)} (${how}) : « ${observed} »`]
  })
  if (declared.length > 0) return declared
  if (state.kind === 'rollback' || state.kind === 'drill')
    return ['personne : un retour à la version précédente n’attend aucune autorisation']
  return [`personne : ${what} n’a pas été autorisé`]
}

const declaredTo = ({started: {operator}}: RunState, {name}: Person) =>
  name === operator ? 'déclaré, par l’opérateur en personne' : `déclaré à l’opérateur, ${operator}`

function wanted({scenario, kind, checkpoint: {tag}}: RunState): string {
  if (scenario === 'freeze') return kind === 'exit' ? `la fin du gel de ${tag}` : `le gel de ${tag}`
  return scenario === 'production'
    ? `le déploiement de ${tag} en PRODUCTION`
    : `le déploiement de ${tag} sur STAGING`
}

/** What people decided on what they saw: acceptance, a refusal. */
function decided({state, runbook}: ViewInput): string[] {
  const authorising = new Set(authorisationItems(state, runbook).map(({id}) => id))
  return runbook.items.flatMap((item) => {
    const outcome = outcomeOf(state, item)
    if (outcome?.by == null || authorising.has(item.id) || isData(state, item)) return []
    if (item.section !== 'success' && outcome.verdict !== 'fail') return []
    const {by, at, observed, verdict} = outcome
    const no = verdict === 'pass' ? '' : 'NON, '
    return [`${item.title} : ${named(by)}, le ${frenchMoment(at)} : ${no}« ${observed} »`]
  })
}

const isData = (state: RunState, {kind, name}: RunbookItem) =>
  kind === 'step' && stepOf(state, name)?.nature.owes === 'data-decision'

/** Who or what brought the version before back, when, and why. */
function undone({state, runbook}: ViewInput): string[] {
  const {rollback, triggers, started} = state
  if (rollback === null) return []
  const at = frenchMoment(rollback.startedAt)
  const why = sentence(fr(rollback.why))
  if (rollback.kind !== 'trigger') return [`${started.operator}, le ${at} : ${why}`]
  const [fired] = triggers
  if (fired === undefined) return [`la machine, le ${at} : ${why}`]
  const title = itemTitle(runbook, fired.item, fired.trigger)
  return [
    `la machine, le ${at}, par le critère « ${title} » : ${without(title, sentence(fr(fired.observed)))}`,
  ]
}

function dataDecided({state, runbook}: ViewInput): string[] {
  return runbook.items.flatMap((item) => {
    const outcome = isData(state, item) ? outcomeOf(state, item) : undefined
    if (outcome?.by == null) return []
    return [`${named(outcome.by)}, le ${frenchMoment(outcome.at)} : « ${outcome.observed} »`]
  })
}

/** Who had their hands on it: the operator, and what they typed. */
function conducted({state}: ViewInput): string[] {
  const {started, phases} = state
  const confirmed = phases.flatMap(({title, confirmed: typed}) =>
    typed === null
      ? []
      : [`« ${title} » confirmée par ${named(typed.by)}, le ${frenchMoment(typed.at)}`],
  )
  return [`${started.operator}, sur ${started.machine}`, ...confirmed]
}
