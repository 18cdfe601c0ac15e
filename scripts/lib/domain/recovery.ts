// How long users had something broken: defined once, for the report, the post-mortem and the history.

import {deploymentStartedAt, recordedAt} from './recorded.ts'
import type {RunState} from './run.ts'

export interface Recovery {
  /** The first sign of harm behind the deployment; else the deployment itself, else the run's start. */
  readonly impactAt: string
  /** The trigger, or the decision to go back. */
  readonly detectedAt: string | null
  /** The previous version was put back. */
  readonly mitigatedAt: string | null
  /** Its bytes were proven to be served: what people answer afterwards is no part of the recovery. */
  readonly provenAt: string | null
}

export function recoveryOf(state: RunState): Recovery {
  const {rollback, samples, triggers, started} = state
  const deployed = deploymentStartedAt(state)
  const harmed = samples.find(({at, ok}) => ok === false && deployed !== null && at >= deployed)
  const finished = rollback?.finished ?? null
  return {
    impactAt: harmed?.at ?? deployed ?? started.at,
    detectedAt: triggers[0]?.at ?? rollback?.startedAt ?? null,
    mitigatedAt: recordedAt(state, 'deployment-restored') ?? finished?.at ?? null,
    provenAt: finished?.result === 'verified' ? (proofOf(state) ?? finished.at) : null,
  }
}

const proofOf = ({steps, rollback}: RunState): string | undefined =>
  [...steps.values()].find(
    ({nature, verdict, finishedAt}) =>
      nature.proves === 'previous' &&
      verdict === 'pass' &&
      finishedAt !== null &&
      rollback !== null &&
      finishedAt >= rollback.startedAt,
  )?.finishedAt ?? undefined
