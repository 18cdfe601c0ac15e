// All documents of a run as one pure function of its events, the runbook, the templates and the files
// that were there before. The finish writes what this returns; the audit derives it again.

import {newBlock, readBlock, replaceBlock} from '../documents/block.ts'
import type {Document} from '../documents/document.ts'
import {parse} from '../documents/parse.ts'
import {type Outcome as ItemStamp, stamp} from '../documents/stamp.ts'
import {
  appendRow,
  columnOf,
  ensureSectionTable,
  type RowValues,
  type Table,
  tables,
} from '../documents/table.ts'
import {renderTemplate, type View} from '../documents/template.ts'
import type {Event} from '../domain/event.ts'
import {fold} from '../domain/fold.ts'
import {problem} from '../domain/problem.ts'
import {recorded} from '../domain/recorded.ts'
import {backlogView, type Part, parts, type WrittenRow} from '../domain/views/backlog.ts'
import {changelogView, insertEntry, yankedAfter} from '../domain/views/changelog-entry.ts'
import {freezeView} from '../domain/views/freeze.ts'
import {gateHistory, gateRow, runbookHistory, runbookRow} from '../domain/views/history-row.ts'
import type {DocumentNames, RunbookData, RunbookItem, ViewInput} from '../domain/views/input.ts'
import {ledgerRow} from '../domain/views/ledger-row.ts'
import {outcomeOf} from '../domain/views/outcomes.ts'
import {postMortemView} from '../domain/views/post-mortem.ts'
import {reportView} from '../domain/views/report.ts'
import {trace} from '../domain/views/trace.ts'
import {frenchSpaces} from '../domain/views/typography.ts'
import {verdictMark, who} from '../domain/views/words.ts'
import {type PolicyItem, readRunbook} from './runbook.ts'

export interface DeriveInput {
  /** Up to, and without, `documents-written`. */
  readonly events: readonly Event[]
  /** As used by the run. */
  readonly runbookSource: string
  /** Sources by path: `templates/deployment-report.md`. */
  readonly templates: ReadonlyMap<string, string>
  /** Sources by path, as they stand on the commit that the documents go on top of. */
  readonly previous: ReadonlyMap<string, string>
  readonly names: DocumentNames
  /** Text of the artifact's manifest; null where none was built. */
  readonly manifest: string | null
}

/** What the audit compares by its part, since other runs and people write in the same files. */
export interface Derived {
  readonly run: string
  readonly documents: ReadonlyMap<string, string>
  /** Documents that this run alone writes. */
  readonly whole: readonly string[]
  readonly rows: readonly {readonly path: string; readonly values: RowValues}[]
  readonly entry: {readonly path: string; readonly text: string}
  readonly blocks: readonly {
    readonly path: string
    readonly name: string
    readonly content: string
    /** Rows that people complete: compared by what the machine wrote in them. */
    readonly shared: boolean
  }[]
}

/** Templates that a run may need, by path. */
export const documentTemplates = {
  report: 'templates/deployment-report.md',
  postMortem: 'templates/post-mortem-rollback.md',
  freeze: 'templates/freeze.md',
  backlog: 'templates/backlog.md',
  changelog: 'templates/changelog-entry.md',
  staging: 'templates/staging-deployments.md',
  production: 'templates/prod-deployments.md',
  freezes: 'templates/release-freezes.md',
} as const

/** Paths whose sources `previous` should hold where they exist. */
export function previousPaths(names: DocumentNames): string[] {
  const {changelog, gate, runbook, ledger, postMortem, backlog} = names
  return [changelog, gate, runbook, ledger, postMortem, backlog].filter((path) => path !== null)
}

/** The documents by path. Throws a DocumentError for a template or document that cannot be used. */
export async function deriveDocuments(input: DeriveInput): Promise<ReadonlyMap<string, string>> {
  return (await derive(input)).documents
}

