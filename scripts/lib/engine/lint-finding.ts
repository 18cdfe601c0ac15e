// One finding of lint inside a document, before its path is known.

import {DocumentError} from '../documents/document.ts'
import {nearest} from '../documents/nearest.ts'
import type {PolicyItem} from './runbook.ts'

export interface Finding {
  readonly at: {readonly line: number; readonly column: number}
  readonly reason: string
  /** Kebab-case name of the rule that was broken. */
  readonly rule: string
  readonly expected?: readonly string[]
  /** How to mend it. */
  readonly note?: string
}

/** The findings as errors of the document at `path`, in its order. */
export function located(path: string, findings: readonly Finding[]): DocumentError[] {
  return findings
    .map(({at: {line, column}, ...rest}) => new DocumentError({path, line, column, ...rest}))
    .sort((a, b) => a.line - b.line || a.column - b.column)
}

/** Where an item's comment stands; without one, the item. */
export const placeOf = (item: PolicyItem) =>
  item.directive?.position ?? {line: item.line, column: item.column}

export function unknownName(item: PolicyItem, kind: string, known: readonly string[]): Finding {
  return {at: placeOf(item), ...unknownWord(item.name, kind, known)}
}

/** "unknown check …; did you mean …?", with everything that is known. */
export function unknownWord(
  written: string,
  kind: string,
  known: readonly string[],
): Pick<Finding, 'reason' | 'rule' | 'expected'> {
  const meant = nearest(written, known, 4)
  return {
    reason: `unknown ${kind} "${written}"${meant === undefined ? '' : `; did you mean "${meant}"?`} (known: ${[...known].sort().join(', ')})`,
    rule: `unknown-${kind}`,
    expected: known,
  }
}
