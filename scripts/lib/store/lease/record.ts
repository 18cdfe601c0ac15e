// What a lease says about its holder: `lease.json` in the commit that the ref points at.

import {z} from 'zod'
import {kindShape, scenarioShape} from '../../domain/shapes.ts'

const claim = z.object({
  run: z.string(),
  scenario: scenarioShape,
  kind: kindShape,
  machine: z.string(),
  operator: z.string(),
})

export const holderSchema = claim.extend({
  /** ISO 8601, UTC. */
  since: z.string(),
  /** Tells two holders apart whose commits would else be the same. */
  nonce: z.string(),
})

export type LeaseClaim = Readonly<z.output<typeof claim>>
export type LeaseHolder = Readonly<z.output<typeof holderSchema>>

/** Who holds the project, as people are told. */
export type ShownHolder = Pick<LeaseHolder, 'run' | 'scenario' | 'operator' | 'machine' | 'since'>

/** The holder that `lease.json` names. One that cannot be read is held all the same, by nobody we know. */
export function readHolder(text: string | null): LeaseHolder {
  try {
    return holderSchema.parse(JSON.parse(text ?? ''))
  } catch {
    return {
      run: '?',
      scenario: 'staging',
      kind: 'scenario',
      machine: '?',
      operator: '?',
      since: '?',
      nonce: '',
    }
  }
}
