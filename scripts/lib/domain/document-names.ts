// The names of a run's documents. Dated names are chosen once, by what is taken already, and then
// journalled (fact `document-names`): a resume or an audit finds the same.

import {documents, type RunDocument} from './documents.ts'
import {recorded} from './recorded.ts'
import type {RunState} from './run.ts'
import type {DocumentNames} from './views/input.ts'

/**
 * The names of a run's documents. `isTaken` says whether a path exists already, for another run: then
 * the name ends in `_2`, `_3` and so on. Names that the journal holds are kept.
 */
export function documentNames(
  state: RunState,
  isTaken: (path: string) => boolean = () => false,
): DocumentNames {
  const folder = `docs/runs/${state.run}`
  const journalled = recorded(state, 'document-names')
  const naming = {state, folder, free: (base: string) => free(base, isTaken)}
  const pathOf = ({key, dated, path}: RunDocument): string | null =>
    dated && journalled !== undefined ? (journalled[key] ?? null) : path(naming)
  const paths: Record<string, string | null> = {}
  for (const document of documents) paths[document.key] = pathOf(document)
  return {
    folder,
    paths,
    changelog: paths.changelog ?? 'CHANGELOG.md',
    gate: state.started.gate.path,
    runbook: state.started.runbook.path,
    ledger: paths.ledger ?? '',
    report: paths.report ?? null,
    postMortem: paths.postMortem ?? null,
    freeze: paths.freeze ?? null,
    backlog: paths.backlog ?? null,
    listed: documents.flatMap(({key, title, isListed}) => {
      const path = paths[key] ?? null
      if (title === undefined || path === null || isListed?.(state) === false) return []
      return [{title, path}]
    }),
  }
}

/** What the journal keeps of the names: those that were chosen. */
export function chosenNames({paths}: DocumentNames): Record<string, string | null> {
  return Object.fromEntries(
    documents.flatMap(({key, dated}) => (dated ? [[key, paths[key] ?? null]] : [])),
  )
}

/** The documents that a run leaves, in the table's order. */
export const leftBy = ({paths}: DocumentNames): {document: RunDocument; path: string}[] =>
  documents.flatMap((document) => {
    const path = paths[document.key] ?? null
    return path === null ? [] : [{document, path}]
  })

function free(base: string, isTaken: (path: string) => boolean): string {
  for (let count = 1; ; count += 1) {
    const path = count === 1 ? `${base}.md` : `${base}_${count}.md`
    if (!isTaken(path)) return path
  }
}
