// A line of the one-shot validation's table.

import type {Text} from '../../domain/text.ts'
import type {ItemVerdict} from '../../domain/verdict.ts'

export interface OneShotRow {
  readonly part: 'checks' | 'flaky' | 'release' | 'history'
  readonly title: string
  readonly verdict: ItemVerdict
  readonly observed: Text
  readonly next?: Text | undefined
  readonly ms?: number
}
