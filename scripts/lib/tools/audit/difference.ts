// Gives a difference between documents its line, the words that were expected and those that were found.

import type {DocumentDifference} from '../../derive/compare.ts'
import type {Derived} from '../../derive/derive.ts'
import {type AuditFinding, absent, excerpts, finding, firstDifference} from './finding.ts'

/** `text`: the document as it stands; undefined where it is missing. */
export function detailed(
  difference: DocumentDifference,
  derived: Derived,
  text: string | undefined,
): AuditFinding {
  const {path, kind, what} = difference
  const wanted = derived.documents.get(path) ?? ''
  const base = {kind: 'document', path, what} as const
  if (text === undefined) {
    return finding({...base, expected: {fr: 'le document', en: 'the document'}, found: absent})
  }
  switch (kind) {
    case 'missing':
      return finding(base)
    case 'changed':
      return finding({...base, ...firstDifference(wanted, text)})
    case 'row':
      return finding({...base, ...lineOf(wanted, text, isRowOf(derived.run))})
    case 'entry':
      return finding({...base, ...entryOf(derived, path, text)})
    case 'block':
      return finding({...base, ...lineIn(wanted, text)})
  }
}

const isRowOf = (run: string) => (line: string) => /^\s*\|/.test(line) && line.includes(run)

/** The lines that a test tells, in what is wanted and in what is there. */
function lineOf(wanted: string, text: string, is: (line: string) => boolean) {
  const there = text.split('\n').findIndex(is)
  return {
    line: there < 0 ? null : there + 1,
    ...excerpts(wanted.split('\n').find(is)?.trim(), text.split('\n')[there]?.trim()),
  }
}

/** An entry can have several lines: the first one that is nowhere in the document. */
function entryOf({entries, run}: Derived, path: string, text: string) {
  const entry = entries.find((each) => each.path === path)?.text ?? ''
  const lines = text.split(/\r?\n/)
  const gone = entry.split('\n').find((line) => line.trim() !== '' && !lines.includes(line))
  const near = lines.findIndex((line) => line.includes(run))
  return {
    line: near < 0 ? null : near + 1,
    ...excerpts(gone ?? entry.split('\n')[0], lines[near]),
  }
}

/** People write in the same document, so lines are told by what they say and not by their number. */
function lineIn(wanted: string, text: string) {
  const [known, there] = [wanted.split('\n'), text.split('\n')]
  const gone = known.findIndex((line) => line.trim() !== '' && !there.includes(line))
  const before = there.indexOf(known[gone - 1] ?? '')
  const line = gone < 0 || before < 0 ? null : before + 2
  return {
    line,
    ...excerpts(known[gone], line === null ? undefined : there[line - 1]),
  }
}
