// What one test file came to, as its process tells it.

import {z} from 'zod'

export const outcomeShape = z.object({
  passed: z.number(),
  failed: z.number(),
  /** uvu's own words about each failed test. */
  errors: z.array(z.string()),
  /** What is wrong with the file as a whole; each counts as one failure. */
  faults: z.array(z.string()),
})

export type Outcome = z.output<typeof outcomeShape>
