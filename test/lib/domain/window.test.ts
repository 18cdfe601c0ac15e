import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {isInside, leftMs, parseWindow, windowState} from '../../../scripts/lib/domain/window.ts'

const window = suite('maintenance window')

const spelled = (text: string) => {
  const found = parseWindow(text)
  return found === undefined ? undefined : [found.from.toISOString(), found.to.toISOString()]
}
const evening = ['2026-01-26T22:00:00.000Z', '2026-01-26T23:30:00.000Z']
const overnight = ['2026-01-26T22:00:00.000Z', '2026-01-27T01:30:00.000Z']

window('is read in the spellings that people use, as UTC', () => {
  for (const text of [
    '2026-01-26 22:00–23:30',
    '2026-01-26 22:00-23:30 UTC',
    '2026-01-26 22:00 - 23:30',
    '2026-01-26 de 22h00 à 23h30',
    '26/01/2026 de 22h à 23h30',
    'le 26/01/2026 de 22 h à 23 h 30',
    '2026-01-26T22:00Z/2026-01-26T23:30Z',
    '2026-01-26T22:00:00Z/2026-01-26T23:30:00.000Z',
    '2026-01-26 22:00 to 23:30',
    '2026-01-26 22:00 UTC → 2026-01-26 23:30 UTC',
  ]) {
    assert.equal(spelled(text), evening, text)
  }
})

window('goes on past midnight', () => {
  for (const text of [
    '2026-01-26 22:00–01:30',
    '2026-01-26 22:00 – 2026-01-27 01:30',
    'du 26/01/2026 22h au 27/01/2026 1h30',
  ]) {
    assert.equal(spelled(text), overnight, text)
  }
  assert.equal(spelled('2026-01-26 22:00–24:00')?.[1], '2026-01-27T00:00:00.000Z')
})

window(
  'is nothing where a date or an hour does not exist, or where it ends before it begins',
  () => {
    for (const text of [
      '',
      'demain soir',
      '2026-02-30 22:00–23:00',
      '2026-01-26 22:75–23:00',
      '2026-01-26 25:00–26:00',
      '2026-01-26 22:00 – 2026-01-26 21:00',
      '22:00–23:30',
      '2026-01-26 22:00',
    ]) {
      assert.is(parseWindow(text), undefined, text)
    }
  },
)

window('says whether it is open and how much it leaves', () => {
  const found = parseWindow('2026-01-26 22:00–23:30')
  assert.ok(found)
  const at = (clock: string) => new Date(`2026-01-26T${clock}:00Z`)
  assert.is(isInside(found, at('22:00')), true)
  assert.is(isInside(found, at('23:30')), false)
  assert.is(leftMs(found, at('23:00')), 30 * 60_000)
  assert.is(leftMs(found, at('21:59')), 0)
  assert.is(windowState(found, at('21:00'), 3_600_000), 'early')
  assert.is(windowState(found, at('22:15'), 3_600_000), 'open')
  assert.is(windowState(found, at('22:45'), 3_600_000), 'too-short')
  assert.is(windowState(found, at('23:30')), 'late')
})

window.run()
