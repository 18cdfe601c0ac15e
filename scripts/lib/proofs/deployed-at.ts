// When users began to get this run's version: what every figure is counted from.

import type {RunState} from '../domain/run.ts'
import {deploymentStartedAt as stepStart} from '../domain/views/watch.ts'

/** When users began to get this run's version; null before. */
export function deployedAt(run: RunState): Date | null {
  const at = stepStart(run)
  return at === null ? null : new Date(at)
}
