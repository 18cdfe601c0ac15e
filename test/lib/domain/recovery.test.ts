// One incident has one time to recovery, wherever it is told: from the impact to the proof of the bytes.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import type {EventBody} from '../../../scripts/lib/domain/event.ts'
import {fold} from '../../../scripts/lib/domain/fold.ts'
import {recoveryOf} from '../../../scripts/lib/domain/recovery.ts'
import {figuresOf} from '../../../scripts/lib/store/records/figures.ts'
import {journal, started} from '../run/story.ts'

const recovery = suite('recovery')

const deploys: EventBody = {
  ...{type: 'step-intended', phase: 'deployment', step: 'put-online', attempt: 1, effects: []},
  nature: {deploys: true},
}
const looks = (oks: readonly boolean[]): EventBody => ({
  type: 'samples-taken',
  samples: oks.map((ok, index) => ({
    ...{at: `2026-01-23T09:00:${10 + index}.000Z`, source: 'prober', ok},
    ...{status: ok ? 200 : 500, ms: 20},
  })),
})
const goesBack: EventBody = {type: 'rollback-started', kind: 'trigger', why: 'erreurs'}
const proof = (verdict: 'pass' | 'fail'): EventBody => ({
  ...{type: 'step-finished', phase: 'rollback', step: 'look', attempt: 1, verdict},
  ...{observed: '20 fichiers', evidence: [], durationMs: 10, nature: {proves: 'previous'}},
})
const answered: EventBody = {
  ...{type: 'item-judged', item: 'rollback/donnees', title: 'Décision sur les données'},
  ...{verdict: 'pass', observed: 'non', evidence: []},
  by: {role: 'Directeur', name: 'Ada', how: 'declared'},
}
const ended = (result: 'verified' | 'failed'): EventBody => ({
  ...{type: 'rollback-finished', result, observed: ''},
})

function of(lines: readonly EventBody[]) {
  const events = journal('2026-01-23T09:00:00Z', [started('production'), ...lines])
  const {impactAt, provenAt} = recoveryOf(fold(events))
  const {brokenAt, restoredAt} = figuresOf(events.map((event) => JSON.stringify(event)))
  return {told: [impactAt, provenAt], counted: [brokenAt, restoredAt], events}
}

const timeOf = (events: ReturnType<typeof journal>, type: string) =>
  events.find((event) => event.type === type)?.at

recovery('counts from the first look that failed to the proof, not to the last answer', () => {
  const {told, counted, events} = of([
    ...[deploys, looks([true, false, false]), goesBack, proof('pass')],
    ...[answered, ended('verified')],
  ])
  assert.equal(told, ['2026-01-23T09:00:11.000Z', timeOf(events, 'step-finished')])
  assert.equal(counted, told)
})

recovery('without a sign of harm it counts from the deployment', () => {
  const {told, counted, events} = of([
    ...[deploys, looks([true, true]), goesBack, proof('pass'), ended('verified')],
  ])
  assert.is(told[0], timeOf(events, 'step-intended'))
  assert.equal(counted, told)
})

recovery('a run that only goes back counts from its start', () => {
  const {told, counted, events} = of([goesBack, proof('pass'), ended('verified')])
  assert.is(told[0], events[0]?.at)
  assert.equal(counted, told)
})

recovery('what was not proven is not recovered', () => {
  const {told, counted} = of([deploys, goesBack, proof('fail'), ended('failed')])
  assert.equal([told[1], counted[1]], [null, null])
})

recovery.run()
