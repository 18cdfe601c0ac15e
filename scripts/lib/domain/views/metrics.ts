// The figures of a release that teams compare over time: lead time, durations, waiting, recovery. Of
// this run alone; the history over runs is another document.

import {recorded, recordedAt} from '../recorded.ts'
import {recoveryOf} from '../recovery.ts'
import type {RunState} from '../run.ts'
import {between, frenchDuration} from '../times.ts'
import type {ViewInput} from './input.ts'
import {runEndedAt} from './trace.ts'

/** Rows of name, value and how it was measured; what cannot be known is left out. */
export function metrics({state}: ViewInput) {
  const total = between(state.started.at, runEndedAt(state))
  const waited = waitingMs(state)
  const rows: [string, number | undefined, string][] = [
    [
      'Délai de livraison',
      leadTime(state),
      'du commit du checkpoint à la preuve des octets servis',
    ],
    ['Durée de l’exécution', total, 'du départ à la décision'],
    [
      'Attente de personnes ou de temps',
      waited,
      'pauses, du moment où elles sont dites à la reprise',
    ],
    ['Travail de la machine', Math.max(0, total - waited), 'durée moins attente'],
    [
      'Temps de rétablissement',
      recovery(state),
      'du début de l’impact à la preuve des octets de la version précédente',
    ],
  ]
  return rows.flatMap(([name, ms, how]) =>
    ms === undefined ? [] : [{name, value: ms === 0 ? 'aucune' : frenchDuration(ms), how}],
  )
}

function leadTime(state: RunState): number | undefined {
  const committed = recorded(state, 'changes')?.committedAt
  const proven = recordedAt(state, 'deployment-verified')
  if (committed === undefined || committed === null || proven === undefined) return undefined
  return between(committed, proven)
}

function recovery(state: RunState): number | undefined {
  const {impactAt, provenAt} = recoveryOf(state)
  return provenAt === null ? undefined : between(impactAt, provenAt)
}

function waitingMs(state: RunState): number {
  let since: string | null = null
  let sum = 0
  for (const event of state.events) {
    if (event.type === 'run-paused') since ??= event.at
    else if (since !== null && (event.type === 'run-resumed' || event.type === 'run-taken-over')) {
      sum += between(since, event.at)
      since = null
    }
  }
  return sum
}
