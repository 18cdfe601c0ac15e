// Maintenance windows as people write them, read as UTC: `2026-01-26 22:00–23:30`,
// `26/01/2026 de 22h00 à 23h30`, `2026-01-26T22:00Z/2026-01-27T01:00Z`. A window that ends before it
// begins goes on into the next day.

export interface Window {
  readonly from: Date
  readonly to: Date
}

const date = String.raw`(?:(\d{4})-(\d{2})-(\d{2})|(\d{1,2})/(\d{1,2})/(\d{4}))`
const clock = String.raw`(\d{1,2})(?::|\s?h\s?)(\d{2})?(?::\d{2}(?:\.\d+)?)?\s?(?:Z|UTC)?`
const between = String.raw`\s*(?:–|—|-|/|->|→|à|a|au|to|until|jusqu['’]au?)\s*`
const pattern = new RegExp(
  String.raw`^(?:du|le|from|on)?\s*${date}(?:\s*T|,?\s+(?:de|from|à)?\s*)${clock}${between}` +
    String.raw`(?:${date}(?:\s*T|,?\s+(?:à|at)?\s*))?${clock}(?:\s*\(?UTC\)?)?$`,
  'iu',
)

/** The window that `text` names, or undefined where it names none, an impossible date, or an empty span. */
export function parseWindow(text: string): Window | undefined {
  const match = pattern.exec(text.trim().replace(/\s+/gu, ' '))
  if (match === null) return undefined
  const part = (index: number) => match[index]
  const startDay = dayOf(part(1), part(2), part(3), part(6), part(5), part(4))
  const endWritten = part(9) !== undefined || part(14) !== undefined
  const endDay = endWritten
    ? dayOf(part(9), part(10), part(11), part(14), part(13), part(12))
    : startDay
  const startTime = timeOf(part(7), part(8))
  const endTime = timeOf(part(15), part(16))
  if (startDay === null || endDay === null || startTime === null || endTime === null)
    return undefined
  const from = startDay + startTime
  let to = endDay + endTime
  if (to <= from && !endWritten) to += 86_400_000
  return to > from ? {from: new Date(from), to: new Date(to)} : undefined
}

/** True from the window's first moment to the one before its last. */
export const isInside = ({from, to}: Window, at: Date): boolean => at >= from && at < to

/** Milliseconds that the window still leaves; 0 outside of it. */
export const leftMs = (window: Window, at: Date): number =>
  isInside(window, at) ? +window.to - +at : 0

/** `open` where enough of it is left, `early` before it, else `late`: then another one has to be agreed on. */
export function windowState(
  window: Window,
  at: Date,
  neededMs = 0,
): 'early' | 'open' | 'too-short' | 'late' {
  if (at < window.from) return 'early'
  if (at >= window.to) return 'late'
  return leftMs(window, at) >= neededMs ? 'open' : 'too-short'
}

/** Midnight of a date given as year-month-day or in the French order; null where there is no such day. */
function dayOf(
  year: string | undefined,
  month: string | undefined,
  dayOfMonth: string | undefined,
  otherYear: string | undefined,
  otherMonth: string | undefined,
  otherDay: string | undefined,
): number | null {
  const y = Number(year ?? otherYear)
  const m = Number(month ?? otherMonth)
  const d = Number(dayOfMonth ?? otherDay)
  const at = new Date(Date.UTC(y, m - 1, d))
  return at.getUTCMonth() === m - 1 && at.getUTCDate() === d ? at.getTime() : null
}

function timeOf(hours: string | undefined, minutes = '00'): number | null {
  const h = Number(hours)
  const m = Number(minutes)
  return h <= 24 && m <= 59 && h * 60 + m <= 1_440 ? (h * 60 + m) * 60_000 : null
}
