// Judges a journal: its chain, the anchors that name its head and its length, and the full record that
// it has to be the beginning of. A chain that was computed anew is whole, and still not the anchored one.

import type {Event} from '../../domain/event.ts'
import {Problem} from '../../domain/problem.ts'
import type {Text} from '../../domain/text.ts'
import {headOf, parseJournal, sha256} from '../../store/journal.ts'
import {type AuditFinding, absent, excerpt, finding, firstDifference} from './finding.ts'
import type {Anchor} from './history.ts'

export interface JournalCase {
  readonly run: string
  readonly path: string
  /** Where it was read: null in the working tree. */
  readonly commit: string | null
  readonly text: string
  readonly anchors: readonly Anchor[]
  /** The journal as the documents' commit brought it; null where that is not known. */
  readonly anchored: string | null
}

export type Chain =
  | {readonly events: readonly Event[]; readonly broken: null}
  | {readonly events: null; readonly broken: {readonly line: number | null; readonly why: Text}}

/** The events of a journal, or where its chain is broken. */
export function readChain(text: string, path: string): Chain {
  try {
    return {events: parseJournal(text, path), broken: null}
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const {at, why, what} = error.parts
    return {events: null, broken: {line: at?.line ?? null, why: why ?? what}}
  }
}

/** Everything that is wrong with one copy of a journal. */
export function judgeJournal(given: JournalCase): AuditFinding[] {
  const {path, commit, text} = given
  const place = {path, commit}
  return [
    ...chain(given),
    ...(text.endsWith('\n') ? [] : [torn(place, text)]),
    ...given.anchors.flatMap((anchor) => againstAnchor(given, anchor)),
    ...asAnchored(given),
  ]
}

function chain({path, commit, text, run}: JournalCase): AuditFinding[] {
  const {events, broken} = readChain(text, path)
  if (broken !== null) {
    return [
      finding({
        kind: 'journal',
        path,
        commit,
        line: broken.line,
        what: {fr: 'la chaîne du journal est rompue', en: 'the journal’s chain is broken'},
        expected: {
          fr: 'un événement qui nomme le SHA-256 de la ligne précédente',
          en: 'an event that names the SHA-256 of the line before',
        },
        found: broken.why,
      }),
    ]
  }
  const [first] = events
  const named = first?.type === 'run-started' ? first.run : undefined
  if (named === run) return []
  return [
    finding({
      kind: 'journal',
      path,
      commit,
      line: 1,
      what: {
        fr: 'le journal n’est pas celui de cette exécution',
        en: 'the journal is not this run’s',
      },
      expected: run,
      found: named ?? absent,
    }),
  ]
}

const torn = (place: {path: string; commit: string | null}, text: string): AuditFinding =>
  finding({
    kind: 'journal',
    ...place,
    line: text.split('\n').length,
    what: {fr: 'la dernière ligne n’est pas finie', en: 'the last line is not ended'},
    expected: {fr: 'une fin de ligne', en: 'a line ending'},
    found: excerpt(text.split('\n').at(-1)),
  })

/** A freeze's tag is set before the documents: it anchors a beginning. The others anchor the whole. */
const isWhole = ({kind, name}: Anchor) => kind === 'commit' || !name.startsWith('freeze-')

export const anchorName = ({kind, name}: Anchor): Text =>
  kind === 'commit'
    ? {fr: `le commit ${name}`, en: `commit ${name}`}
    : {fr: `le tag ${name}`, en: `tag ${name}`}

function againstAnchor({path, commit, text}: JournalCase, anchor: Anchor): AuditFinding[] {
  const lines = text.split('\n').slice(0, -1)
  const place = {kind: 'anchor', path, commit} as const
  const {fr, en} = names(anchor)
  const events = (count: number): Text => ({fr: `${count} événements`, en: `${count} events`})
  if (lines.length < anchor.count) {
    return [
      finding({
        ...place,
        line: lines.length,
        what: {fr: `journal tronqué, selon ${fr}`, en: `truncated journal, by ${en}`},
        expected: events(anchor.count),
        found: events(lines.length),
      }),
    ]
  }
  const found: AuditFinding[] = []
  const hash = anchor.count === 0 ? headOf('').hash : sha256(lines[anchor.count - 1] ?? '')
  if (hash !== anchor.hash) {
    found.push(
      finding({
        ...place,
        line: anchor.count,
        what: {
          fr: `la tête du journal n’est pas celle qu’ancre ${fr}`,
          en: `the journal’s head is not the one that ${en} anchors`,
        },
        expected: anchor.hash,
        found: hash,
      }),
    )
  }
  if (isWhole(anchor) && lines.length > anchor.count) {
    found.push(
      finding({
        ...place,
        line: anchor.count + 1,
        what: {
          fr: `événements ajoutés après ceux qu’ancre ${fr}`,
          en: `events added after those that ${en} anchors`,
        },
        expected: events(anchor.count),
        found: events(lines.length),
      }),
    )
  }
  return found
}

function names(anchor: Anchor): {fr: string; en: string} {
  const name = anchorName(anchor)
  return typeof name === 'string' ? {fr: name, en: name} : name
}

/** Against the bytes that were committed: names the very line that was touched. */
function asAnchored({path, commit, text, anchored}: JournalCase): AuditFinding[] {
  const at = anchored === null ? null : firstDifference(anchored, text)
  if (at === null) return []
  return [
    finding({
      kind: 'journal',
      path,
      commit,
      ...at,
      what: {
        fr: 'le journal n’est plus celui qui fut committé',
        en: 'the journal is no longer the one that was committed',
      },
    }),
  ]
}

/** The full record in `refs/postgate/runs/` begins with the committed journal. */
export function againstRecord(run: string, committed: string, record: string): AuditFinding[] {
  if (record.startsWith(committed)) return []
  const at = firstDifference(committed, record.slice(0, committed.length))
  return [
    finding({
      kind: 'record',
      path: `refs/postgate/runs/${run}`,
      ...at,
      what: {
        fr: 'l’enregistrement complet ne commence pas par le journal committé',
        en: 'the full record does not begin with the committed journal',
      },
    }),
  ]
}

/** Whether this text is what every anchor names. */
export const isAnchored = (text: string, anchors: readonly Anchor[]): boolean =>
  anchors.every((anchor) => againstAnchor(plain(text), anchor).length === 0)

const plain = (text: string): JournalCase => ({
  ...{run: '', path: '', commit: null, text, anchors: [], anchored: null},
})
