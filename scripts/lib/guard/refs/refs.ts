// Layer 4: whatever a step did and however it did it, the refs themselves are compared before and
// after, here and on the remote. What this finds is an abort and an incident.

import type {Text} from '../../domain/text.ts'
import {GitFailure, git} from './git.ts'

export type Refs = Readonly<Record<string, string>>

export type RemoteRefs =
  | {readonly status: 'none'}
  | {readonly status: 'read'; readonly address: string; readonly refs: Refs}
  | {readonly status: 'unreachable'; readonly address: string; readonly why: string}

export interface RefsSnapshot {
  readonly here: Refs
  readonly remote: RemoteRefs
  /** What `git ls-remote --get-url` says: a changed one would hide what happens to the real one. */
  readonly address: string | null
}

export interface SnapshotOptions {
  readonly repository: string
  /** The remote's name, e.g. `origin`; null where the project has none. */
  readonly remote: string | null
  /** The snapshot before: the remote is asked at the address known then. */
  readonly before?: RefsSnapshot
  readonly timeoutMs?: number
}

/** Reads heads, tags and replacements, here and on the remote. A remote that is away is a fact. */
export async function snapshotRefs(options: SnapshotOptions): Promise<RefsSnapshot> {
  const {repository, remote, before, timeoutMs = 60_000} = options
  const format = '--format=%(objectname) %(refname)'
  const local = git(repository, ['for-each-ref', format, 'refs/heads', 'refs/tags', 'refs/replace'])
  const address = remote === null ? null : await addressOf(repository, remote)
  const asked = before?.address ?? address
  const away = asked === null ? none : readRemote(repository, asked, timeoutMs)
  return {here: parse(await local), remote: await away, address}
}

const none: Promise<RemoteRefs> = Promise.resolve({status: 'none'})

async function addressOf(repository: string, remote: string): Promise<string | null> {
  const address = (await git(repository, ['ls-remote', '--get-url', remote])).trim()
  return address === '' ? null : address
}

async function readRemote(
  repository: string,
  address: string,
  timeoutMs: number,
): Promise<RemoteRefs> {
  try {
    const words = ['ls-remote', '--refs', address, 'refs/heads/*', 'refs/tags/*']
    return {status: 'read', address, refs: parse(await git(repository, words, timeoutMs))}
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return {status: 'unreachable', address, why}
  }
}

function parse(lines: string): Refs {
  const refs: Record<string, string> = {}
  for (const line of lines.split('\n')) {
    const [oid = '', ref] = line.split(/[ \t]/)
    if (ref) refs[ref] = oid
  }
  return refs
}

/** true, false, or undefined where nobody can tell. */
export type IsAncestor = (
  ancestor: string,
  descendant: string,
) => boolean | undefined | Promise<boolean | undefined>

/** Asks git; what another person pushed meanwhile is fetched (no ref is written). */
export function ancestry(repository: string, remote: RemoteRefs, main: string): IsAncestor {
  return async (ancestor, descendant) => {
    const known = (oid: string) =>
      git(repository, ['cat-file', '-e', `${oid}^{commit}`]).then(
        () => true,
        () => false,
      )
    if (!(await known(descendant)) && remote.status === 'read') {
      const ref = `refs/heads/${main}`
      const words = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--no-auto-gc']
      await git(repository, [...words, remote.address, ref]).catch(() => '')
    }
    try {
      await git(repository, ['merge-base', '--is-ancestor', ancestor, descendant])
      return true
    } catch (error) {
      return error instanceof GitFailure && error.exitCode === 1 ? false : undefined
    }
  }
}

export type RefFindingKind =
  | 'main-rewritten'
  | 'main-vanished'
  | 'main-forwarded'
  | 'tag-moved'
  | 'tag-vanished'
  | 'history-replaced'
  | 'remote-changed'
  | 'unknown'

export interface RefFinding {
  readonly kind: RefFindingKind
  readonly where: 'here' | 'remote'
  readonly ref: string
  readonly before: string | null
  readonly after: string | null
  readonly what: Text
}

export interface RefComparison {
  /** Abort and incident. */
  readonly violations: readonly RefFinding[]
  /** Allowed, and noted: code that came to main in mid-run. */
  readonly remarks: readonly RefFinding[]
  /** Could not be judged: no pass either. */
  readonly unknowns: readonly RefFinding[]
}

