// Audits one run: which copies of its journal there are, which one can be trusted, and what the rest
// says beside it.

import type {Event} from '../../domain/event.ts'
import {fold} from '../../domain/fold.ts'
import type {RunState} from '../../domain/run.ts'
import type {Text} from '../../domain/text.ts'
import type {Policy} from '../../policy/policy.ts'
import type {Repository} from '../../store/git/repository.ts'
import {sha256} from '../../store/journal.ts'
import {judgeApprovals} from './approvals.ts'
import type {Blobs} from './blobs.ts'
import {judgeDocuments} from './documents.ts'
import {type AuditFinding, absent, finding, type RunAudit} from './finding.ts'
import {type Anchor, type AnchoredHistory, journalPath} from './history.ts'
import {againstRecord, isAnchored, judgeJournal, readChain} from './journal.ts'
import type {Past} from './past.ts'
import {type DocumentsPlace, inCommit, readTextAt} from './place.ts'
import {judgeTags} from './tags.ts'

export interface AuditTools {
  readonly repository: Repository
  readonly policy: Policy
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Version of the bundle that audits. */
  readonly bundle: string
}

export async function auditRun(
  tools: AuditTools,
  {history, past}: {readonly history: AnchoredHistory; readonly past: Past},
  run: string,
): Promise<RunAudit> {
  const path = journalPath(run)
  const own = ({run: named}: Anchor) => named === run
  const commits = history.commits.filter(own)
  const tags = history.tags.filter(own)
  const anchors = [...commits, ...tags]
  const open = commits.length === 0 && !history.records.has(run) ? await history.open() : null
  if (open?.holder.run === run) return auditOpen({run, path, text: open.journal, anchors})
  const {blobs} = past
  const brought = await broughtBy(blobs, commits, path)
  const places = await placesOf(past, history, {run, commits})
  const findings: AuditFinding[] = [...withoutAnchor(path, commits), ...brought.findings]

  const copies: string[] = []
  for (const place of places) {
    const text = await readTextAt(place, path)
    if (text === undefined) findings.push(gone(path, place))
    else if (!copies.includes(text)) {
      copies.push(text)
      const {commit} = place
      findings.push(...judgeJournal({run, path, commit, text, anchors, anchored: brought.text}))
    }
  }
  const trusted = trustedOf(path, [...copies, brought.text], anchors)
  const record = history.records.get(run)
  if (record !== undefined && trusted !== null)
    findings.push(...againstRecord(run, trusted.text, record))
  if (trusted === null)
    return {
      ...{run, events: 0, approvals: 0, documents: [], findings},
      anchors: anchors.map(({name}) => name),
      notes: [untrusted],
    }
  const known = (record?.startsWith(trusted.text) && stateOf(record, path)) || trusted.state
  findings.push(...asRecorded(known, history, commits))
  findings.push(...judgeTags({state: known, history, tags}))
  const approvals = await judgeApprovals({...tools, history, past, path, state: trusted.state})
  const documents = await judgeDocuments({
    ...tools,
    past,
    events: trusted.events,
    places,
    commit: brought.commit,
    // What the documents went on top of.
    base: brought.commit === null ? (history.main ?? history.head) : brought.parent,
  })
  return {
    run,
    events: trusted.events.length,
    anchors: anchors.map(({name}) => name),
    documents: documents.documents,
    approvals: approvals.verified,
    findings: [...findings, ...approvals.findings, ...documents.findings],
    notes: [...(await recordNotes(history, run)), ...approvals.notes, ...documents.notes],
  }
}

/** Who can push can take the full record away: the commit anchors the run all the same. */
async function recordNotes(history: AnchoredHistory, run: string): Promise<readonly Text[]> {
  if (history.remoteTags === null || history.records.has(run)) return []
  if ((await history.open())?.holder.run === run) return []
  const ref = `refs/postgate/runs/${run}`
  return [
    {
      fr: `le dépôt distant n’a pas l’enregistrement complet ${ref}`,
      en: `the remote does not have the full record ${ref}`,
    },
  ]
}

/** A freeze sets its tag before its documents are written: an open run owes neither commit nor record. */
function auditOpen({
  run,
  path,
  text,
  anchors,
}: {
  readonly run: string
  readonly path: string
  readonly text: string
  readonly anchors: readonly Anchor[]
}): RunAudit {
  const findings = judgeJournal({run, path, commit: null, text, anchors, anchored: null})
  return {
    ...{run, approvals: 0, documents: [], findings},
    events: readChain(text, path).events?.length ?? 0,
    anchors: anchors.map(({name}) => name),
    notes: [stillOpen],
  }
}

const stillOpen: Text = {
  fr: 'exécution ouverte : ses documents ne sont pas encore écrits, son journal est dans le bail',
  en: 'an open run: its documents are not written yet, its journal is in the lease',
}

const untrusted: Text = {
  fr: 'aucune copie du journal n’est intacte : ses documents ne peuvent pas être redérivés',
  en: 'no copy of the journal is intact: its documents cannot be derived again',
}

