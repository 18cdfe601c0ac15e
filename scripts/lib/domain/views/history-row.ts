// The rows under the gate's "Historique des validations" and the runbook's "Historique des exécutions",
// in whatever columns the documents have.

import {marked, markOf} from '../mark.ts'
import type {ViewInput} from './input.ts'
import {documentLink, type LedgerValues, whyOf} from './ledger-row.ts'
import {incidentsInOneCell, trace} from './trace.ts'

export const gateHistory = {
  titles: ['Historique des validations', 'Historique', 'Validation history'],
  columns: ['Date', 'Tag', 'Commit', 'Validateur', 'Décision', 'Notes'],
} as const

export const runbookHistory = {
  titles: ['Historique des exécutions', 'Historique', 'Execution history', 'Run history'],
  columns: ['Date (UTC)', 'Exécution', 'Tag', 'Commit', 'Résultat', 'Validateur', 'Rapport'],
} as const

export function gateRow(input: ViewInput): LedgerValues {
  const facts = trace(input)
  const notes = [
    `exécution ${facts.run}`,
    `incidents : ${incidentsInOneCell(input.state)}`,
    whyOf(input),
  ]
  return {
    'Date|Date (UTC)|Jour': facts.finished,
    'Tag|Version': facts.tag,
    'Commit|SHA': facts.shortCommit,
    'Validateur|Approver|Responsable|Validé par|Auteur': facts.validator,
    'Décision|Decision|Résultat|Statut|Verdict': marked(
      markOf(facts),
      `${facts.scenario}, ${facts.kind} : ${facts.result}`,
    ),
    'Notes|Note|Commentaire|Commentaires|Remarques|Observations': notes
      .filter((note) => note !== '')
      .join('\n'),
  }
}

export function runbookRow(input: ViewInput): LedgerValues {
  const facts = trace(input)
  const {names} = input
  return {
    'Date (UTC)|Date': facts.finished,
    'Exécution|Run': facts.run,
    Tag: facts.tag,
    Commit: facts.shortCommit,
    'Résultat|Result|Statut': marked(markOf(facts), `${facts.resultMark} ${facts.result}`),
    'Validateur|Approver': facts.validator,
    Incidents: incidentsInOneCell(input.state),
    'Rapport|Report|Document': documentLink(
      names.report === null ? 'dossier' : 'rapport',
      names.report ?? names.freeze ?? `${names.folder}/runbook.md`,
      names.runbook,
    ),
  }
}
