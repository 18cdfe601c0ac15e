// The backlog after a release, in four parts. The machine writes its rows anew; what people
// filled in beside them, and rows of their own, are carried over.

import {escapeProse, link, withoutWordJoiners} from '../../documents/escape.ts'
import type {Fact} from '../facts.ts'
import {recorded} from '../recorded.ts'
import {utc} from '../times.ts'
import type {ViewInput} from './input.ts'
import {trace} from './trace.ts'
import {fr, severityName} from './words.ts'

export const parts = ['improvements', 'bugs', 'optimisations', 'features'] as const
export type BacklogPart = (typeof parts)[number]

type BacklogItem = Fact<'backlog'>['items'][number]

/** A row of the block as it stands: each cell as plain text and as written. */
export interface WrittenRow {
  readonly part: BacklogPart
  readonly cells: readonly {readonly text: string; readonly source: string}[]
}

/** What stands in a cell until somebody fills it in. */
export const toFillIn = '_à remplir_'

/** Cells are Markdown, escaped here. `written`: the rows of the document that is there. */
export function backlogView(input: ViewInput, written: readonly WrittenRow[] = []) {
  const items = [...(recorded(input.state, 'backlog')?.items ?? []), ...ownItems(input)]
  return {
    ...trace(input),
    improvements: backlogRows(items, written, 'improvements'),
    bugs: backlogRows(items, written, 'bugs'),
    optimisations: backlogRows(items, written, 'optimisations'),
    features: backlogRows(items, written, 'features'),
  }
}

/** Incidents of this very run that were no more than minor are bugs to look at. */
function ownItems({state}: ViewInput): BacklogItem[] {
  return state.incidents.map(({what, severity, at}) => ({
    part: 'bugs',
    title: fr(what),
    origin: `incident ${severityName[severity]} du ${utc(at)}, exécution ${state.run}`,
    link: null,
  }))
}

export function backlogRows(
  items: readonly BacklogItem[],
  written: readonly WrittenRow[],
  part: BacklogPart,
) {
  const before = written.filter((row) => row.part === part)
  const kept = new Set<WrittenRow>()
  const wanted = unique(items.filter((item) => item.part === part))
  const own = new Map<BacklogItem, WrittenRow>()
  // Lines above an item may have moved it down its file since; its own line comes first all the same.
  for (const place of [
    withoutWordJoiners,
    (origin: string) => withoutLine(withoutWordJoiners(origin)),
  ]) {
    for (const item of wanted) {
      const row = before.find((each) => !kept.has(each) && isSame(item, each, place))
      if (row === undefined || own.has(item)) continue
      own.set(item, row)
      kept.add(row)
    }
  }
  const machine = wanted.map((item) => {
    const [, , owner, priority] = own.get(item)?.cells ?? []
    return {
      title: escapeProse(item.title),
      origin: item.link === null ? escapeProse(item.origin) : link(item.origin, item.link),
      owner: owner?.source || toFillIn,
      priority: priority?.source || toFillIn,
    }
  })
  return [...machine, ...before.filter((row) => !kept.has(row) && isTheirs(row)).map(asWritten)]
}

const isSame = (
  {title, origin}: BacklogItem,
  {cells: [writtenTitle, writtenOrigin]}: WrittenRow,
  place: (origin: string) => string,
) =>
  withoutWordJoiners(writtenTitle?.text ?? '') === withoutWordJoiners(title) &&
  place(writtenOrigin?.text ?? '') === place(origin)

const withoutLine = (origin: string) => origin.replace(/:\d+$/, '')

const machineOrigin = /^(.+:\d+|#\d+|incident .+)$/

/** A row that the machine would not write again stays where somebody put work into it, or wrote it. */
function isTheirs({cells: [title, origin, owner, priority]}: WrittenRow): boolean {
  const text = (cell: {text: string} | undefined) => cell?.text.trim() ?? ''
  if ([owner, priority].some((cell) => !['', '—', 'à remplir'].includes(text(cell)))) return true
  return text(title) !== '' && !machineOrigin.test(text(origin))
}

function asWritten({cells: [title, origin, owner, priority]}: WrittenRow) {
  const source = (cell: {source: string} | undefined) => cell?.source ?? ''
  return {
    title: source(title),
    origin: source(origin),
    owner: source(owner) || toFillIn,
    priority: source(priority) || toFillIn,
  }
}

function unique(items: readonly BacklogItem[]): BacklogItem[] {
  return [...new Map(items.map((item) => [`${item.title}\n${item.origin}`, item])).values()]
}
