// One finding of lint inside a document, before its path is known.

import {type Bilingual, perhaps} from '../documents/bilingual.ts'
import {DocumentError} from '../documents/document.ts'
import {nearest} from '../documents/nearest.ts'
import type {PolicyItem} from '../policy/runbook.ts'

export interface LintFinding {
  readonly at: {readonly line: number; readonly column: number}
  readonly reason: Bilingual
  /** Kebab-case name of the rule that was broken. */
  readonly rule: string
  readonly expected?: readonly string[]
  /** How to mend it. */
  readonly note?: Bilingual
}

/** The findings as errors of the document at `path`, in its order. */
export function located(path: string, findings: readonly LintFinding[]): DocumentError[] {
  return findings
    .map(({at: {line, column}, ...rest}) => new DocumentError({path, line, column, ...rest}))
    .sort((a, b) => a.line - b.line || a.column - b.column)
}

/** Where an item's comment stands; without one, the item. */
export const itemPlace = (item: PolicyItem) =>
  item.directive?.position ?? {line: item.line, column: item.column}

/** What a comment can name. */
export type Named = 'check' | 'step' | 'trigger' | 'rule' | 'condition'

export function unknownName(item: PolicyItem, kind: Named, known: readonly string[]): LintFinding {
  return {at: itemPlace(item), ...unknownWord(item.name, kind, known)}
}

/** "unknown check …; did you mean …?"; where no known one is near, all that are known. */
export function unknownWord(
  written: string,
  kind: Named,
  known: readonly string[],
): Pick<LintFinding, 'reason' | 'rule' | 'expected'> {
  const meant = nearest(written, known, 4)
  const all = [...known].sort().join(', ')
  const {fr, en} =
    meant === undefined ? {fr: ` (possibles : ${all})`, en: ` (known: ${all})`} : perhaps(meant)
  const kinds = unknownKind[kind]
  return {
    reason: {fr: `${kinds.fr} « ${written} »${fr}`, en: `${kinds.en} "${written}"${en}`},
    rule: `unknown-${kind}`,
    expected: known,
  }
}

const unknownKind: Readonly<Record<Named, Bilingual>> = {
  check: {fr: 'contrôle inconnu', en: 'unknown check'},
  step: {fr: 'étape inconnue', en: 'unknown step'},
  trigger: {fr: 'déclencheur inconnu', en: 'unknown trigger'},
  rule: {fr: 'règle inconnue', en: 'unknown rule'},
  condition: {fr: 'condition inconnue', en: 'unknown condition'},
}
