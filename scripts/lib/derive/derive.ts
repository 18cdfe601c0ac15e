// All documents of a run as one pure function of its events, the runbook, the templates and the files
// that were there before. The finish writes what this returns; the audit derives it again.

import type {Document} from '../documents/document.ts'
import {parse} from '../documents/parse.ts'
import {type StampedOutcome as ItemStamp, stamp} from '../documents/stamp.ts'
import type {RowValues} from '../documents/table.ts'
import {leftBy} from '../domain/document-names.ts'
import type {RunTexts} from '../domain/documents.ts'
import {fold} from '../domain/fold.ts'
import type {DocumentNames, RunbookData, RunbookItem, ViewInput} from '../domain/views/input.ts'
import {outcomeOf} from '../domain/views/outcomes.ts'
import {verdictMark, who} from '../domain/views/words.ts'
import {type PolicyItem, readRunbook} from '../policy/runbook.ts'
import {type DerivedBlock, writtenBlocks} from './blocks.ts'
import {type DeriveInput, inZone, renderFrench} from './input.ts'
import {relinked} from './relink.ts'
import {changelog, changelogEntry, withRowOf} from './rows.ts'

/** What the audit compares by its part, since other runs and people write in the same files. */
export interface Derived {
  readonly run: string
  readonly documents: ReadonlyMap<string, string>
  /** Documents that this run alone writes. */
  readonly whole: readonly string[]
  readonly rows: readonly DerivedRow[]
  readonly entries: readonly DerivedEntry[]
  readonly blocks: readonly DerivedBlock[]
}

export interface DerivedRow {
  readonly path: string
  readonly values: RowValues
}

export interface DerivedEntry {
  readonly path: string
  readonly text: string
}

/** Paths whose sources `previous` should hold where they exist. */
export const previousPaths = (names: DocumentNames): string[] =>
  leftBy(names).flatMap(({document, path}) =>
    ['row', 'entry', 'blocks'].includes(document.writing.how) ? [path] : [],
  )

/** The documents by path. Throws a DocumentError for a template or document that cannot be used. */
export async function deriveDocuments(input: DeriveInput): Promise<ReadonlyMap<string, string>> {
  return (await derive(input)).documents
}

export async function derive(input: DeriveInput): Promise<Derived> {
  const state = fold(input.events)
  const policy = await readRunbook(input.runbookSource, input.names.runbook)
  const runbook = runbookData(policy)
  const views: ViewInput = {state, runbook: runbook.data, names: input.names}
  const texts: RunTexts = {
    state,
    stampedRunbook: await inItsFolder(stamped(policy.document, runbook.items, views), views),
    manifest: input.manifest,
  }
  const documents = new Map<string, string>()
  const whole: string[] = []
  const blocks: DerivedBlock[] = []
  const rows: DerivedRow[] = []
  const entries: DerivedEntry[] = []
  for (const {document, path} of leftBy(input.names)) {
    const {writing} = document
    switch (writing.how) {
      case 'journal':
        break
      case 'text': {
        const text = writing.text(texts)
        if (text === null) break
        documents.set(path, text)
        whole.push(path)
        break
      }
      case 'whole':
        documents.set(
          path,
          await renderFrench(input, writing.template, inZone(state, writing.view(views))),
        )
        whole.push(path)
        break
      case 'blocks': {
        const written = await writtenBlocks(input, {writing, path, views})
        documents.set(path, written.text)
        blocks.push(...written.blocks)
        break
      }
      case 'row': {
        const values = writing.values(views)
        const text = await withRowOf(input, {writing, path, views, values})
        if (text === null) break
        documents.set(path, text)
        rows.push({path, values})
        break
      }
      case 'entry': {
        const entry = await changelogEntry(input, writing, views)
        documents.set(path, changelog(input, {views, path, entry}))
        entries.push({path, text: entry})
        break
      }
      default:
        throw new Error(`unknown way to write ${JSON.stringify(writing satisfies never)}`)
    }
  }
  return {run: state.run, documents, whole, rows, blocks, entries}
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

/** The copy's links lead where the runbook's do. Runs from before its origin was recorded were copied as they were. */
async function inItsFolder(text: string, {state, names}: ViewInput): Promise<string> {
  const {path, origin} = state.started.runbook
  if (origin === undefined || !/\]\(|\]:|\b(?:href|src)\s*=/i.test(text)) return text
  const to = `${names.folder}/runbook.md`
  return relinked(await parse(text, to), {from: path, to})
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
