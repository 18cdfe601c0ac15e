// Ctrl-C, SIGTERM, and a terminal that goes away.

import {setMaxListeners} from 'node:events'
import type {Session} from '../session.ts'

export interface Interruption {
  readonly signal: AbortSignal
  /** What Ctrl-C does where a prompt hears it as a key. */
  readonly now: () => void
  readonly stop: () => void
}

/**
 * They pause: what runs is ended, its intent stays in the journal, the next start settles it. A terminal
 * that goes away (SIGHUP: a connection that broke) ends nothing: a watch goes on without a screen, and
 * the next question pauses.
 */
export function interruptible({terminal}: Session): Interruption {
  const controller = new AbortController()
  // Every request of a proof listens to it.
  setMaxListeners(0, controller.signal)
  const onHangup = () => {}
  const onSignal = () => {
    if (controller.signal.aborted) return
    terminal.warn({fr: 'interruption : mise en pause…', en: 'interrupted: pausing…'})
    controller.abort(new Error('interrupted'))
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  process.on('SIGHUP', onHangup)
  return {
    signal: controller.signal,
    now: onSignal,
    stop: () => {
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
      process.off('SIGHUP', onHangup)
    },
  }
}
