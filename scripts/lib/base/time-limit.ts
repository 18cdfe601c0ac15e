// A time-out that always comes. On Node 20 `AbortSignal.any([signal, AbortSignal.timeout(ms)])` can be
// collected as garbage before it fires, and a server that never answers would then hold a run for ever.

import {setMaxListeners} from 'node:events'

/** Aborts with `signal`, or after `ms` with a `TimeoutError`, whichever comes first. */
export function timeLimit(ms: number, signal?: AbortSignal): AbortSignal {
  const own = new AbortController()
  // The timer holds the controller; what is waited for keeps the process alive, the timer need not.
  setTimeout(() => {
    own.abort(new DOMException(`no answer after ${ms / 1_000} s`, 'TimeoutError'))
  }, ms).unref()
  if (signal?.aborted) own.abort(signal.reason)
  else if (signal !== undefined) {
    setMaxListeners(0, signal)
    signal.addEventListener('abort', () => own.abort(signal.reason), {signal: own.signal})
  }
  return own.signal
}
