// What the watch asks of a source of figures.

import type {Sample} from '../../domain/event.ts'

export interface Metrics {
  readonly product: string
  /** A cumulative reading since `since`; null where there is no data, which is never healthy. */
  readonly reading: (input: {
    since: Date
    until: Date
  }) => Promise<{requests: number; errors: number} | null>
  /** One look at the entry page. */
  readonly sample?: () => Promise<Sample>
  /** One look at everything that is probed, the entry page first: one sample a source. */
  readonly samples?: () => Promise<readonly Sample[]>
}
