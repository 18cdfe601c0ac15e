// Documents that every run adds to: a row of the ledger, an entry of the changelog, each once.

import type {Document} from '../documents/document.ts'
import {shortened} from '../documents/long-table.ts'
import {parse} from '../documents/parse.ts'
import {
  appendRow,
  columnOf,
  ensureSectionTable,
  type RowValues,
  type Table,
  tables,
} from '../documents/table.ts'
import type {Writing} from '../domain/documents.ts'
import {insertEntry, yankedAfter} from '../domain/views/changelog-entry.ts'
import type {ViewInput} from '../domain/views/input.ts'
import {trace} from '../domain/views/trace.ts'
import {type DeriveInput, render} from './input.ts'

type RowWriting = Extract<Writing, {how: 'row'}>

interface RowOfRun {
  readonly writing: RowWriting
  readonly path: string
  readonly views: ViewInput
  readonly values: RowValues
}

/** The document with this run's row; null where it is not there and is not ours to begin. */
export async function withRowOf(input: DeriveInput, row: RowOfRun): Promise<string | null> {
  const {writing, path, views} = row
  const there = input.previous.get(path)
  // A runbook of the bundle itself, and a gate given from elsewhere, are not the project's to write.
  if (there === undefined && writing.section !== undefined) return null
  if (there !== undefined) return (await addedToLong(there, row)) ?? added(there, row)
  const template = writing.template?.(views.state)
  return added(template === undefined ? '' : await render(input, template, trace(views)), row)
}

/** Where the row goes, a year of other runs' rows has no say in. null where it could have. */
async function addedToLong(source: string, row: RowOfRun): Promise<string | null> {
  // Its hyphens may be written as `\-` or `&#45;`: the date and the time of its name stand there in any case.
  const numbers = row.views.state.run.match(/\d{6,}/g) ?? []
  if (source.startsWith('\uFEFF') || numbers.every((each) => source.includes(each))) return null
  const short = shortened(source)
  if (short === null) return null
  const whole = tables(await parse(short.text, row.path))
  const isInTable = (at: number) =>
    whole.some(({position, end}) => position.offset < at && at < end)
  return short.at.every(isInTable) ? short.whole(await added(short.text, row)) : null
}

async function added(source: string, {writing, path, views, values}: RowOfRun): Promise<string> {
  const {run} = views.state
  const document = await parse(source, path)
  if (writing.section !== undefined) {
    const made = await ensureSectionTable(document, writing.section)
    return withRow(made.document, made.table, values, run)
  }
  const table = tables(document).find(
    (one) => columnOf(one, 'Tag') >= 0 || columnOf(one, 'Commit') >= 0,
  )
  if (table !== undefined) return withRow(document, table, values, run)
  const columns = Object.keys(values).map((key) => key.split('|')[0] ?? key)
  const made = await ensureSectionTable(document, {titles: ['Registre'], columns})
  return withRow(made.document, made.table, values, run)
}

/** Appended once: a run that finishes again (after a push that failed) finds its row. */
function withRow(document: Document, table: Table, values: RowValues, run: string): string {
  const known = table.rows.some(({cells}) => cells.some((cell) => mentionsRun(cell, run)))
  return known ? document.bom + document.source : appendRow(document, table, values)
}

/** Run ids are one word; another run's id may begin with this one. In plain text a `<br>` is nothing. */
export const wordsOf = ({text, source}: {text: string; source: string}): string[] =>
  `${text} ${source}`.split(/[\s,;()<>`]+/)

const mentionsRun = (cell: {text: string; source: string}, run: string): boolean =>
  (cell.text.includes(run) || cell.source.includes(run)) && wordsOf(cell).includes(run)

export async function changelogEntry(
  input: DeriveInput,
  {template, view}: Extract<Writing, {how: 'entry'}>,
  views: ViewInput,
): Promise<string> {
  return (await render(input, template, view(views))).trim()
}

const emptyChangelog = `# Changelog

Les changements livrés, le plus récent en premier, selon « Keep a Changelog ». Une version retirée de la production reste listée, marquée [YANKED].

## [Unreleased]
`

export function changelog(
  {previous}: DeriveInput,
  {views, path, entry}: {views: ViewInput; path: string; entry: string},
): string {
  const {state} = views
  const source = previous.get(path) ?? emptyChangelog
  if (source.includes(entry.split('\n')[0] ?? entry)) return source
  const {tag} = state.checkpoint
  const date = (state.decided?.at ?? state.started.at).slice(0, 10)
  return insertEntry(source, {tag, date, entry, yanked: yankedAfter(state)})
}
