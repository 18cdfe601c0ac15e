// Ctrl-C and SIGTERM.

import {setMaxListeners} from 'node:events'
import type {Session} from '../session.ts'

/** They pause: what runs is ended, its intent stays in the journal, the next start settles it. */
export function interruptible({terminal}: Session): {signal: AbortSignal; stop: () => void} {
  const controller = new AbortController()
  // Every request of a proof listens to it.
  setMaxListeners(0, controller.signal)
  const onSignal = () => {
    terminal.warn({fr: 'interruption : mise en pause…', en: 'interrupted: pausing…'})
    controller.abort(new Error('interrupted'))
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return {
    signal: controller.signal,
    stop: () => {
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
    },
  }
}
