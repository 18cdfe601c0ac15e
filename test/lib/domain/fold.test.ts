import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {apply, fold} from '../../../scripts/lib/domain/fold.ts'
import type {RunState} from '../../../scripts/lib/domain/run.ts'
import type {StepNature} from '../../../scripts/lib/domain/step-nature.ts'
import {mayBeLive} from '../../../scripts/lib/run/stepping/machine-bound.ts'
import {workedMs} from '../../helpers/worked.ts'
import {
  frozen,
  journal,
  opened,
  productionRolledBack,
  stagingSuccess,
  started,
} from '../run/story.ts'

const folding = suite('fold')

/** Maps compared as lists, since uvu compares them by their order anyway. */
const plain = (state: RunState) => ({
  ...state,
  items: [...state.items],
  steps: [...state.steps],
  facts: [...state.facts],
})

folding('event by event comes to the same state as all at once, at each event', () => {
  for (const events of [stagingSuccess(), productionRolledBack(), frozen()]) {
    let state = fold(events.slice(0, 1))
    for (const [index, event] of events.slice(1).entries()) {
      const before = JSON.stringify(plain(state))
      const next = apply(state, event)
      assert.is(JSON.stringify(plain(state)), before)
      assert.equal(plain(next), plain(fold(events.slice(0, index + 2))))
      state = next
    }
  }
})

folding(
  'goes on from any state that it gave, and leaves each as it was, whenever it is read',
  () => {
    const events = productionRolledBack()
    const states = [fold(events.slice(0, 1))]
    for (const event of events.slice(1)) {
      const last = states.at(-1)
      if (last !== undefined) states.push(apply(last, event))
    }
    const [incident = events[0], decided] = events.slice(-2)
    for (const [index, state] of states.entries()) {
      const known = events.slice(0, index + 1)
      if (index % 2 === 0 && incident !== undefined)
        assert.equal(plain(apply(state, incident)), plain(fold([...known, incident])), 'a branch')
      assert.equal(plain(state), plain(fold(known)), 'read late')
    }
    const read = fold(events)
    assert.is(read.events, read.events)
    if (decided !== undefined) apply(read, decided)
    assert.is(read.events.length, events.length)
  },
)

folding('costs each event of a long journal once', () => {
  const worked = (count: number) => {
    const events = journal('2026-01-23T09:00:00Z', [
      started('staging'),
      ...Array.from({length: count}, (_, index) => ({
        ...{type: 'samples-taken' as const},
        samples: [{at: `${index}`, source: 's', ok: true, status: 200, ms: 1}],
      })),
    ])
    const before = workedMs()
    let state = fold(events.slice(0, 1))
    for (const event of events.slice(1)) state = apply(state, event)
    assert.is(state.samples.length, count)
    return workedMs() - before
  }
  worked(2_000)
  assert.ok(worked(60_000) < 30 * Math.max(20, worked(4_000)))
})

folding('keeps the last attempt of a step, with its own commands and duration', () => {
  const build = fold(stagingSuccess()).steps.get('deployment/build')
  assert.is(build?.attempt, 2)
  assert.is(build?.verdict, 'pass')
  assert.is(build?.durationMs, 65_000)
  assert.equal(
    build?.children.map(({exitCode, ended}) => [exitCode, ended]),
    [[0, true]],
  )
})

folding('counts an effect from the intent on, in an EXECUTIVE phase only', () => {
  const intent = (phase: string) =>
    ({type: 'step-intended', phase, step: 'x', attempt: 1, effects: ['x']}) as const
  const after = (mode: 'READ-ONLY' | 'EXECUTIVE') =>
    fold(journal('2026-01-23T09:00:00Z', [started('staging'), opened('p', 'P', mode), intent('p')]))
  assert.is(after('READ-ONLY').effects, false)
  assert.is(after('EXECUTIVE').effects, true)
  assert.is(after('EXECUTIVE').steps.get('p/x')?.status, 'intended')
})

folding(
  'knows a deployment by what its step says of itself, and of older journals by its id',
  () => {
    const base = {type: 'step-intended', phase: 'p', attempt: 1, effects: ['x']} as const
    const intent = (step: string, nature?: StepNature) => ({...base, step, ...(nature && {nature})})
    const attempted = (...event: Parameters<typeof intent>) => {
      const events = [started('staging'), opened('p', 'P', 'EXECUTIVE'), intent(...event)]
      const state = fold(journal('2026-01-23T09:00:00Z', events))
      return [state.deploymentAttempted, mayBeLive(state)]
    }
    assert.equal(attempted('publish', {deploys: true}), [true, true])
    assert.equal(attempted('deploy'), [true, true], 'journalled before natures were')
    assert.equal(attempted('deploy', {}), [false, false])
    assert.equal(attempted('publish'), [false, false])
  },
)

folding('forgets a pause when the run goes on', () => {
  const paused = [
    started('staging'),
    {type: 'run-paused', waitingFor: ['QA'], earliest: null},
  ] as const
  assert.is(fold(journal('2026-01-23T09:00:00Z', paused)).pause?.waitingFor.length, 1)
  const resumed = {type: 'run-resumed', machine: 'm', operator: 'o', note: 'n'} as const
  assert.is(fold(journal('2026-01-23T09:00:00Z', [...paused, resumed])).pause, null)
})

folding('refuses a journal that does not begin, or begins twice', () => {
  assert.throws(() => fold([]), /run-started/)
  const [first] = stagingSuccess()
  assert.ok(first)
  assert.throws(() => fold([first, first]), /begins once/)
})

folding('of ten thousand events takes well under a second', () => {
  const many = Array.from({length: 10_000}, (_, index) => ({
    type: 'fact-recorded' as const,
    name: `f${index % 50}`,
    value: index,
  }))
  const events = journal('2026-01-23T09:00:00Z', [started('staging'), ...many])
  const before = workedMs()
  assert.is(fold(events).facts.size, 50)
  assert.ok(workedMs() - before < 500)
})

folding.run()
