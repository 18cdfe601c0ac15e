// Abort: somebody has declared a critical incident on this environment since the run began, from
// whatever clone.

import {factRecorded} from '../domain/facts.ts'
import {recorded} from '../domain/recorded.ts'
import type {Incident} from '../domain/run.ts'
import {utcTime} from '../domain/times.ts'
import {fail, pass, unknown} from '../domain/verdict.ts'
import type {Context} from '../kit/context.ts'
import {trigger} from '../kit/definition.ts'
import {isRemoteAway} from '../store/git/remote-problem.ts'
import {type DeclaredIncident, declaredBefore, readIncidents} from '../store/records/incidents.ts'
import {byMachine, shortList, words} from '../words/observed.ts'

export const criticalIncident = trigger({
  name: 'critical-incident',
  describe: {
    fr: 'Un incident critique a été déclaré sur cet environnement.',
    en: 'A critical incident was declared on this environment.',
  },
  parameters: {},
  async judge(context) {
    const here = context.run().incidents.filter((incident) => concerns(context, incident))
    if (here.length > 0) return fail(shortList(here.map(told), 3))
    try {
      const {repository, clock} = context.world
      const all = await readIncidents(repository, clock)
      const before = await knownBefore(context, all)
      const declared = all.filter(
        (incident) => !before.has(incident.id) && concerns(context, incident),
      )
      if (declared.length > 0) return fail(shortList(declared.map(told), 3))
      return pass({fr: 'aucun incident critique déclaré', en: 'no critical incident declared'})
    } catch (error) {
      if (!isRemoteAway(error)) throw error
      return unknown(error.parts.what)
    }
  },
})

/** The incidents that were there when this run looked first. */
async function knownBefore(
  context: Context,
  all: readonly DeclaredIncident[],
): Promise<ReadonlySet<string>> {
  const noted = recorded(context.run(), 'incidents-before')
  if (noted !== undefined) return new Set(noted.ids)
  const ids = declaredBefore(all, context.run().started.at)
  await context.record(factRecorded('incidents-before', {ids}))
  return new Set(ids)
}

const concerns = ({environment}: Context, incident: Incident) =>
  incident.severity === 'critical' &&
  (incident.environment === null || incident.environment === environment)

const told = ({what, by, at}: Incident) => words`${what} (${by ?? byMachine}, ${utcTime(at)} UTC)`
