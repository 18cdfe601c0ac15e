// Derives the documents of a run again and names what differs: in the commit that brought them, in the
// working tree and on main. Under another version of the bundle the recorded digests have to do.

import {compareDocuments} from '../../derive/compare.ts'
import {type Derived, derive, previousPaths} from '../../derive/derive.ts'
import {documentNames, leftBy} from '../../domain/document-names.ts'
import type {DocumentDigest, Event} from '../../domain/event.ts'
import {fold} from '../../domain/fold.ts'
import {recorded} from '../../domain/recorded.ts'
import type {RunState} from '../../domain/run.ts'
import type {Text} from '../../domain/text.ts'
import type {DocumentNames} from '../../domain/views/input.ts'
import type {Policy} from '../../policy/policy.ts'
import {withoutWritten} from '../../run/ending/finish.ts'
import {sha256} from '../../store/journal.ts'
import {detailed} from './difference.ts'
import {type AuditFinding, absent, finding} from './finding.ts'
import type {Past} from './past.ts'
import {type DocumentsPlace, inCommit, readTextAt} from './place.ts'
import {usedSources} from './sources.ts'

export interface DocumentsCase {
  readonly past: Past
  readonly policy: Policy
  /** Version of the bundle that audits. */
  readonly bundle: string
  readonly events: readonly Event[]
  /** The commit that brought the documents, and the one below it. */
  readonly commit: string | null
  readonly base: string | null
  readonly places: readonly DocumentsPlace[]
}

export interface DocumentsJudged {
  readonly documents: readonly string[]
  readonly findings: readonly AuditFinding[]
  readonly notes: readonly Text[]
}

export async function judgeDocuments(given: DocumentsCase): Promise<DocumentsJudged> {
  const {started, documents} = fold(given.events)
  const state = fold(withoutWritten(given.events))
  const names = documentNames(state)
  const journal = `${names.folder}/journal.jsonl`
  const paths = documents.map(({path}) => path)
  if (documents.length === 0) return {documents: paths, findings: [unwritten(journal)], notes: []}
  await given.past.blobs.load(
    [given.commit, given.base, ...given.places.map(({commit}) => commit)].flatMap((commit) =>
      commit === null ? [] : paths.map((path) => `${commit}:${path}`),
    ),
  )
  const committed = await asCommitted(given, documents)
  const wholePaths = ownDocuments(names).filter((path) => paths.includes(path))
  const byDigest = () => digestsIn(given.places, documents, wholePaths)
  if (started.bundle !== given.bundle) {
    const note: Text = {
      fr: `fait par Postgate ${started.bundle}, audité par ${given.bundle} : empreintes comparées, documents non redérivés`,
      en: `made by Postgate ${started.bundle}, audited by ${given.bundle}: digests compared, documents not derived again`,
    }
    return {documents: paths, findings: [...committed, ...(await byDigest())], notes: [note]}
  }
  const again = await deriveAgain(given, state, names, documents)
  if ('findings' in again) {
    const findings = [...committed, ...again.findings, ...(await byDigest())]
    return {documents: paths, findings, notes: []}
  }
  const {derived, note} = again
  const findings = [...committed, ...listedOtherwise(journal, paths, derived)]
  let seen: Findings[] = []
  for (const place of given.places) {
    const found = await compareIn(place, derived)
    // What was told of the working tree is not told once more of main.
    findings.push(...found.findings.filter((one) => !toldAlready(seen, found, one)))
    const changed = new Set(found.findings.map(({path}) => path))
    const rest = wholePaths.filter((path) => !changed.has(path))
    findings.push(...(await digestsIn([place], documents, rest)))
    seen = [...seen, found]
  }
  return {documents: paths, findings, notes: note === null ? [] : [note]}
}

/** Documents that this run alone writes. */
const ownDocuments = (names: DocumentNames): string[] =>
  leftBy(names).flatMap(({document, path}) =>
    ['text', 'whole'].includes(document.writing.how) ? [path] : [],
  )

const unwritten = (path: string): AuditFinding =>
  finding({
    kind: 'document',
    path,
    what: {
      fr: 'le journal ne dit pas quels documents furent écrits',
      en: 'the journal does not say which documents were written',
    },
    expected: 'documents-written',
    found: absent,
  })

/** The bytes that the commit brought are those whose digests the journal holds. */
async function asCommitted(
  {past: {blobs}, commit}: DocumentsCase,
  documents: readonly DocumentDigest[],
): Promise<AuditFinding[]> {
  if (commit === null) return []
  const paths = documents.map(({path}) => path)
  return digestsIn([inCommit(blobs, commit)], documents, paths)
}

async function digestsIn(
  places: readonly DocumentsPlace[],
  documents: readonly DocumentDigest[],
  paths: readonly string[],
): Promise<AuditFinding[]> {
  const found: AuditFinding[] = []
  for (const {read, commit} of places) {
    for (const {path, sha256: digest} of documents.filter((one) => paths.includes(one.path))) {
      const bytes = await read(path)
      const there = bytes === undefined ? absent : sha256(bytes)
      if (there === digest) continue
      found.push(
        finding({
          ...{kind: 'digest', path, commit, expected: digest, found: there},
          what: {
            fr: 'le document n’a pas l’empreinte que le journal a notée',
            en: 'the document does not have the digest that the journal recorded',
          },
        }),
      )
    }
  }
  return found
}

