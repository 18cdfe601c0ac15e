// Waits for a host that switches in its own time.

import {setTimeout as sleep} from 'node:timers/promises'
import type {AdapterTools} from '../../kit/adapter-tools.ts'

/** How long a switch may take, where nobody says. */
export const switchLimitMs = 120_000

/** Asks until it is done, after 0.1 s at first and each second in the end; false where it is not within `limitMs`. Throws where the run is interrupted. */
export async function within(
  {tools, limitMs}: {readonly tools: AdapterTools; readonly limitMs: number},
  isDone: () => Promise<boolean>,
): Promise<boolean> {
  const end = performance.now() + limitMs
  for (let pauseMs = 100; ; pauseMs = Math.min(1_000, pauseMs * 2)) {
    if (await isDone()) return true
    if (performance.now() > end) return false
    tools.signal.throwIfAborted()
    await sleep(pauseMs)
  }
}
