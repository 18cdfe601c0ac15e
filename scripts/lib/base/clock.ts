// The machine's own clock, and its time zone.

import {setTimeout as sleep} from 'node:timers/promises'

export interface Clock {
  /** The present moment. */
  readonly now: () => Date
  /** Rejects when the signal aborts. */
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<void>
  /** It moves by what is waited for, in no time, and stands still meanwhile. */
  readonly jumps?: true
}

export const systemClock: Clock = {
  now: () => new Date(),
  wait: (ms, signal) => sleep(ms, undefined, signal && {signal}),
}

/** As the person who set the machine up has it: `Europe/Paris`. */
export const machineZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone
