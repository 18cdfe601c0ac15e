// Which version users get after the run, and since when: judged by what was proven, never by what was
// intended.

import type {JsonOutput} from '../json-outputs.ts'
import {recorded, recordedAt} from '../recorded.ts'
import type {RunState} from '../run.ts'
import {versionLabels} from '../version-label.ts'

type Told = NonNullable<JsonOutput<'status'>['live']['production']>

export interface Live extends Omit<Told, 'run' | 'status'> {
  readonly status: Exclude<Told['status'], 'none'>
}

/** The live version at the end of `state`. A freeze touches no environment: `unchanged`. */
export function liveVersion(state: RunState): Live {
  const before = recorded(state, 'deployment-before')
  const verified = recorded(state, 'deployment-verified')
  const verifiedAt = recordedAt(state, 'deployment-verified') ?? ''
  const undone = state.rollback?.finished
  // A drill proves the checkpoint again after it has gone back.
  if (
    verified !== undefined &&
    (undone === null || undone === undefined || verifiedAt > undone.at)
  ) {
    if (state.rollback !== null && undone === null) return unknown
    const deployed = recorded(state, 'deployment')
    return {
      status: 'new',
      version: deployed?.version ?? recorded(state, 'artifact')?.version ?? null,
      id: verified.id,
      url: deployed?.url ?? null,
      since: deployed?.at ?? verified.at,
      tag: state.checkpoint.tag,
    }
  }
  if (undone?.result === 'verified') {
    const restored = recorded(state, 'deployment-restored') ?? before
    const started = state.rollback?.startedAt ?? ''
    // A host may keep the time of its first deployment: what counts is since when users get it again.
    const since = restored?.at != null && restored.at >= started ? restored.at : undone.at
    return {...known(restored), status: 'previous', since}
  }
  const untouched = undone?.result === 'nothing-to-do' || state.rollback === null
  if (untouched && !state.deploymentAttempted) return {...known(before), status: 'unchanged'}
  return unknown
}

/** Which of the run's deployments it is, by whatever id the host now calls it; null: neither. */
export function liveOrigin(state: RunState, {status}: Live): 'own' | 'before' | null {
  if (status === 'unknown') return null
  // A rehearsal has gone forward again.
  return status === 'new' || (status === 'previous' && wentForward(state)) ? 'own' : 'before'
}

const wentForward = ({steps}: RunState): boolean =>
  [...steps.values()].some(
    ({nature, verdict}) => nature.proves === 'checkpoint' && verdict === 'pass',
  )

/** What people call it; '' where it has no name. */
export function liveName(state: RunState, live: Live): string {
  const {version, id} = live
  const labels = versionLabels(state)
  const origin = liveOrigin(state, live)
  if (labels === null || origin === null) return version ?? id ?? ''
  if (id === null || id === labels.beforeId || origin === 'before')
    return labels.before ?? version ?? ''
  return labels.next
}

const unknown: Live = {
  status: 'unknown',
  version: null,
  id: null,
  url: null,
  since: null,
  tag: null,
}

function known(
  deployment: {id: string; url: string; version: string | null; at: string | null} | undefined,
) {
  return {
    version: deployment?.version ?? null,
    id: deployment?.id ?? null,
    url: deployment?.url ?? null,
    since: deployment?.at ?? null,
    tag: null,
  }
}
