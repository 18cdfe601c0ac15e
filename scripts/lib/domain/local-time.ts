// The project's own time beside UTC, in words that people read: `2026-01-23 14:03 UTC (15:03)`. What is
// recorded and compared stays UTC; the zone comes from postgate.yaml or the machine, and is journalled.

import type {View, ViewValue} from '../documents/template.ts'
import {months} from './times.ts'

/** Whether this is a time zone that the machine knows: `Europe/Paris`. */
export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', {timeZone: zone})
    return true
  } catch {
    return false
  }
}

const moment = String.raw`(\d{4}-\d\d-\d\d) (\d\d:\d\d)(?::\d\d)?`
// Told already, by whoever wrote the text.
const untold = String.raw`(?! \((?:\d{4}-\d\d-\d\d )?\d\d:\d\d)`
const plain = new RegExp(`${moment}(?: (?:au|to|→) ${moment})? UTC${untold}`, 'g')
const french = new RegExp(
  String.raw`(\d{1,2})(?:er)? (${months.join('|')}) (\d{4}) à (\d\d:\d\d) UTC${untold}`,
  'g',
)

/** Every moment of `text` with the zone's own beside it; the text as it is where that is the same or not
 * known. `named`: the zone is named as well. */
export function withLocalTimes(text: string, zone: string, how: {named?: boolean} = {}): string {
  if (!text.includes(' UTC') || !isZone(zone)) return text
  const told = (moments: readonly string[]) => {
    const local = moments.map((at) => localOf(at, zone))
    if (local.every((each) => each === null)) return ''
    const shown = local.map((each, index) => each ?? (moments[index] ?? '').slice(11))
    return ` (${shown.join(' → ')}${how.named ? ` ${zone}` : ''})`
  }
  return text
    .replace(plain, (all, day: string, time: string, toDay?: string, toTime?: string) => {
      const to = toDay === undefined ? [] : [`${toDay} ${toTime}`]
      return `${all}${told([`${day} ${time}`, ...to])}`
    })
    .replace(french, (all, date: string, month: string, year: string, time: string) => {
      const two = (value: number | string) => String(value).padStart(2, '0')
      return `${all}${told([`${year}-${two(months.indexOf(month) + 1)}-${two(date)} ${time}`])}`
    })
}

/** `15:03`, with its day where that is another; null where the zone's time is UTC's. `at`: `YYYY-MM-DD HH:MM`. */
function localOf(at: string, zone: string): string | null {
  const date = new Date(`${at.replace(' ', 'T')}:00Z`)
  if (Number.isNaN(date.getTime())) return null
  const local = formatOf(zone).format(date).replace(', ', ' ')
  if (local === at) return null
  return local.slice(0, 10) === at.slice(0, 10) ? local.slice(11) : local
}

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known !== undefined) return known
  // Sweden writes its dates as ISO does.
  const made = new Intl.DateTimeFormat('sv', {
    ...{timeZone, year: 'numeric', month: '2-digit', day: '2-digit'},
    ...{hour: '2-digit', minute: '2-digit', hourCycle: 'h23'},
  })
  formats.set(timeZone, made)
  return made
}

/** A view with local times in all of its texts. */
export const localView = (view: View, zone: string): View =>
  Object.fromEntries(Object.entries(view).map(([name, value]) => [name, localValue(value, zone)]))

function localValue(value: ViewValue, zone: string): ViewValue {
  if (typeof value === 'string') return withLocalTimes(value, zone)
  if (value === null || typeof value !== 'object') return value
  if (isMany(value)) return value.map((each) => localValue(each, zone))
  return localView(value, zone)
}

const isMany = (value: object): value is readonly ViewValue[] => Array.isArray(value)
