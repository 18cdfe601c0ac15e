// What an audit says of a run: each difference with its place, what was expected and what was found.

import type {Text} from '../../domain/text.ts'

export type FindingKind =
  | 'journal'
  | 'anchor'
  | 'record'
  | 'document'
  | 'digest'
  | 'source'
  | 'approval'
  | 'tag'

export interface AuditFinding {
  readonly kind: FindingKind
  /** A file of the project, a ref or `commit <id>`. */
  readonly path: string
  readonly line: number | null
  /** Where the file was read: null in the working tree, else a commit. */
  readonly commit: string | null
  readonly what: Text
  readonly expected: Text
  readonly found: Text
}

export interface RunAudit {
  readonly run: string
  /** Events of the journal that the documents were derived from; 0 where none can be trusted. */
  readonly events: number
  /** Names of the commits and tags that hold its head. */
  readonly anchors: readonly string[]
  readonly documents: readonly string[]
  /** Approvals whose signature was verified again. */
  readonly approvals: number
  readonly findings: readonly AuditFinding[]
  /** What could not be looked at, and how it was compared instead. */
  readonly notes: readonly Text[]
}

type Given = Omit<AuditFinding, 'line' | 'commit' | 'expected' | 'found'> &
  Partial<Pick<AuditFinding, 'line' | 'commit' | 'expected' | 'found'>>

export const finding = (given: Given): AuditFinding => ({
  line: null,
  commit: null,
  expected: '',
  found: '',
  ...given,
})

export const absent: Text = {fr: 'rien', en: 'nothing'}

const excerptMax = 160

/** A line on one line, short enough to be read in a list. */
export function excerpt(line: string | undefined): Text {
  if (line === undefined) return absent
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a file that was tampered with reaches a terminal here.
  const words = line.replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, '�')
  return words.length <= excerptMax ? words : `${words.slice(0, excerptMax)}…`
}

/** The first line, from 1, in which two texts differ; null where they are the same. */
export function firstDifference(
  expected: string,
  found: string,
): {readonly line: number; readonly expected: Text; readonly found: Text} | null {
  if (expected === found) return null
  const [wanted, there] = [expected.split('\n'), found.split('\n')]
  const length = Math.max(wanted.length, there.length)
  for (let index = 0; index < length; index += 1) {
    if (wanted[index] === there[index]) continue
    return {line: index + 1, ...excerpts(wanted[index], there[index])}
  }
  return null
}

/** Two lines side by side; long ones begin a little before the place where they differ. */
export function excerpts(
  expected: string | undefined,
  found: string | undefined,
): {readonly expected: Text; readonly found: Text} {
  if (expected === undefined || found === undefined)
    return {expected: excerpt(expected), found: excerpt(found)}
  let at = 0
  while (at < expected.length && expected[at] === found[at]) at += 1
  const from = at < excerptMax / 2 ? 0 : at - 40
  const cut = (line: string) => excerpt(from === 0 ? line : `…${line.slice(from)}`)
  return {expected: cut(expected), found: cut(found)}
}
