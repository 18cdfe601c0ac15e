// The way back was rehearsed on STAGING not long ago, and worked: from the recorded drills.

import {count} from '../domain/parameters.ts'
import {utcMinute} from '../domain/times.ts'
import {fail, pass, unknown} from '../domain/verdict.ts'
import {check} from '../kit/definition.ts'
import {incomplete, restoreAccess} from './not-frozen.ts'

const dayMs = 86_400_000

export const rollbackTested = check({
  name: 'rollback-tested',
  describe: {
    fr: 'Un exercice de rollback vérifié a eu lieu récemment sur STAGING.',
    en: 'A verified rollback drill took place on STAGING recently.',
  },
  parameters: {'max-days': count(1)},
  async judge(context, {'max-days': maxDays}) {
    const records = await context.records()
    const last = records.runs.findLast(
      ({scenario, kind, result}) => scenario === 'staging' && kind === 'drill' && result !== null,
    )
    const next = {
      fr: 'répéter le rollback : npx zx scripts/staging.ts --rollback drill',
      en: 'rehearse the rollback: npx zx scripts/staging.ts --rollback drill',
    }
    if (last === undefined) {
      if (!records.complete) return unknown(incomplete, {next: restoreAccess})
      return fail({fr: 'aucun exercice enregistré', en: 'no drill recorded'}, {next})
    }
    const at = last.endedAt ?? last.startedAt
    const evidence = [{label: last.run}]
    if (last.result !== 'drill-passed') {
      return fail(
        {fr: `l’exercice du ${utcMinute(at)} a échoué`, en: `the drill of ${utcMinute(at)} failed`},
        {evidence, next},
      )
    }
    const days = (context.world.clock.now().getTime() - Date.parse(at)) / dayMs
    const told = {
      fr: `exercice réussi le ${utcMinute(at)}, ${days < 1 ? 'il y a moins d’un jour' : `il y a ${Math.floor(days)} j`}`,
      en: `drill passed on ${utcMinute(at)}, ${days < 1 ? 'less than a day' : `${Math.floor(days)} d`} ago`,
    }
    if (days >= maxDays) return fail(told, {evidence, next})
    return records.complete
      ? pass(told, {evidence})
      : unknown(incomplete, {evidence, next: restoreAccess})
  },
})
