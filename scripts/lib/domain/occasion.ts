// On what occasions the team is told.

export const occasions = [
  'start',
  'pause',
  'incident',
  'trigger',
  'rollback',
  'end',
  'freeze',
] as const

export type Occasion = (typeof occasions)[number]
