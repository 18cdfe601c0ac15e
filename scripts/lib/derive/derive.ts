// All documents of a run as one pure function of its events, the runbook, the templates and the files
// that were there before. The finish writes what this returns; the audit derives it again.

import type {Document} from '../documents/document.ts'
import {parse} from '../documents/parse.ts'
import {type Outcome as ItemStamp, stamp} from '../documents/stamp.ts'
import {ensureSectionTable, type RowValues} from '../documents/table.ts'
import {fold} from '../domain/fold.ts'
import {recorded} from '../domain/recorded.ts'
import {backlogView, parts} from '../domain/views/backlog.ts'
import {freezeView} from '../domain/views/freeze.ts'
import {gateHistory, gateRow, runbookHistory, runbookRow} from '../domain/views/history-row.ts'
import type {DocumentNames, RunbookData, RunbookItem, ViewInput} from '../domain/views/input.ts'
import {ledgerRow} from '../domain/views/ledger-row.ts'
import {outcomeOf} from '../domain/views/outcomes.ts'
import {postMortemView} from '../domain/views/post-mortem.ts'
import {reportView} from '../domain/views/report.ts'
import {verdictMark, who} from '../domain/views/words.ts'
import {type PolicyItem, readRunbook} from '../policy/runbook.ts'
import {mergeBlocks, writtenRows} from './blocks.ts'
import {type DeriveInput, documentTemplates, render, renderFrench} from './input.ts'
import {changelog, changelogEntry, ledger, withRow} from './rows.ts'

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
