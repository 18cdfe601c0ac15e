// What the project's own source of figures counted beside the probes. A source that is configured and
// silent is told with its reason: it is unknown, never left out.

import type {Counts} from '../domain/statistics.ts'
import type {Text} from '../domain/text.ts'
import type {Context} from '../kit/context.ts'
import {reasonOf, words} from '../words/observed.ts'

export interface SourceFigures {
  readonly product: string
  /** null: it has no data, or did not answer. */
  readonly counts: Counts | null
  /** Why there is none, where the source said so. */
  readonly why: Text | null
}

/** The cumulative counts of `[since, until]`; null where no source but the prober is configured. */
export async function sourceFigures(
  context: Context,
  span: {readonly since: Date; readonly until: Date},
): Promise<SourceFigures | null> {
  const metrics = await context.adapters.metrics()
  if (metrics === null || metrics.product === 'prober') return null
  const {product} = metrics
  try {
    return {product, counts: await metrics.reading(span), why: null}
  } catch (error) {
    context.signal.throwIfAborted()
    return {product, counts: null, why: reasonOf(error)}
  }
}

/** What it counted, in a sentence, or why it did not. */
export function figuresText({product, counts, why}: SourceFigures): Text {
  if (counts === null) return words`${product} : ${why ?? {fr: 'aucune donnée', en: 'no data'}}`
  return words`${product} : ${counts.errors} ${{fr: 'erreurs sur', en: 'errors of'}} ${counts.requests} ${{fr: 'requêtes', en: 'requests'}}`
}
