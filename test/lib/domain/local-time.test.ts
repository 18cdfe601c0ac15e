// Goal: people read their own time beside UTC, the right day included; nothing else of a text changes.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {isZone, localView, withLocalTimes} from '../../../scripts/lib/domain/local-time.ts'

const local = suite('local time')
const paris = (text: string) => withLocalTimes(text, 'Europe/Paris')

local('stands beside UTC, in winter and in summer, with its day where that is another', () => {
  assert.is(paris('le 2026-01-23 14:03 UTC.'), 'le 2026-01-23 14:03 UTC (15:03).')
  assert.is(paris('2026-07-23 14:03:11 UTC'), '2026-07-23 14:03:11 UTC (16:03)')
  assert.is(paris('2026-12-31 23:30 UTC'), '2026-12-31 23:30 UTC (2027-01-01 00:30)')
  assert.is(
    withLocalTimes('2026-01-01 03:00 UTC', 'America/New_York'),
    '2026-01-01 03:00 UTC (2025-12-31 22:00)',
  )
  assert.is(
    withLocalTimes('2026-01-01 03:00 UTC', 'Asia/Kolkata', {named: true}),
    '2026-01-01 03:00 UTC (08:30 Asia/Kolkata)',
  )
})

local('follows the hour that summer time skips and the one that it repeats', () => {
  assert.is(
    paris('2026-03-29 00:59 UTC / 2026-03-29 01:00 UTC'),
    '2026-03-29 00:59 UTC (01:59) / 2026-03-29 01:00 UTC (03:00)',
  )
  assert.is(
    paris('2026-10-25 00:30 UTC / 2026-10-25 01:30 UTC'),
    '2026-10-25 00:30 UTC (02:30) / 2026-10-25 01:30 UTC (02:30)',
  )
})

local('of words and of spans', () => {
  assert.is(paris('1er août 2026 à 09:00 UTC'), '1er août 2026 à 09:00 UTC (11:00)')
  assert.is(
    paris('du 2026-12-01 11:00 au 2026-12-01 17:00 UTC'),
    'du 2026-12-01 11:00 au 2026-12-01 17:00 UTC (12:00 → 18:00)',
  )
})

local('is told once, and not where it is UTC’s own or the zone is none', () => {
  const text = 'le 2026-01-23 14:03 UTC'
  assert.is(paris(paris(text)), paris(text))
  assert.is(withLocalTimes(paris(text), 'Europe/Paris', {named: true}), paris(text))
  for (const zone of ['UTC', 'Europe/London', 'Nowhere/At_All', ''])
    assert.is(withLocalTimes(text, zone), text)
  for (const other of ['2026-01-23T14:03:00Z', '14:03 UTC', '2026-13-45 99:99 UTC', '2026-01-23'])
    assert.is(paris(other), other)
  assert.ok(isZone('Europe/Paris') && !isZone('Europe/Lutece'))
})

local('reaches every text of a view', () => {
  const at = '2026-01-23 14:03 UTC'
  assert.equal(localView({a: at, n: 1, rows: [{at}], none: null}, 'Europe/Paris'), {
    ...{a: `${at} (15:03)`, n: 1, rows: [{at: `${at} (15:03)`}], none: null},
  })
})

local.run()
