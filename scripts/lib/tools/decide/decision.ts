// The decision between the three scenarios: the matrix of decision.md against the facts, and for each
// scenario whether it may run now, why not, when at the earliest, and who decides. Prompts for nothing.

import type {Scenario} from '../../domain/event.ts'
import type {JsonOutput} from '../../domain/json-outputs.ts'
import type {Incident} from '../../domain/run.ts'
import {lintProblem, lintRunbook} from '../../lint/runbook.ts'
import {readAuthorities} from '../../policy/authorities.ts'
import type {OpenContext} from '../../run/context-of.ts'
import {readOnlyContext} from '../../run/read-only-context.ts'
import type {Session, Workspace} from '../../run/session.ts'
import {isRemoteAway} from '../../store/git/remote-problem.ts'
import {leasesOf} from '../../store/lease/lease.ts'
import {incidentsSince} from '../../store/records/incidents.ts'
import {matrixOf} from './matrix.ts'
import {type Held, type Option, optionOf} from './option.ts'

export type Decision = JsonOutput<'decide'>

/** Evaluates everything, read-only. `sessions`: one for each scenario, of one workspace. */
export async function decide(
  workspace: Workspace,
  sessions: readonly Session[],
): Promise<Decision> {
  const [first] = sessions
  if (first === undefined) throw new Error('a decision needs sessions')
  const contexts = new Map<Scenario, OpenContext>()
  try {
    for (const session of sessions) {
      const found = lintProblem(await lintRunbook(session.runbook, session.catalogue, session))
      if (found !== undefined) throw found
      contexts.set(session.scenario, await readOnlyContext(session))
    }
    const [authorities, held] = await Promise.all([readAuthorities(workspace), holderOf(workspace)])
    const scenarios: Option[] = []
    for (const session of sessions) {
      const opened = contexts.get(session.scenario)
      if (opened === undefined) throw new Error(`no context for ${session.scenario}`)
      const {context} = opened
      const roles = authorities[session.scenario]
      scenarios.push(await optionOf(session, {context, roles, held}))
    }
    return {
      checkpoint: first.checkpoint,
      gate: first.gate.path,
      running: held?.running ?? null,
      incidents: await lately(workspace),
      matrix: await matrixOf(workspace, {sessions, contexts, authorities}),
      scenarios,
    }
  } finally {
    for (const opened of contexts.values()) await opened.close()
  }
}

const quietMs = 48 * 3_600_000

async function lately({world: {repository, clock}}: Workspace): Promise<readonly Incident[]> {
  const since = new Date(clock.now().getTime() - quietMs).toISOString()
  return incidentsSince(repository, clock, since)
}

async function holderOf({world}: Workspace): Promise<Held | null> {
  const {repository, clock} = world
  try {
    const found = await leasesOf({repository, clock}).read()
    if (found === null) return null
    const {run, scenario, operator, machine, since} = found.holder
    return {running: {run, scenario, operator, machine, since}, ours: found.ours}
  } catch (error) {
    // The checks that need the remote say that it is away.
    if (isRemoteAway(error)) return null
    throw error
  }
}