export async function derive(input: DeriveInput): Promise<Derived> {
  const state = fold(input.events)
  const {names} = input
  const policy = await readRunbook(input.runbookSource, names.runbook)
  const runbook = runbookData(policy)
  const views: ViewInput = {state, runbook: runbook.data, names}
  const documents = new Map<string, string>()
  const whole: string[] = []
  const blocks: Derived['blocks'][number][] = []

  const write = (path: string, text: string) => {
    documents.set(path, text)
    whole.push(path)
  }
  write(`${names.folder}/runbook.md`, stamped(policy.document, runbook.items, views))
  if (input.manifest !== null) write(`${names.folder}/manifest.sha256`, input.manifest)
  const approval = recorded(state, 'approval')
  // As they were when the run relied on them: who may sign with which key, and who may decide.
  if (approval?.signers) write(`${names.folder}/allowed_signers`, approval.signers)
  if (approval?.decision) write(`${names.folder}/decision.md`, approval.decision)
  if (names.report !== null)
    write(names.report, await renderFrench(input, documentTemplates.report, reportView(views)))
  if (names.freeze !== null)
    write(names.freeze, await renderFrench(input, documentTemplates.freeze, freezeView(views)))
  if (names.postMortem !== null) {
    const fresh = await renderFrench(input, documentTemplates.postMortem, postMortemView(views))
    const merged = await mergeBlocks(input, names.postMortem, fresh, ['facts'])
    documents.set(names.postMortem, merged.text)
    blocks.push(...merged.blocks.map((block) => ({...block, shared: false})))
  }
  if (names.backlog !== null) {
    const path = names.backlog
    const written = await writtenRows(input.previous.get(path), path)
    const fresh = await render(input, documentTemplates.backlog, backlogView(views, written))
    const merged = await mergeBlocks(input, path, fresh, ['source', ...parts])
    documents.set(path, merged.text)
    blocks.push(...merged.blocks.map((block) => ({...block, shared: block.name !== 'source'})))
  }

  const rows = [{path: names.ledger, values: ledgerRow(views)}]
  documents.set(names.ledger, await ledger(input, views))
  for (const [path, values, wanted] of [
    [names.gate, gateRow(views), gateHistory],
    [names.runbook, runbookRow(views), runbookHistory],
  ] as const) {
    // A runbook of the bundle itself, and a gate given from elsewhere, are not the project's to write.
    const source = input.previous.get(path)
    if (source === undefined) continue
    const {document, table} = await ensureSectionTable(
      source === input.runbookSource ? policy.document : await parse(source, path),
      wanted,
    )
    documents.set(path, withRow(document, table, values, state.run))
    rows.push({path, values})
  }

  const entry = await changelogEntry(input, views)
  documents.set(names.changelog, changelog(input, views, entry))
  return {
    run: state.run,
    documents,
    whole,
    rows,
    blocks,
    entry: {path: names.changelog, text: entry},
  }
}

/** The runbook's items and risks as plain data, and the policy items they come from. */
export function runbookData(policy: Awaited<ReturnType<typeof readRunbook>>): {
  data: RunbookData
  items: readonly {readonly item: RunbookItem; readonly from: PolicyItem}[]
} {
  const sections: [RunbookItem['section'], readonly PolicyItem[]][] = [
    ['prerequisites', policy.prerequisites],
    ['phase', policy.phases.flatMap(({items}) => items)],
    ['success', policy.success],
    ['abort', policy.abort],
    ['rollback', policy.rollback.items],
  ]
  const items = sections.flatMap(([section, listed]) =>
    listed.map((from) => {
      const {id, title, kind, name, parameters, optional} = from
      return {from, item: {id, title, section, kind, name, parameters, optional}}
    }),
  )
  return {
    items,
    data: {
      path: policy.path,
      title: policy.title,
      items: items.map(({item}) => item),
      risks: policy.risks.rows,
    },
  }
}

