// The names of a run's documents. The dated ones are chosen once and journalled, so that a resume or
// an audit finds the same; a second one of the day ends in `_2`.

import type {Fact} from '../domain/facts.ts'
import type {RunState} from '../domain/run.ts'
import type {DocumentNames} from '../domain/views/input.ts'
import {ledgerPath} from '../domain/views/ledger-row.ts'

type Dated = Fact<'document-names'>

/** Chooses the dated names on top of the files that are there. `now`: the run's end. */
export function chooseNames(state: RunState, existing: readonly string[], now: Date): Dated {
  const day = now.toISOString().slice(0, 10).replaceAll('-', '_')
  const taken = new Set(existing)
  const free = (base: string) => {
    for (let number = 1; ; number += 1) {
      const path = `docs/${base}_${day}${number === 1 ? '' : `_${number}`}.md`
      if (!taken.has(path)) return path
    }
  }
  const freezes = state.scenario === 'freeze' && state.kind === 'scenario'
  const undone = state.rollback !== null && state.rollback.kind !== 'drill'
  return {
    report: state.scenario === 'freeze' ? null : free('DEPLOYMENT_REPORT'),
    postMortem: state.scenario === 'production' && undone ? free('POST_MORTEM_ROLLBACK') : null,
    freeze: freezes ? free('RELEASE_FREEZE') : null,
    backlog: freezes ? `docs/BACKLOG_POST_RELEASE_${day.slice(0, 7)}.md` : null,
  }
}

export function documentNames(state: RunState, dated: Dated): DocumentNames {
  return {
    folder: `docs/runs/${state.run}`,
    changelog: 'CHANGELOG.md',
    gate: state.started.gate.path,
    runbook: state.started.runbook.path,
    ledger: ledgerPath[state.scenario],
    ...dated,
  }
}