export interface CompareOptions {
  readonly main: string
  /** Names of tags, without `refs/tags/`. */
  readonly validatedTags: readonly string[]
  readonly isAncestor: IsAncestor
}

/** What happened to main and to the validated tags between two snapshots. */
export async function compareRefs(
  before: RefsSnapshot,
  after: RefsSnapshot,
  options: CompareOptions,
): Promise<RefComparison> {
  const findings = await compareSide('here', before.here, after.here, options)
  for (const ref of changed(before.here, after.here, 'refs/replace/')) {
    findings.push(finding('history-replaced', 'here', ref, before.here, after.here))
  }
  if (before.remote.status === 'read' && after.remote.status === 'read') {
    findings.push(...(await compareSide('remote', before.remote.refs, after.remote.refs, options)))
  } else if (before.remote.status !== 'none' || after.remote.status !== 'none') {
    findings.push(finding('unknown', 'remote', 'refs', {}, {}))
  }
  if (before.address !== after.address) {
    const [was, is] = [{url: before.address ?? ''}, {url: after.address ?? ''}]
    findings.push(finding('remote-changed', 'remote', 'url', was, is))
  }
  const of = (...kinds: readonly RefFindingKind[]) =>
    findings.filter(({kind}) => kinds.includes(kind))
  return {
    violations: findings.filter(({kind}) => kind !== 'unknown' && kind !== 'main-forwarded'),
    remarks: of('main-forwarded'),
    unknowns: of('unknown'),
  }
}

async function compareSide(
  where: 'here' | 'remote',
  before: Refs,
  after: Refs,
  {main, validatedTags, isAncestor}: CompareOptions,
): Promise<RefFinding[]> {
  const findings: RefFinding[] = []
  const add = (kind: RefFindingKind, ref: string) =>
    findings.push(finding(kind, where, ref, before, after))
  const branch = `refs/heads/${main}`
  const [was, is] = [before[branch], after[branch]]
  if (was !== undefined && is === undefined) add('main-vanished', branch)
  if (was !== undefined && is !== undefined && was !== is) {
    const forward = await isAncestor(was, is)
    if (forward === undefined) add('unknown', branch)
    else add(forward ? 'main-forwarded' : 'main-rewritten', branch)
  }
  for (const tag of validatedTags) {
    const ref = `refs/tags/${tag}`
    if (before[ref] === undefined || before[ref] === after[ref]) continue
    add(after[ref] === undefined ? 'tag-vanished' : 'tag-moved', ref)
  }
  return findings
}

const changed = (before: Refs, after: Refs, prefix: string) =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (ref) => ref.startsWith(prefix) && before[ref] !== after[ref],
  )

function finding(
  kind: RefFindingKind,
  where: 'here' | 'remote',
  ref: string,
  before: Refs,
  after: Refs,
): RefFinding {
  const was = before[ref] ?? null
  const is = after[ref] ?? null
  const side = {
    here: {fr: 'ici', en: 'here'},
    remote: {fr: 'sur le dépôt distant', en: 'on the remote'},
  }
  const said = sayings[kind]
  const from = was?.slice(0, 10) ?? '—'
  const to = is?.slice(0, 10) ?? '—'
  return {
    kind,
    where,
    ref,
    before: was,
    after: is,
    what: {
      fr: `${ref} ${said.fr} ${side[where].fr} (${from} → ${to})`,
      en: `${ref} ${said.en} ${side[where].en} (${from} → ${to})`,
    },
  }
}

const sayings: Readonly<Record<RefFindingKind, {readonly fr: string; readonly en: string}>> = {
  'main-rewritten': {fr: 'a été réécrite', en: 'was rewritten'},
  'main-vanished': {fr: 'a été supprimée', en: 'was deleted'},
  'main-forwarded': {fr: 'a avancé', en: 'moved forward'},
  'tag-moved': {fr: '(tag validé) a été déplacé', en: '(a validated tag) was moved'},
  'tag-vanished': {fr: '(tag validé) a disparu', en: '(a validated tag) vanished'},
  'history-replaced': {fr: 'remplace l’histoire', en: 'replaces history'},
  'remote-changed': {fr: 'désigne un autre dépôt', en: 'points at another repository'},
  unknown: {fr: 'n’a pas pu être comparé', en: 'could not be compared'},
}