function withoutAnchor(path: string, commits: readonly Anchor[]): AuditFinding[] {
  if (commits.length > 0) return []
  return [
    finding({
      kind: 'anchor',
      path,
      what: {
        fr: 'aucun commit n’ancre ce journal',
        en: 'no commit anchors this journal',
      },
      expected: 'Postgate-Run, Postgate-Journal-Head, Postgate-Journal-Events',
      found: absent,
    }),
  ]
}

const gone = (path: string, {commit}: DocumentsPlace): AuditFinding =>
  finding({
    ...{kind: 'journal', path, commit, found: absent},
    what: {fr: 'le journal manque', en: 'the journal is missing'},
    expected: {fr: 'le journal committé', en: 'the committed journal'},
  })

/** The oldest commit whose journal is the one that its own message names. */
async function broughtBy(blobs: Blobs, commits: readonly Anchor[], path: string) {
  const findings: AuditFinding[] = []
  let found: {commit: string; parent: string | null; text: string} | null = null
  for (const anchor of commits) {
    const text = (await readTextAt(inCommit(blobs, anchor.commit), path)) ?? ''
    const {commit, parent} = anchor
    if (isAnchored(text, [anchor])) found = {commit, parent, text}
    else {
      findings.push(
        finding({
          ...{kind: 'anchor', path, commit: anchor.commit, expected: anchor.hash},
          what: {
            fr: 'ce commit ancre un autre journal que celui qu’il apporte',
            en: 'this commit anchors another journal than the one it brings',
          },
          found: sha256(text.split('\n').at(-2) ?? ''),
        }),
      )
    }
  }
  return {commit: null, parent: null, text: null, ...found, findings}
}

/** Where this run's documents have to be: a branch that is older than the run lacks them rightly. */
async function placesOf(
  {blobs, tree, holds}: Past,
  {head, main}: AnchoredHistory,
  {run, commits}: {run: string; commits: readonly Anchor[]},
): Promise<DocumentsPlace[]> {
  const holdsOne = async (tip: string | null) => {
    for (const {commit} of commits) {
      if (tip !== null && (await holds(tip, commit))) return true
    }
    return false
  }
  const inTree = (await tree.read(journalPath(run))) !== undefined
  const places: DocumentsPlace[] = []
  if (inTree || (await holdsOne(head))) places.push(tree)
  if (main !== null && (await holdsOne(main))) places.push(inCommit(blobs, main))
  // Documents that still wait on a branch of their own, or that are nowhere at all.
  const [newest] = commits
  if (places.length > 0) return places
  return [newest === undefined ? tree : inCommit(blobs, newest.commit)]
}

interface Trusted {
  readonly text: string
  readonly events: readonly Event[]
  readonly state: RunState
}

/** The first whole copy that all anchors name; without one, the first that is whole. */
function trustedOf(
  path: string,
  copies: readonly (string | null)[],
  anchors: readonly Anchor[],
): Trusted | null {
  const whole = copies.flatMap((text): Trusted[] => {
    if (text === null) return []
    const {events} = readChain(text, path)
    const state = stateOf(text, path)
    return events === null || state === null ? [] : [{text, events, state}]
  })
  return (
    whole.find(({text}) => isAnchored(text, anchors)) ??
    whole.find(({text}) => text === copies.at(-1)) ??
    whole[0] ??
    null
  )
}

/** null: no journal of a run, whatever its chain says. */
function stateOf(text: string, path: string): RunState | null {
  const {events} = readChain(text, path)
  try {
    return events === null ? null : fold(events)
  } catch {
    return null
  }
}

/** The full record names commit and tag: what it names must still be in history. */
function asRecorded(
  {commit, pushed, tag, run, events}: RunState,
  {localTags, remoteTags, main}: AnchoredHistory,
  commits: readonly Anchor[],
): AuditFinding[] {
  const found: AuditFinding[] = []
  const onMain = commit !== null && pushed !== null && !pushed.branch.startsWith('postgate/')
  if (onMain && main !== null && commits.every((anchor) => anchor.commit !== commit)) {
    found.push(
      finding({
        ...{kind: 'record', path: `refs/postgate/runs/${run}`, expected: commit, found: absent},
        what: {
          fr: 'le commit des documents n’est plus dans l’historique',
          en: 'the documents’ commit is no longer in history',
        },
      }),
    )
  }
  const tagged = events.findLast((event) => event.type === 'run-tagged')
  const there = tag === null ? undefined : (remoteTags ?? localTags).get(tag)
  if (tagged !== undefined && there !== undefined && there.object !== tagged.object) {
    found.push(
      finding({
        ...{kind: 'tag', path: `refs/tags/${tagged.tag}`},
        what: {fr: 'ce n’est plus le tag qui fut posé', en: 'it is no longer the tag that was set'},
        expected: tagged.object,
        found: there.object,
      }),
    )
  }
  return found
}
