// What the commit of the documents and the outcome tag (`staging-…`, `prod-…`, `freeze-…`) say, in the same
// words: the traceability fields, and the journal's head, so that the record can be checked against history.
// Both anchor the journal, since one may outlive the other.

import {bracketed, markOf} from '../mark.ts'
import type {ViewInput} from './input.ts'
import {incidentsInOneCell, trace} from './trace.ts'

export interface JournalHead {
  /** SHA-256 of the last line that the documents rest on. */
  readonly hash: string
  readonly count: number
}

export function commitMessage(input: ViewInput, head: JournalHead): string {
  return `${subject(input)}\n\n${body(input, head)}\n\n${trailers(input, head)}\n`
}

const longestSubject = 72

function subject(input: ViewInput): string {
  const facts = trace(input)
  const words = oneLine(
    bracketed(markOf(facts), `${facts.scenario} : ${facts.result}, ${facts.tag}`),
  )
  return words.length <= longestSubject ? words : `${words.slice(0, longestSubject - 1)}…`
}

function body(input: ViewInput, {hash, count}: JournalHead): string {
  const facts = trace(input)
  const rows = [
    ['Date', facts.finished],
    ['Validateur', facts.validator],
    ['Checkpoint', `${facts.tag} (${facts.commit})`],
    ['Résultat', facts.result],
    ['Incidents', incidentsInOneCell(input.state).replaceAll('\n', ' ; ')],
    ['Opérateur', `${facts.operator} sur ${facts.machine}`],
    ['Journal', `${count} événements, tête ${hash}`],
  ]
  return rows.map(([name = '', value = '']) => `${name} : ${oneLine(value)}`).join('\n')
}

/** Read back by the audit: `git interpret-trailers` finds them. */
function trailers({state}: ViewInput, {hash, count}: JournalHead): string {
  return [
    `Postgate-Run: ${oneLine(state.run)}`,
    `Postgate-Journal-Head: ${hash}`,
    `Postgate-Journal-Events: ${count}`,
  ].join('\n')
}

/** The head that a commit or tag message of `commitMessage` names; undefined where it names none. */
export function headInMessage(message: string): (JournalHead & {readonly run: string}) | undefined {
  const found = (key: string) =>
    [...message.matchAll(new RegExp(`^${key}: (.+)$`, 'gm'))].at(-1)?.[1]?.trim()
  const run = found('Postgate-Run')
  const hash = found('Postgate-Journal-Head')
  const count = Number(found('Postgate-Journal-Events'))
  if (run === undefined || hash === undefined || !Number.isInteger(count)) return undefined
  return {run, hash, count}
}

/** A value can begin no line of its own, or it could pose as a trailer. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to go.
const oneLine = (text: string) => text.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, ' ').trim()
