// Goal: what need not be sent at this moment arrives all the same, also where nothing is sent behind it
// for hours. Method: a remote of the test's own, away as often as told.

import {setTimeout as delay} from 'node:timers/promises'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {sendingSoon} from '../../../../scripts/lib/store/lease/sending-soon.ts'

const soon = suite('what is sent soon')

/** Arrives once it was tried so often. */
function sending(away: number, lost?: Error) {
  const tried: string[] = []
  const {begin, overtake, flush} = sendingSoon(
    async (text) => {
      tried.push(text)
      if (lost !== undefined) throw lost
      return tried.length > away
    },
    {again: 20},
  )
  return {begin, overtake, flush, tried}
}

soon('is tried again until it arrives, as it is by then', async () => {
  const {begin, flush, tried} = sending(2)
  let journal = 'one'
  begin(() => journal)
  await flush()
  journal = 'two'
  for (let tries = 0; tries < 200 && tried.length < 3; tries += 1) await delay(20)
  await delay(60)
  assert.equal(tried, ['one', 'two', 'two'])
})

soon('is tried no more once something else was sent instead', async () => {
  const {begin, flush, overtake, tried} = sending(9)
  begin(() => 'one')
  await flush()
  await overtake()
  await delay(60)
  assert.equal(tried, ['one'])
})

soon('tells once what it ended with, by whichever comes first', async () => {
  const lost = new Error('lost')
  for (const first of ['begin', 'overtake'] as const) {
    const {begin, flush, overtake, tried} = sending(0, lost)
    begin(() => 'one')
    await flush()
    const told = await (async () => (first === 'begin' ? begin(() => 'two') : overtake()))().catch(
      (error: unknown) => error,
    )
    assert.is(told, lost)
    await overtake()
    assert.equal(tried, ['one'])
    begin(() => 'three')
    await overtake()
  }
})

soon.run()
