// What an audit says of a run: each difference with its place, what was expected and what was found.

import type {JsonOutput} from '../../domain/json-outputs.ts'
import type {Text} from '../../domain/text.ts'

export type AuditFinding = RunAudit['findings'][number]

export type RunAudit = JsonOutput<'audit'>['runs'][number]

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
