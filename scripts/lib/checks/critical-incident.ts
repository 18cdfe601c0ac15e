// Abort: somebody has declared a critical incident on this environment since the run began, from
// whatever clone.

import type {Incident} from '../domain/run.ts'
import {utcTime} from '../domain/times.ts'
import {fail, pass, unknown} from '../domain/verdict.ts'
import type {Context} from '../engine/context.ts'
import {trigger} from '../engine/definition.ts'
import {isRemoteAway} from '../engine/git/remote.ts'
import {readIncidents} from '../engine/incidents.ts'
import {list, words} from './words.ts'

export const criticalIncident = trigger({
  name: 'critical-incident',
  describe: {
    fr: 'Un incident critique a été déclaré sur cet environnement.',
    en: 'A critical incident was declared on this environment.',
  },
  parameters: {},
  async judge(context) {
    const here = context.run().incidents.filter((incident) => concerns(context, incident))
    if (here.length > 0) return fail(list(here.map(told), 3))
    try {
      const {startedAt} = {startedAt: context.run().started.at}
      const {repository, clock} = context.world
      const declared = (await readIncidents(repository, clock)).filter(
        (incident) => incident.at >= startedAt && concerns(context, incident),
      )
      if (declared.length > 0) return fail(list(declared.map(told), 3))
      return pass({fr: 'aucun incident critique déclaré', en: 'no critical incident declared'})
    } catch (error) {
      if (!isRemoteAway(error)) throw error
      return unknown(error.parts.what)
    }
  },
})

const concerns = ({environment}: Context, incident: Incident) =>
  incident.severity === 'critical' &&
  (incident.environment === null || incident.environment === environment)

const told = ({what, by, at}: Incident) => words`${what} (${by}, ${utcTime(at)} UTC)`
