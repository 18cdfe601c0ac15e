// The one grammar of a stamp's line: `↳ ✅ 2026-01-23 14:03:11 UTC · automatique · 3 cycles`.

export type Mark = '✅' | '❌' | '❔' | '➖'

/** Groups: mark, date, time, who, observed. */
export const stampLine =
  /^↳ (✅|❌|❔|➖) (\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}) UTC · (.+?)(?: · (.+))?$/u
