// The row that a run leaves in its ledger: who, what, when, result, incidents, in the columns that the
// ledger has (names separated by | are alternatives).

import type {CellValue} from '../../documents/table.ts'
import {marked, markOf} from '../mark.ts'
import {recorded} from '../recorded.ts'
import type {DocumentNames, ViewInput} from './input.ts'
import {pathLink} from './links.ts'
import {incidentsInOneCell, trace} from './trace.ts'
import {fr} from './words.ts'

export type LedgerValues = Readonly<Record<string, CellValue>>

export function ledgerRow(input: ViewInput): LedgerValues {
  return input.state.scenario === 'freeze' ? freezeRow(input) : deploymentRow(input)
}

function deploymentRow(input: ViewInput): LedgerValues {
  const {state, names} = input
  const facts = trace(input)
  const live = recorded(state, 'deployment-restored') ?? recorded(state, 'deployment')
  return {
    'Date (UTC)|Date': facts.finished,
    'Résultat|Statut': marked(markOf(facts), `${facts.resultMark} ${facts.result}`),
    'Tag|Version taguée': facts.tag,
    Commit: facts.shortCommit,
    'Version|Version en ligne':
      live?.version ?? recorded(state, 'artifact')?.version ?? 'non déployée',
    'Validateur|Autorisé par': facts.validator,
    Opérateur: facts.operator,
    Incidents: incidentsInOneCell(state),
    'Raison|Notes|Commentaire': whyOf(input),
    'Exécution|Run': facts.run,
    'Rapport|Document': documentLink('rapport', names.report, names.ledger),
  }
}

function freezeRow(input: ViewInput): LedgerValues {
  const {state, names} = input
  const facts = trace(input)
  const freeze = recorded(state, 'freeze')
  const event = state.kind === 'exit' ? exitWords(input) : 'Freeze'
  return {
    'Date (UTC)|Date': facts.finished,
    'Événement|Action': marked(markOf(facts), event),
    Tag: facts.tag,
    Commit: facts.shortCommit,
    'Responsable|Décidé par': freeze?.responsible ?? facts.validator,
    'Validateur|Autorisé par': facts.validator,
    Raison: state.kind === 'exit' ? whyOf(input) : (freeze?.reason ?? whyOf(input)),
    'Déploiement prévu|Prévu':
      freeze === undefined ? '' : `${freeze.planned} ${freeze.plannedDate}`.trim(),
    'Revue|Date de revue': freeze?.review ?? '',
    'Résultat|Statut': `${facts.resultMark} ${facts.result}`,
    Incidents: incidentsInOneCell(state),
    'Exécution|Run': facts.run,
    'Document|Rapport': documentLink('document', names.freeze, names.ledger),
  }
}

function exitWords({state}: ViewInput): string {
  const exit = recorded(state, 'freeze-exit')
  return exit?.holds === true ? 'Sortie, gate valable' : 'Sortie, nouveau gate requis'
}

/** Of a rollback its reason, else the decision's. */
export function whyOf({state}: ViewInput): string {
  if (state.rollback !== null) return fr(state.rollback.why)
  return state.decided === null ? '' : fr(state.decided.why)
}

export const documentLink = (label: string, to: string | null, from: string): CellValue =>
  to === null ? '' : {markdown: pathLink(label, to, from)}

/** Where a scenario's runs are listed. */
export const ledgerPath: Readonly<Record<ViewInput['state']['scenario'], DocumentNames['ledger']>> =
  {
    staging: 'docs/STAGING_DEPLOYMENTS.md',
    production: 'docs/PROD_DEPLOYMENTS.md',
    freeze: 'docs/RELEASE_FREEZES.md',
  }
