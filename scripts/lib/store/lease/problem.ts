// What a person is told about a lease that is not theirs: who, what, since when, and what helps.

import {Problem, problem} from '../../domain/problem.ts'
import type {LeaseHolder} from './record.ts'

/** Ours no longer: whoever sees this stops at once and writes nothing more. */
export class LeaseLost extends Problem {}

const follow = 'npx zx scripts/status.ts'
const command = ({scenario}: LeaseHolder) => `npx zx scripts/${scenario}.ts`

const who = ({operator, machine, run}: LeaseHolder) => `${operator}@${machine}, ${run}`

export const leaseLost = (by: LeaseHolder | null): LeaseLost =>
  new LeaseLost({
    what: {fr: 'Ce poste ne tient plus le bail.', en: 'This machine no longer holds the lease.'},
    why:
      by === null
        ? {fr: 'il n’existe plus sur le dépôt distant', en: 'it is gone from the remote'}
        : {
            fr: `repris par ${who(by)} depuis ${by.since}`,
            en: `held by ${who(by)} since ${by.since}`,
          },
    next: {
      fr: `voir l’état : ${follow}${by === null ? '' : ` ; reprendre la main : ${command(by)} --take-over RAISON`}`,
      en: `look: ${follow}${by === null ? '' : `; take it back: ${command(by)} --take-over WHY`}`,
    },
    exit: 3,
  })

/** The refusal of a start: `held` by another. `now`: for the age. */
export const leaseHeld = (held: LeaseHolder, now: Date): Problem =>
  problem({
    what: {
      fr: `Une exécution est déjà en cours : ${held.run} (${held.scenario}).`,
      en: `A run is already in progress: ${held.run} (${held.scenario}).`,
    },
    why: {
      fr: `tenue par ${held.operator} sur ${held.machine} depuis ${held.since} (${age(held.since, now)})`,
      en: `held by ${held.operator} on ${held.machine} since ${held.since} (${age(held.since, now)})`,
    },
    next: {
      fr: `la suivre : ${follow} ; la reprendre sur ce poste : ${command(held)} --take-over RAISON ; la clore : --abort RAISON, sur l’autre poste`,
      en: `follow it: ${follow}; go on with it here: ${command(held)} --take-over WHY; close it: --abort WHY, over there`,
    },
    exit: 3,
  })

export const leaseNotFree = (by: LeaseHolder | null): Problem =>
  problem({
    what:
      by === null
        ? {fr: 'Aucune exécution à reprendre.', en: 'There is no run to take over.'}
        : {fr: `Un autre a été plus rapide : ${who(by)}.`, en: `Another was faster: ${who(by)}.`},
    next: {fr: `voir l’état : ${follow}`, en: `look: ${follow}`},
    exit: 3,
  })

function age(since: string, now: Date): string {
  const minutes = Math.floor((now.getTime() - Date.parse(since)) / 60_000)
  if (!Number.isFinite(minutes) || minutes < 0) return '?'
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d`
}