function stamped(
  document: Document,
  items: readonly {readonly item: RunbookItem; readonly from: PolicyItem}[],
  {state}: ViewInput,
): string {
  const outcomes = items.flatMap(({item, from}): ItemStamp[] => {
    const outcome = outcomeOf(state, item)
    if (outcome === undefined) return []
    const {verdict, at, by} = outcome
    // A tick beside "build failed twice" would say the contrary of what was seen.
    const calm = item.kind === 'trigger' && verdict === 'pass'
    const observed = calm ? `non déclenché : ${outcome.observed}` : outcome.observed
    return [{item: from.item, mark: verdictMark[verdict], at: new Date(at), who: who(by), observed}]
  })
  return stamp(document, outcomes)
}

/** For documents that hold no word of people yet: theirs are not to be touched. */
const renderFrench = async (input: DeriveInput, path: string, view: View): Promise<string> =>
  frenchSpaces(await render(input, path, view))

async function render(input: DeriveInput, path: string, view: View): Promise<string> {
  const source = input.templates.get(path)
  if (source === undefined) {
    throw problem({
      what: {fr: `Le modèle ${path} manque.`, en: `The template ${path} is missing.`},
      next: {fr: 'le rétablir depuis le bundle', en: 'restore it from the bundle'},
      exit: 2,
    })
  }
  return renderTemplate(source, path, view)
}

/** The document that is there with its machine blocks written anew; the fresh one where there is none. */
async function mergeBlocks(
  {previous}: DeriveInput,
  path: string,
  fresh: string,
  names: readonly string[],
): Promise<{text: string; blocks: {path: string; name: string; content: string}[]}> {
  const freshDocument = await parse(fresh, path)
  const blocks = names.map((name) => ({
    path,
    name,
    content: readBlock(freshDocument, name).content,
  }))
  let text = previous.get(path)
  if (text === undefined) return {text: fresh, blocks}
  for (const {name, content} of blocks) {
    const document = await parse(text, path)
    text = text.includes(`postgate:begin ${name} `)
      ? replaceBlock(document, name, content)
      : `${text.trimEnd()}\n\n${newBlock(name, content)}\n`
  }
  return {text, blocks}
}

/** The rows of a backlog's blocks as they stand, people's cells included. */
async function writtenRows(source: string | undefined, path: string): Promise<WrittenRow[]> {
  if (source === undefined) return []
  const document = await parse(source, path)
  const found: WrittenRow[] = []
  for (const part of parts) {
    if (!source.includes(`postgate:begin ${part} `)) continue
    found.push(...(await blockRows(readBlock(document, part).content, part)))
  }
  return found
}

export async function blockRows(content: string, part: Part): Promise<WrittenRow[]> {
  const [table] = tables(await parse(content, part))
  return (table?.rows ?? []).map(({cells}) => ({part, cells}))
}

async function ledger(input: DeriveInput, views: ViewInput): Promise<string> {
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
function withRow(document: Document, table: Table, values: RowValues, run: string): string {
  const known = table.rows.some(({cells}) => cells.some((cell) => mentions(cell, run)))
  return known ? document.bom + document.source : appendRow(document, table, values)
}

/** Run ids are one word; another run's id may begin with this one. In plain text a `<br>` is nothing. */
export const mentions = ({text, source}: {text: string; source: string}, run: string): boolean =>
  `${text} ${source}`.split(/[\s,;()<>`]+/).includes(run)

async function changelogEntry(input: DeriveInput, views: ViewInput): Promise<string> {
  return (await render(input, documentTemplates.changelog, changelogView(views))).trim()
}

const emptyChangelog = `# Changelog

Les changements livrés, le plus récent en premier, selon « Keep a Changelog ». Une version retirée de la production reste listée, marquée [YANKED].

## [Unreleased]
`

function changelog({previous}: DeriveInput, {state, names}: ViewInput, entry: string): string {
  const source = previous.get(names.changelog) ?? emptyChangelog
  if (source.includes(entry.split('\n')[0] ?? entry)) return source
  const {tag} = state.checkpoint
  const date = (state.decided?.at ?? state.started.at).slice(0, 10)
  return insertEntry(source, {tag, date, entry, yanked: yankedAfter(state)})
}
