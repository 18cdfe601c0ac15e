// This very checkpoint has been on STAGING, validated and quiet, for long enough.

import {count} from '../domain/parameters.ts'
import {utcMinute} from '../domain/times.ts'
import {fail, pass, unknown} from '../domain/verdict.ts'
import {check} from '../kit/definition.ts'
import {stagingIncidents, stagingValidation} from '../store/records/staging-validation.ts'
import {byMachine, shortList, words} from '../words/observed.ts'
import {incomplete, restoreAccess} from './not-frozen.ts'

const hourMs = 3_600_000

export const stagingValidated = check({
  name: 'staging-validated',
  describe: {
    fr: 'Ce checkpoint est validé sur STAGING depuis assez longtemps, sans incident.',
    en: 'This checkpoint has been validated on STAGING for long enough, without an incident.',
  },
  parameters: {hours: count(1)},
  async judge(context, {hours}) {
    const {world, checkpoint} = context
    const records = await context.records()
    if (!records.complete) return unknown(incomplete, {next: restoreAccess})
    const incidents = await stagingIncidents(world, records)
    const validation = stagingValidation(records, checkpoint, incidents)
    if (validation === null) {
      return fail(
        {
          fr: `${checkpoint.tag} (${checkpoint.commit.slice(0, 9)}) n’est pas la version validée sur STAGING`,
          en: `${checkpoint.tag} (${checkpoint.commit.slice(0, 9)}) is not the version validated on STAGING`,
        },
        {
          next: {
            fr: 'mener d’abord le scénario A à son terme : npx zx scripts/staging.ts',
            en: 'first bring scenario A to its end: npx zx scripts/staging.ts',
          },
        },
      )
    }
    const {run, at} = validation
    const evidence = [{label: run.run}]
    if (validation.incidents.length > 0) {
      return fail(
        words`${{fr: 'incident sur STAGING depuis sa validation', en: 'incident on STAGING since its validation'}} : ${shortList(
          validation.incidents.map(
            (each) => words`${each.what} (${each.by ?? byMachine}, ${each.at.slice(0, 16)})`,
          ),
          3,
        )}`,
        {
          evidence,
          next: {
            fr: 'traiter l’incident, puis refaire le scénario A : le délai recommence',
            en: 'deal with the incident, then run scenario A again: the wait begins anew',
          },
        },
      )
    }
    const elapsed = Math.floor((world.clock.now().getTime() - Date.parse(at)) / hourMs)
    const since = utcMinute(at)
    if (elapsed >= hours) {
      return pass(
        {
          fr: `${elapsed} h sur STAGING, depuis le ${since}`,
          en: `${elapsed} h on STAGING, since ${since}`,
        },
        {evidence},
      )
    }
    const earliest = new Date(Date.parse(at) + hours * hourMs).toISOString()
    return unknown(
      {
        fr: `${Math.max(0, elapsed)} h sur les ${hours} demandées ; possible à partir du ${utcMinute(earliest)}`,
        en: `${Math.max(0, elapsed)} h of the ${hours} asked for; possible from ${utcMinute(earliest)} on`,
      },
      {evidence, earliest},
    )
  },
})
