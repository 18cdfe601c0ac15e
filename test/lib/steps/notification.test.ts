// Goal: "the team was told" is ticked by a delivery, and by nothing else.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import type {EventBody} from '../../../scripts/lib/domain/event.ts'
import {fold} from '../../../scripts/lib/domain/fold.ts'
import type {CommandResult} from '../../../scripts/lib/guard/effect.ts'
import {teamNotified} from '../../../scripts/lib/steps/notification.ts'
import {testContext} from '../../helpers/context.ts'
import {testProject, testWorld} from '../../helpers/world.ts'
import {journal, started} from '../run/story.ts'

const told = suite('the team was told')

const notified = (verdict: 'pass' | 'fail', channel: string, what = 'freeze'): EventBody => ({
  ...{type: 'notified', what, channel, verdict, observed: `${channel} ${verdict}`},
})

async function judged(
  events: readonly EventBody[],
  {channels = 1, results = []}: {channels?: number; results?: readonly CommandResult[] | null} = {},
) {
  const notify = Array.from({length: channels}, () => ({adapter: 'webhook'}))
  const world = testWorld({project: '/nowhere', cache: '/nowhere'})
  const {context} = testContext({world, project: testProject({notify})})
  const state = fold(journal('2026-01-23T09:00:00.000Z', [started('freeze'), ...events]))
  return teamNotified({...context, run: () => state}, {}, results)
}

told('once a channel took the message, whatever another one did', async () => {
  const both = [notified('pass', 'webhook'), notified('fail', 'command')]
  assert.is((await judged(both)).verdict, 'pass')
  assert.is((await judged([...both].reverse())).observed, 'webhook pass')
})

told('not by a channel that failed, by another occasion, by none that was asked', async () => {
  for (const events of [
    [notified('fail', 'webhook')],
    [notified('pass', 'webhook', 'start')],
    [],
  ]) {
    const {verdict, attestable} = await judged(events)
    assert.is(verdict, 'unknown')
    assert.ok(attestable, 'a person says how the team was told')
  }
  assert.is((await judged([], {channels: 0})).verdict, 'unknown')
})

told('not after a crash that left no answer: it is sent again', async () => {
  assert.is((await judged([], {results: null})).verdict, 'fail')
})

told.run()
