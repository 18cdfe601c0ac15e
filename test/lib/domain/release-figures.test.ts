import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {type MeasuredRun, releaseFigures} from '../../../scripts/lib/domain/release-figures.ts'

const figures = suite('release figures')
const now = new Date('2026-02-13T09:00:00Z')
const hourMs = 3_600_000

const run = (day: number, more: Partial<MeasuredRun> = {}): MeasuredRun => {
  const at = (hour: number) => new Date(Date.UTC(2026, 0, 23 + day, hour)).toISOString()
  return {
    run: `run-${day}`,
    scenario: 'production',
    kind: 'scenario',
    result: 'succeeded',
    tag: 'v1',
    commit: 'c',
    startedAt: at(9),
    endedAt: at(12),
    committedAt: at(1),
    deployedAt: at(10),
    provenAt: at(11),
    brokenAt: null,
    restoredAt: null,
    ...more,
  }
}

figures('of nothing are unknown, never zero', () => {
  const {deployments, perWeek, failureRate, leadMs, recoveryMs} = releaseFigures(
    [],
    'production',
    now,
  )
  assert.equal([deployments, perWeek, failureRate, leadMs, recoveryMs], [0, null, null, null, null])
})

figures('count what reached users: a refused run is no deployment', () => {
  const refused = run(1, {result: 'aborted', deployedAt: null, provenAt: null})
  const made = releaseFigures([run(0), refused], 'production', now)
  assert.equal([made.runs, made.deployments, made.failureRate], [2, 1, 0])
  assert.is(made.leadMs, 10 * hourMs)
  assert.is(made.perWeek, 1 / 3)
})

figures('count a rollback as a failure and measure the recovery', () => {
  const broken = run(2, {
    result: 'rolled-back',
    brokenAt: '2026-01-25T11:10:00.000Z',
    restoredAt: '2026-01-25T11:25:00.000Z',
  })
  const made = releaseFigures([run(0), broken], 'production', now)
  assert.equal([made.failures, made.failureRate, made.recoveryMs], [1, 0.5, 15 * 60_000])
})

figures('count a rollback that was asked for later, and no drill', () => {
  const later = run(3, {kind: 'rollback', result: 'rolled-back', provenAt: null})
  const drill = run(4, {kind: 'drill', result: 'drill-passed'})
  const made = releaseFigures([run(0), later, drill], 'production', now)
  assert.equal([made.runs, made.deployments, made.failures], [3, 1, 1])
})

figures('keep the environments apart, and give no frequency before a week', () => {
  const made = releaseFigures([run(0, {scenario: 'staging'}), run(20)], 'production', now)
  assert.equal([made.runs, made.perWeek], [1, null])
})

figures.run()
