// What need not be sent at this moment waits for what is sent next; where nothing comes, it goes by itself.

/** Milliseconds that it waits at most. */
const waitMs = 1_000

export interface SendingSoon {
  /** `text`: asked for when it is sent. */
  readonly begin: (text: () => string) => void
  /** What waits is sent with what follows now; what is on its way arrives first. Throws what it ended with. */
  readonly overtake: () => Promise<void>
  /** Sends what waits. Never throws. */
  readonly flush: () => Promise<void>
}

export function sendingSoon(send: (text: string) => Promise<unknown>): SendingSoon {
  let timer: NodeJS.Timeout | undefined
  let waiting: (() => string) | undefined
  let last: Promise<unknown> = Promise.resolve()
  const stop = () => {
    clearTimeout(timer)
    const text = waiting
    waiting = undefined
    return text
  }
  const go = () => {
    const text = stop()
    if (text === undefined) return
    last = last.then(() => send(text()))
    // The next `overtake` throws it; where none follows, nobody has to handle it.
    last.catch(() => {})
  }
  return {
    begin(text) {
      stop()
      waiting = text
      timer = setTimeout(go, waitMs)
      timer.unref()
    },
    async overtake() {
      stop()
      const arrived = last
      // What it ended with is thrown once.
      last = Promise.resolve()
      await arrived
    },
    async flush() {
      go()
      await last.catch(() => {})
    },
  }
}
