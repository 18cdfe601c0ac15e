// What people call a version: so that two of them can be told apart, whichever they are.

import type {Fact} from './facts.ts'
import {recorded} from './recorded.ts'
import type {RunState} from './run.ts'
import {frenchMoment} from './times.ts'

/** `2026.1.23 (0c5c2b7)`: the build number says nothing to people, the commit does. */
export function versionLabel(version: string | null, commit: string | null): string {
  const name = version === null ? '' : shortVersion(version)
  const short = commit === null ? '' : commit.slice(0, 7)
  if (name === '' || short === '') return name === '' ? short : (version ?? '')
  return `${name} (${short})`
}

/** Without the Unix seconds behind it. */
export const shortVersion = (version: string): string => version.replace(/\+\d{9,11}$/, '')

export interface VersionLabels {
  /** What was live before; null: nothing, or nothing that is known. */
  readonly before: string | null
  /** Its id at the host; null: not known. */
  readonly beforeId: string | null
  /** What this run deploys. */
  readonly next: string
}

/** Both labels of a run; null in journals from before the live version was recorded with its commit. */
export function versionLabels(state: RunState): VersionLabels | null {
  const live = recorded(state, 'changes')?.live
  if (live === undefined) return null
  const artifact = recorded(state, 'artifact')?.version ?? recorded(state, 'deployment')?.version
  const next = versionLabel(artifact ?? state.checkpoint.tag, state.checkpoint.commit)
  const before = recorded(state, 'deployment-before') ?? (live?.id == null ? null : live)
  if (before === null) return {before: null, beforeId: null, next}
  const beforeId = before.id
  const known = live !== null && (live.id === null || live.id === before.id) ? live : null
  const label = labelled(before, known?.commit ?? null)
  if (label !== next) return {before: label, beforeId, next}
  // The same checkpoint once more: only the moment tells the two apart.
  const since = known?.at ?? before.at
  const when = since === null ? 'build d’avant' : `build du ${frenchMoment(since)}`
  const beside = (words: string) => `${label.replace(/\)$/, '')}, ${words})`
  return {before: beside(when), beforeId, next: beside('nouveau build')}
}

const labelled = (
  {version, id}: Pick<NonNullable<Fact<'changes'>['live']>, 'version' | 'id'>,
  commit: string | null,
): string => versionLabel(version, commit) || (id ?? '')
