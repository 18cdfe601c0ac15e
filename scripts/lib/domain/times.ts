// Moments, durations and numbers as French documents write them. Every time is UTC and says so.

type Moment = string | Date

const space = '\u202f'
const iso = (at: Moment) => (typeof at === 'string' ? new Date(at) : at).toISOString()

/** `2026-01-23 14:03:11 UTC`. */
export const utc = (at: Moment): string => `${iso(at).slice(0, 19).replace('T', ' ')} UTC`

/** `2026-01-23 14:03 UTC`. */
export const utcMinute = (at: Moment): string => `${iso(at).slice(0, 16).replace('T', ' ')} UTC`

/** `14:03:11`. */
export const utcTime = (at: Moment): string => iso(at).slice(11, 19)

/** `2026-01-23`. */
export const day = (at: Moment): string => iso(at).slice(0, 10)

/** `2026_01_23`, as file names have it. */
export const dayInName = (at: Moment): string => day(at).replaceAll('-', '_')

export const months = [
  'janvier',
  'février',
  'mars',
  'avril',
  'mai',
  'juin',
  'juillet',
  'août',
  'septembre',
  'octobre',
  'novembre',
  'décembre',
]

/** `23 janvier 2026`, `1er février 2026`. */
export function frenchDate(at: Moment): string {
  const [year = '', month = '', date = ''] = day(at).split('-')
  return `${date === '01' ? '1er' : Number(date)} ${months[Number(month) - 1] ?? month} ${year}`
}

/** `23 janvier 2026 à 14:03 UTC`. */
export const frenchMoment = (at: Moment): string =>
  `${frenchDate(at)} à ${iso(at).slice(11, 16)} UTC`

/** Milliseconds between two moments, never negative. */
export const between = (from: Moment, to: Moment): number =>
  Math.max(0, Date.parse(iso(to)) - Date.parse(iso(from)))

/** `820 ms`, `45 s`, `2 min 05 s`, `1 h 02 min`, `3 j 04 h`. */
export function frenchDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  const seconds = Math.round(ms / 1_000)
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 1_440) return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`
  const hours = Math.round(minutes / 60)
  return `${Math.floor(hours / 24)} j ${two(hours % 24)} h`
}

const two = (value: number) => String(value).padStart(2, '0')

/** `1 234,5`: thousands apart, a comma before at most `digits` decimals. */
export function frenchNumber(value: number, digits = 0): string {
  const [whole = '', decimals = ''] = Math.abs(value).toFixed(digits).split('.')
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, space)
  const rest = decimals.replace(/0+$/, '')
  return `${value < 0 ? '−' : ''}${grouped}${rest === '' ? '' : `,${rest}`}`
}

/** 0.0417 to `4,17 %`. */
export const frenchPercent = (ratio: number, digits = 2): string =>
  `${frenchNumber(ratio * 100, digits)}${space}%`

/** `1,2 Mo`: decimal units, as French documents count them. */
export function frenchBytes(count: number): string {
  const units = ['octets', 'ko', 'Mo', 'Go', 'To']
  let value = count
  let unit = 0
  while (value >= 1_000 && unit < units.length - 1) {
    value /= 1_000
    unit += 1
  }
  return `${frenchNumber(value, unit === 0 ? 0 : 1)} ${units[unit]}`
}

/** `1 incident`, `3 incidents`, `aucun incident`. */
export function frenchCount(count: number, one: string, many: string, none: string): string {
  if (count === 0) return none
  return `${frenchNumber(count)} ${count === 1 ? one : many}`
}
