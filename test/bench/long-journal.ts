// A run whose journal grew long, event by event as it is written, and its documents: 50,000 events
// against 5,000. A watch's looks are most of them, as in life.

import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {deriveDocuments} from '../../scripts/lib/derive/derive.ts'
import {documentNames} from '../../scripts/lib/domain/document-names.ts'
import type {Event, EventBody} from '../../scripts/lib/domain/event.ts'
import {apply, fold} from '../../scripts/lib/domain/fold.ts'
import {journal, productionRolledBack} from '../lib/run/story.ts'
import {type Figure, inTurn, root, round, timed} from './measure.ts'
import {templatesOf} from './recorded-history.ts'

export const longJournal: Figure = {
  name: 'a journal of 50,000 events against one of 5,000, folded event by event and reported',
  limit: 12,
  unit: 'ratio',
  measure: async () => {
    const [few, many] = [eventsOf(5_000), eventsOf(50_000)]
    const source = readFileSync(join(root, 'runbooks/production.md'), 'utf8')
    const work = async (events: readonly Event[]) => {
      let state = fold(events.slice(0, 1))
      for (const event of events.slice(1)) state = apply(state, event)
      const names = documentNames(state)
      const documents = await deriveDocuments({
        ...{events: state.events, runbookSource: source, templates: templatesOf(root), names},
        ...{previous: new Map(), manifest: null},
      })
      if (names.report === null || documents.get(names.report) === undefined)
        throw new Error('no report')
    }
    await work(few)
    const {ours, theirs, ratio, processor} = await inTurn(
      3,
      () => timed(() => work(many)),
      () => timed(() => work(few)),
    )
    return {
      value: round(ratio),
      raw: {'50,000 events ms': round(ours), '5,000 events ms': round(theirs), ...processor},
    }
  },
}

/** A PRODUCTION run with this many events: a look a second, and what was judged again every tenth. */
function eventsOf(count: number): Event[] {
  const [start = [], end = []] = [
    productionRolledBack().slice(0, -8),
    productionRolledBack().slice(-8),
  ]
  const from = Date.parse(start.at(-1)?.at ?? '')
  const looks = Array.from({length: count - start.length - end.length}, (_, index): EventBody => {
    const at = new Date(from + index * 1_000).toISOString()
    if (index % 10 === 9) {
      return {
        ...{type: 'item-judged', item: 'abort/downtime', title: 'Indisponibilité', verdict: 'pass'},
        ...{observed: `l’application répond (${index})`, evidence: [], by: null},
      }
    }
    const samples = [{at, source: 'sonde', ok: true, status: 200, ms: 20 + (index % 7)}]
    return {type: 'samples-taken', samples}
  })
  return journal('2026-01-26T22:00:00.000Z', [...start, ...looks, ...end])
}
