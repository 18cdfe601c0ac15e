// The freeze document: what is frozen, why, by whom, until when, and what its end needs.

import {recorded} from '../recorded.ts'
import type {ViewInput} from './input.ts'
import {pathLink} from './links.ts'
import {owed} from './owed.ts'
import {reportView} from './report.ts'
import {summary} from './summary.ts'
import {fr} from './words.ts'

/** Everything of the report's view too: the same tables fill the freeze document. */
export function freezeView(input: ViewInput) {
  const {state, names} = input
  const path = names.freeze ?? `${names.folder}/freeze.md`
  const freeze = recorded(state, 'freeze')
  const exit = recorded(state, 'freeze-exit')
  const report = reportView({...input, names: {...names, report: path}})
  return {
    ...report,
    summary: summary(input),
    owed: owed(state).map(({what}) => fr(what)),
    freeze: {
      reason: freeze?.reason ?? '',
      scope: freeze?.scope ?? '',
      responsible: freeze?.responsible ?? '',
      planned: freeze?.planned ?? '',
      plannedDate: freeze?.plannedDate ?? '',
      review: freeze?.review ?? '',
      exitCriteria: freeze?.exitCriteria ?? '',
      tag: freeze?.tag ?? state.tag ?? '',
    },
    backlog: names.backlog === null ? '' : pathLink('backlog post-release', names.backlog, path),
    exit: {
      any: exit !== undefined,
      holds: exit?.holds ?? false,
      commits: (exit?.commits ?? []).map(({sha, subject}) => ({sha: sha.slice(0, 7), subject})),
      files: exit?.files ?? [],
    },
  }
}
