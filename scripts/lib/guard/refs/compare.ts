// Layer 4: whatever a step did and however it did it, the refs themselves are compared before and
// after, here and on the remote. What this finds is an abort and an incident.

import {bilingual, type Text} from '../../domain/text.ts'
import type {IsAncestor} from './ancestry.ts'
import {settingChanges} from './settings.ts'
import type {Refs, RefsSnapshot} from './snapshot.ts'

export type RefFindingKind =
  | 'main-rewritten'
  | 'main-vanished'
  | 'main-forwarded'
  | 'tag-moved'
  | 'tag-vanished'
  | 'history-replaced'
  | 'remote-changed'
  | 'main-wandered'
  | 'setting-changed'
  | 'setting-added'
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

export interface RefComparisonOptions {
  readonly main: string
  /** Names of tags, without `refs/tags/`. */
  readonly validatedTags: readonly string[]
  readonly isAncestor: IsAncestor
  /** The remote's name, e.g. `origin`. */
  readonly remote?: string | null
  /** Refs that left their history and came back, as reflogs remember it. */
  readonly wandered?: readonly string[]
}

/** What happened to main and to the validated tags between two snapshots. */
export async function compareRefs(
  before: RefsSnapshot,
  after: RefsSnapshot,
  options: RefComparisonOptions,
): Promise<RefComparison> {
  const findings = await compareSide('here', before.here, after.here, options)
  for (const ref of changed(before.here, after.here, 'refs/replace/')) {
    findings.push(finding('history-replaced', 'here', ref, before.here, after.here))
  }
  if (before.remote.status === 'read' && after.remote.status === 'read') {
    findings.push(...(await compareSide('remote', before.remote.refs, after.remote.refs, options)))
    const [was, is] = [before.remote.head, after.remote.head]
    if (before.address === after.address && was !== undefined && was !== is)
      findings.push(
        finding('remote-changed', 'remote', 'HEAD', {HEAD: was ?? ''}, {HEAD: is ?? ''}),
      )
  } else if (before.remote.status !== 'none' || after.remote.status !== 'none') {
    const unread = [after.remote, before.remote].find(({status}) => status === 'unreachable')
    const {what, ...rest} = finding('unknown', 'remote', 'refs', {}, {})
    const why = unread?.status === 'unreachable' ? ` (${unread.why})` : ''
    const {fr, en} = bilingual(what)
    findings.push({...rest, what: {fr: `${fr}${why}`, en: `${en}${why}`}})
  }
  if (before.address !== after.address) {
    const [was, is] = [{url: before.address ?? ''}, {url: after.address ?? ''}]
    findings.push(finding('remote-changed', 'remote', 'url', was, is))
  }
  // What did not come back is told already, as what it is.
  const gone = findings.some(({kind}) => kind === 'main-rewritten' || kind === 'main-vanished')
  for (const ref of gone ? [] : (options.wandered ?? []))
    findings.push(finding('main-wandered', 'here', ref, before.here, after.here))
  if (before.settings !== undefined && after.settings !== undefined) {
    const {remote = null} = options
    for (const {name, violation} of settingChanges(before.settings, after.settings, remote)) {
      // A changed address is told once, as what it is.
      if (before.address !== after.address && /^(url\.|remote\..*\.url$)/.test(name)) continue
      findings.push(finding(violation ? 'setting-changed' : 'setting-added', 'here', name, {}, {}))
    }
  }
  const of = (...kinds: readonly RefFindingKind[]) =>
    findings.filter(({kind}) => kinds.includes(kind))
  return {
    violations: findings.filter(({kind}) => !allowed.includes(kind)),
    remarks: of('main-forwarded', 'setting-added'),
    unknowns: of('unknown'),
  }
}

const allowed: readonly RefFindingKind[] = ['unknown', 'main-forwarded', 'setting-added']

async function compareSide(
  where: 'here' | 'remote',
  before: Refs,
  after: Refs,
  {main, validatedTags, isAncestor}: RefComparisonOptions,
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
  const short = (value: string | null) =>
    value === null ? '—' : /^[0-9a-f]{40,64}$/.test(value) ? value.slice(0, 10) : bare(value)
  const values = was === null && is === null ? '' : ` (${short(was)} → ${short(is)})`
  return {
    kind,
    where,
    ref,
    before: was,
    after: is,
    what: {
      fr: `${ref} ${said.fr} ${side[where].fr}${values}`,
      en: `${ref} ${said.en} ${side[where].en}${values}`,
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
  'main-wandered': {
    fr: 'a quitté son histoire, puis y a été remise',
    en: 'left its history and was put back',
  },
  'setting-changed': {fr: '(réglage de git) a été modifié', en: '(a setting of git) was changed'},
  'setting-added': {fr: '(réglage de git) a été ajouté', en: '(a setting of git) was added'},
  unknown: {fr: 'n’a pas pu être comparé', en: 'could not be compared'},
}

/** An address without what stands before its host. */
const bare = (value: string) => value.replace(/\/\/[^/@\s]+@/g, '//***@')
