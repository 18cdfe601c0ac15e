// Every forbidden act through every carrier.

import {type Act, acts} from './acts.ts'
import {type Carrier, carriers} from './carriers.ts'
import type {Trial} from './trial.ts'

const applies = (carrier: Carrier, act: Act) =>
  (act.git || !carrier.gitOnly) && (act.push || !carrier.pushOnly)

export const trials: readonly Trial[] = acts.flatMap((act) =>
  carriers.filter((carrier) => applies(carrier, act)).map((carrier): Trial => ({act, carrier})),
)

/** Each carrier and each act at least once, in as few trials as that takes. */
export const sample: readonly Trial[] = carriers.flatMap((carrier, index) => {
  const usable = acts.filter((act) => applies(carrier, act))
  const act = usable[index % usable.length]
  return act ? [{act, carrier}] : []
})
