// What the watch asks of a source of figures.

import type {Sample} from '../../domain/event.ts'

export interface Metrics {
  readonly product: string
  /** A cumulative reading since `since`; null where there is no data, which is never healthy. */
  readonly reading: (input: {
    since: Date
    until: Date
  }) => Promise<{requests: number; errors: number} | null>
  readonly sample?: () => Promise<Sample>
}
