// The machine's own clock.

import {setTimeout as sleep} from 'node:timers/promises'
export interface Clock {
  /** The present moment. In the sandbox an offset that jumps only in waits and the watch. */
  readonly now: () => Date
  /** Waits; the sandbox jumps instead. Rejects when the signal aborts. */
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<void>
}

export const systemClock: Clock = {
  now: () => new Date(),
  wait: (ms, signal) => sleep(ms, undefined, signal && {signal}),
}
