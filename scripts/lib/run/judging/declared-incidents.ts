// Incidents that people declare elsewhere while a run goes on or waits: heard once each, journalled, and
// told to the team and to whoever sits at the terminal.

import {factRecorded} from '../../domain/facts.ts'
import {recorded} from '../../domain/recorded.ts'
import {inLang} from '../../domain/text.ts'
import {isRemoteAway} from '../../store/git/remote-problem.ts'
import {
  type DeclaredIncident,
  declaredBefore,
  readIncidents,
} from '../../store/records/incidents.ts'
import {incidentWords} from '../../words/incidents.ts'
import {announce} from '../ending/notify.ts'
import type {Running} from '../running.ts'

/** Journals what was declared since this run began and concerns its environment. With the remote away
 * nothing is heard: the next look asks again. */
export async function hearIncidents(running: Running): Promise<void> {
  const {session, run} = running
  const {repository, clock} = session.world
  let all: readonly DeclaredIncident[]
  try {
    all = await readIncidents(repository, clock)
  } catch (error) {
    if (isRemoteAway(error)) return
    throw error
  }
  const state = run.state()
  const before = recorded(state, 'incidents-before')?.ids ?? noted(running, all)
  const known = new Set([...before, ...(recorded(state, 'incidents-heard')?.ids ?? [])])
  const fresh = all.filter(
    ({id, environment}) =>
      !known.has(id) && (environment === null || environment === session.environment),
  )
  if (fresh.length === 0) return
  for (const {what, severity, environment, by, at} of fresh)
    run.append({
      ...{type: 'incident-recorded', what, severity, environment, by},
      // One that could not be read has no time of its own.
      ...(at !== '' && {declaredAt: at}),
    })
  const ids = [...known, ...fresh.map(({id}) => id)].filter((id) => !before.includes(id))
  run.append(factRecorded('incidents-heard', {ids}))
  const told = fresh.map(incidentWords)
  for (const text of told) session.terminal.warn(text)
  await announce(running, 'incident', {text: told.map((text) => inLang(text, 'fr')).join(' ; ')})
}

function noted({run}: Running, all: readonly DeclaredIncident[]): readonly string[] {
  const ids = declaredBefore(all, run.state().started.at)
  run.append(factRecorded('incidents-before', {ids}))
  return ids
}