type Again =
  | {readonly derived: Derived; readonly note: Text | null}
  | {readonly findings: readonly AuditFinding[]}

/** With the sources whose documents come nearest to the recorded digests. */
async function deriveAgain(
  {past, policy, events, commit, base, places}: DocumentsCase,
  state: RunState,
  names: DocumentNames,
  documents: readonly DocumentDigest[],
): Promise<Again> {
  const {blobs} = past
  const {candidates, findings} = await usedSources({past, policy, base}, state)
  const previous = new Map<string, string>()
  for (const path of previousPaths(names)) {
    const source = base === null ? undefined : await blobs.read(`${base}:${path}`)
    if (source !== undefined) previous.set(path, source.toString('utf8'))
  }
  const from = commit === null ? places[0] : inCommit(blobs, commit)
  const manifest = await manifestOf(from, state, names, documents)
  let best: {derived: Derived; note: Text | null; score: number} | null = null
  try {
    for await (const {runbook, templates, note} of candidates()) {
      const derived = await derive({
        ...{events: withoutWritten(events), runbookSource: runbook, templates, previous, names},
        manifest: manifest.text,
      })
      const score = documents.filter(
        ({path, sha256: digest}) => sha256(derived.documents.get(path) ?? '') === digest,
      ).length
      if (best === null || score > best.score) best = {derived, note, score}
      if (score === documents.length) break
    }
  } catch (error) {
    // A journal that was forged with care may hold anything; a document on the base as well.
    return {findings: [...findings, underivable(names, error)]}
  }
  if (best === null) return {findings}
  const {derived, note, score} = best
  if (manifest.finding !== null) return {findings: [manifest.finding]}
  return {derived, note: score === documents.length ? note : otherwise}
}

const otherwise: Text = {
  fr: 'les documents redérivés n’ont pas les empreintes que le journal a notées : Postgate a changé sous le même numéro de version, ou le journal est un faux',
  en: 'the documents derived again do not have the digests that the journal recorded: Postgate changed under the same version number, or the journal is forged',
}

/** Nobody can build the artifact again: its manifest is known by the digest that the build recorded. */
async function manifestOf(
  place: DocumentsPlace | undefined,
  state: RunState,
  names: DocumentNames,
  documents: readonly DocumentDigest[],
): Promise<{text: string | null; finding: AuditFinding | null}> {
  const path = `${names.folder}/manifest.sha256`
  if (place === undefined || documents.every((one) => one.path !== path))
    return {text: null, finding: null}
  const text = (await readTextAt(place, path)) ?? ''
  const digest = recorded(state, 'artifact')?.digest
  if (sha256(text) === digest) return {text, finding: null}
  const wrong = finding({
    ...{kind: 'document', path, commit: place.commit, expected: digest ?? absent},
    what: {
      fr: 'le manifeste n’est pas celui de l’artefact construit',
      en: 'the manifest is not that of the artifact that was built',
    },
    found: sha256(text),
  })
  return {text, finding: wrong}
}

const underivable = ({folder}: Pick<DocumentNames, 'folder'>, error: unknown): AuditFinding =>
  finding({
    kind: 'document',
    path: `${folder}/journal.jsonl`,
    what: {
      fr: 'les documents ne se dérivent pas de ce journal',
      en: 'the documents cannot be derived from this journal',
    },
    found: error instanceof Error ? error.message : String(error),
  })

function listedOtherwise(
  journal: string,
  paths: readonly string[],
  derived: Derived,
): AuditFinding[] {
  const wanted = [...derived.documents.keys()].sort().join(', ')
  // Pictures cannot be derived again: the commit's bytes are compared with their digests instead.
  const listed = [...paths]
    .filter((path) => !path.includes('/screenshots/'))
    .sort()
    .join(', ')
  if (wanted === listed) return []
  return [
    finding({
      ...{kind: 'document', path: journal, expected: wanted, found: listed},
      what: {
        fr: 'le journal ne nomme pas les documents qu’il donne',
        en: 'the journal does not name the documents that it gives',
      },
    }),
  ]
}

interface Findings {
  readonly findings: readonly AuditFinding[]
  readonly texts: ReadonlyMap<string, string>
}

async function compareIn(place: DocumentsPlace, derived: Derived): Promise<Findings> {
  const texts = new Map<string, string>()
  for (const path of derived.documents.keys()) {
    const text = await readTextAt(place, path)
    if (text !== undefined) texts.set(path, text)
  }
  try {
    const differences = await compareDocuments(derived, texts)
    const findings = differences.map((one) => ({
      ...detailed(one, derived, texts.get(one.path)),
      commit: place.commit,
    }))
    return {findings, texts}
  } catch (error) {
    return {findings: [underivable({folder: `docs/runs/${derived.run}`}, error)], texts}
  }
}

const toldAlready = (seen: readonly Findings[], {texts}: Findings, {path}: AuditFinding): boolean =>
  seen.some((one) => one.texts.get(path) === texts.get(path))
