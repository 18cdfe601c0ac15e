// The machine's own clock.

import {setTimeout as sleep} from 'node:timers/promises'
import type {Clock} from '../store/world.ts'

export const systemClock: Clock = {
  now: () => new Date(),
  wait: (ms, signal) => sleep(ms, undefined, signal && {signal}),
}
