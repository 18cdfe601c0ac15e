// Which documents a run leaves, and under which names. Dated names are chosen once, by what is taken
// already, and then journalled (fact `document-names`): a resume or an audit finds the same.

import {recorded} from './recorded.ts'
import type {RunState} from './run.ts'
import {dayInName} from './times.ts'
import type {DocumentNames} from './views/input.ts'
import {ledgerPath} from './views/ledger-row.ts'
import {owesPostMortem} from './views/owed.ts'
import {endOf} from './views/trace.ts'

/** A run that was refused or closed before its first effect leaves nothing; an exit from a freeze always does. */
export function leavesDocuments(state: RunState): boolean {
  return state.effects || state.rollback !== null || state.kind === 'exit'
}

/**
 * The names of a run's documents. `isTaken` says whether a path exists already, for another run: then
 * the name ends in `_2`, `_3` and so on. Names that the journal holds are kept.
 */
export function documentNames(
  state: RunState,
  isTaken: (path: string) => boolean = () => false,
): DocumentNames {
  const dated = recorded(state, 'document-names') ?? chosenNames(state, isTaken)
  return {
    folder: `docs/runs/${state.run}`,
    changelog: 'CHANGELOG.md',
    gate: state.started.gate.path,
    runbook: state.started.runbook.path,
    ledger: ledgerPath[state.scenario],
    ...dated,
  }
}

function chosenNames(state: RunState, isTaken: (path: string) => boolean) {
  const at = endOf(state)
  const name = (base: string, wanted: boolean) =>
    wanted && leavesDocuments(state) ? free(`docs/${base}_${dayInName(at)}`, isTaken) : null
  const freezes = state.scenario === 'freeze' && state.kind === 'scenario'
  const month = dayInName(at).slice(0, 7)
  return {
    report: name('DEPLOYMENT_REPORT', state.scenario !== 'freeze'),
    postMortem: name('POST_MORTEM_ROLLBACK', owesPostMortem(state)),
    freeze: name('RELEASE_FREEZE', freezes),
    // One for a month: the next freeze of the month goes on in it.
    backlog: freezes && leavesDocuments(state) ? `docs/BACKLOG_POST_RELEASE_${month}.md` : null,
  }
}

function free(base: string, isTaken: (path: string) => boolean): string {
  for (let count = 1; ; count += 1) {
    const path = count === 1 ? `${base}.md` : `${base}_${count}.md`
    if (!isTaken(path)) return path
  }
}
