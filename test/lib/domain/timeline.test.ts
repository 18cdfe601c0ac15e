// The course of a run tells each thing once, also where a process died between two of its events.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import type {EventBody} from '../../../scripts/lib/domain/event.ts'
import {fold} from '../../../scripts/lib/domain/fold.ts'
import {moments} from '../../../scripts/lib/domain/views/timeline.ts'
import {journal, started} from '../run/story.ts'

const timeline = suite('timeline')

const judged: EventBody = {
  type: 'item-judged',
  item: 'abort/octets',
  title: 'Octets servis différents',
  evidence: [],
  verdict: 'fail',
  observed: '19/20 conformes',
  by: null,
}
const resumed: EventBody = {
  type: 'run-resumed',
  operator: 'camille',
  machine: 'poste-12',
  note: 'rien en suspens',
}
const fired: EventBody = {
  type: 'trigger-fired',
  trigger: 'step-failed',
  item: 'abort/octets',
  observed: 'Octets servis différents : 19/20 conformes',
}

function tellings(lines: readonly EventBody[]): number {
  const state = fold(journal('2026-01-23T09:00:00Z', [started('staging'), ...lines]))
  const runbook = {path: 'runbooks/staging.md', title: 'A', items: [], risks: []}
  return moments(state, runbook).filter(({what}) => what.includes('19/20')).length
}

timeline('a criterion that fires is told by its trigger alone, killed in between or not', () => {
  assert.is(tellings([judged, fired]), 1)
  assert.is(tellings([judged, resumed, fired]), 1)
  assert.is(tellings([judged, resumed, judged, fired]), 1)
})

timeline('a criterion that held before a process died, and no longer, is told', () => {
  assert.is(tellings([judged, resumed]), 1)
})

timeline('a resume is one line: what it judges again and finds as it was is not told again', () => {
  const waits: EventBody = {
    ...{type: 'item-judged', item: 'prerequisites/nightly', title: 'Nightly', evidence: []},
    ...{verdict: 'unknown', observed: '19/20 cycles', by: null},
  }
  const said: EventBody = {
    ...{type: 'item-judged', item: 'prerequisites/accord', title: 'Accord', evidence: []},
    ...{verdict: 'pass', observed: 'donné à 19/20 personnes'},
    by: {role: 'PCA', name: 'Ada', how: 'declared'},
  }
  assert.is(tellings([waits, said, resumed, waits, said, resumed, waits, said]), 2)
  assert.is(tellings([waits, resumed, {...waits, observed: 'encore 19/20'}, resumed, waits]), 3)
})

timeline.run()
