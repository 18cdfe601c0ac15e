// Documents that every run adds to: a row of the ledger, an entry of the changelog, each once.

import type {Document} from '../documents/document.ts'
import {parse} from '../documents/parse.ts'
import {
  appendRow,
  columnOf,
  ensureSectionTable,
  type RowValues,
  type Table,
  tables,
} from '../documents/table.ts'
import {changelogView, insertEntry, yankedAfter} from '../domain/views/changelog-entry.ts'
import type {ViewInput} from '../domain/views/input.ts'
import {ledgerRow} from '../domain/views/ledger-row.ts'
import {trace} from '../domain/views/trace.ts'
import {type DeriveInput, documentTemplates, render} from './input.ts'

export async function ledger(input: DeriveInput, views: ViewInput): Promise<string> {
  const {state, names} = views
  const template =
    state.scenario === 'freeze' ? documentTemplates.freezes : documentTemplates[state.scenario]
  const source = input.previous.get(names.ledger) ?? (await render(input, template, trace(views)))
  const document = await parse(source, names.ledger)
  const values = ledgerRow(views)
  const table = tables(document).find(
    (one) => columnOf(one, 'Tag') >= 0 || columnOf(one, 'Commit') >= 0,
  )
  if (table !== undefined) return withRow(document, table, values, state.run)
  const columns = Object.keys(values).map((key) => key.split('|')[0] ?? key)
  const made = await ensureSectionTable(document, {titles: ['Registre'], columns})
  return withRow(made.document, made.table, values, state.run)
}

/** Appended once: a run that finishes again (after a push that failed) finds its row. */
export function withRow(document: Document, table: Table, values: RowValues, run: string): string {
  const known = table.rows.some(({cells}) => cells.some((cell) => mentions(cell, run)))
  return known ? document.bom + document.source : appendRow(document, table, values)
}

/** Run ids are one word; another run's id may begin with this one. In plain text a `<br>` is nothing. */
export const mentions = ({text, source}: {text: string; source: string}, run: string): boolean =>
  `${text} ${source}`.split(/[\s,;()<>`]+/).includes(run)

export async function changelogEntry(input: DeriveInput, views: ViewInput): Promise<string> {
  return (await render(input, documentTemplates.changelog, changelogView(views))).trim()
}

const emptyChangelog = `# Changelog

Les changements livrés, le plus récent en premier, selon « Keep a Changelog ». Une version retirée de la production reste listée, marquée [YANKED].

## [Unreleased]
`

export function changelog(
  {previous}: DeriveInput,
  {state, names}: ViewInput,
  entry: string,
): string {
  const source = previous.get(names.changelog) ?? emptyChangelog
  if (source.includes(entry.split('\n')[0] ?? entry)) return source
  const {tag} = state.checkpoint
  const date = (state.decided?.at ?? state.started.at).slice(0, 10)
  return insertEntry(source, {tag, date, entry, yanked: yankedAfter(state)})
}
