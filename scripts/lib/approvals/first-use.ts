// When a release to PRODUCTION can first use an approval, by its own runbook: one that is collected before is
// void, or has expired by then.

import type {Text} from '../domain/text.ts'
import {utcMinute} from '../domain/times.ts'
import {stagingIncidents, stagingValidation} from '../store/records/staging-validation.ts'
import type {ApprovalScope} from './find.ts'

export type FirstUse =
  /** Scenario A comes first, and what was signed before its end does not count. */
  {readonly type: 'behind-staging'} | {readonly type: 'from'; readonly at: Date}

/** null where the runbook makes nothing wait. */
export async function firstUse(
  scope: Pick<ApprovalScope, 'world' | 'scenario' | 'checkpoint' | 'records' | 'runbook'>,
): Promise<FirstUse | null> {
  const {world, scenario, checkpoint, runbook} = scope
  const item = runbook.prerequisites.find(({name}) => name === 'staging-validated')
  if (scenario !== 'production' || item === undefined) return null
  const records = await scope.records()
  // What is not known makes nobody wait: the check beside this one says so.
  if (!records.complete) return null
  const validation = stagingValidation(records, checkpoint, await stagingIncidents(world, records))
  if (validation === null || validation.incidents.length > 0) return {type: 'behind-staging'}
  const hours = Number(item.parameters.hours ?? 0)
  return {type: 'from', at: new Date(Date.parse(validation.at) + hours * 3_600_000)}
}

/** What is to come first, for whoever is about to collect or to sign; null where it can be used. */
export function comesFirst(
  first: FirstUse | null,
  {now, expiresAt}: {readonly now: Date; readonly expiresAt: Date},
): Text | null {
  if (first === null) return null
  if (first.type === 'behind-staging')
    return {
      fr: 'd’abord mener le scénario A à son terme, npx zx scripts/staging.ts : une approbation signée avant ne compte pas',
      en: 'first bring scenario A to its end, npx zx scripts/staging.ts: an approval signed before does not count',
    }
  if (expiresAt > first.at) return null
  const hours = Math.ceil((first.at.getTime() - now.getTime()) / 3_600_000) + 24
  return {
    fr: `B est possible à partir du ${utcMinute(first.at.toISOString())} : signer alors, ou avec --valid-for ${hours}h, sinon l’approbation expire avant`,
    en: `B is possible from ${utcMinute(first.at.toISOString())} on: sign then, or with --valid-for ${hours}h, else the approval expires before`,
  }
}
