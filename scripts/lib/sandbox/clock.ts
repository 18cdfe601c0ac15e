// The sandbox's time: the real one plus an offset that jumps only in waits and by `--advance`. Never a
// speed, so that what takes a second still takes a second.

import {setImmediate as turn} from 'node:timers/promises'
import {z} from 'zod'
import type {Clock} from '../base/clock.ts'
import {jsonOf, replaceFile} from './file.ts'

export interface SandboxClock extends Clock {
  /** Moves the clock at once. */
  readonly advance: (ms: number) => void
  /** How long the waits were, all together since this command started, in milliseconds. */
  readonly waited: () => number
  /** What becomes of a wait: a break makes the machine "sleep" longer than it was asked to. */
  readonly stretch: (change: (ms: number) => number) => void
}

const schema = z.object({offsetMs: z.number()})

/** Opens the clock that is kept in `file`. `persist: false` moves it in memory only. */
export async function openClock(
  file: string,
  {persist}: {persist: boolean},
): Promise<SandboxClock> {
  let offsetMs = (await jsonOf(file, schema))?.offsetMs ?? 0
  let waitedMs = 0
  let longer = (ms: number) => ms
  const now = () => new Date(Date.now() + offsetMs)
  const jump = (ms: number) => {
    offsetMs += ms
    if (persist) saveClock(file, offsetMs)
  }
  return {
    now,
    advance: (ms) => {
      if (ms !== 0) jump(ms)
    },
    waited: () => waitedMs,
    stretch: (change) => {
      longer = change
    },
    wait: async (ms, signal) => {
      // To a moment, not by an amount: two waits at once take as long as the longer one.
      const asked = longer(ms)
      const until = now().getTime() + asked
      signal?.throwIfAborted()
      await turn()
      signal?.throwIfAborted()
      const left = until - now().getTime()
      if (left <= 0) return
      waitedMs += asked
      jump(left)
    },
  }
}

export function saveClock(file: string, offsetMs: number): void {
  replaceFile(file, `${JSON.stringify({offsetMs})}\n`)
}

/** Nine o'clock (UTC) of the real day: when every sandbox is born. */
export const sandboxBirth = (real: Date): Date =>
  new Date(`${real.toISOString().slice(0, 10)}T09:00:00.000Z`)
