// Links in documents, as Markdown that was escaped here: web addresses, and paths inside the project
// made relative to the document's own folder.

import {escapePath, escapeProse, link} from '../../documents/escape.ts'
import type {Evidence} from '../verdict.ts'
import {fr} from './words.ts'

/** `runs/x/runbook.md` for `docs/runs/x/runbook.md` seen from `docs/REPORT.md`. */
export function relativePath(from: string, to: string): string {
  const here = from.split('/').slice(0, -1)
  const there = to.split('/')
  let shared = 0
  while (shared < here.length && shared < there.length - 1 && here[shared] === there[shared])
    shared += 1
  return [...here.slice(shared).map(() => '..'), ...there.slice(shared)].join('/')
}

/** `[label](path)`, the path relative to the document `from`. */
export function pathLink(label: string, to: string, from: string): string {
  return `[${escapeProse(label)}](${escapePath(relativePath(from, to))})`
}

/** The evidence of an outcome as links, one after the other; '' of none. */
export function evidenceLinks(evidence: readonly Evidence[], from: string): string {
  return evidence
    .map(({label, link: to}) => {
      if (to === undefined) return escapeProse(fr(label))
      if (/^https?:\/\//i.test(to)) return link(fr(label), to)
      // An absolute path is outside the project: it is named, and leads nowhere on a forge.
      return to.startsWith('/')
        ? escapeProse(`${fr(label)} (${to})`)
        : pathLink(fr(label), to, from)
    })
    .join(', ')
}
