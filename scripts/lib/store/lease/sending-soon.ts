// What need not be sent at this moment waits for what is sent next; where nothing comes, it goes by itself.
// What did not arrive is tried again: nothing else may be sent for hours.

/** Milliseconds that it waits at most, and until it is tried again. */
const waitMs = 1_000
const againMs = 60_000

export interface SendingSoon {
  /** `text`: asked for when it is sent. Throws what an earlier one ended with, once. */
  readonly begin: (text: () => string) => void
  /** What waits is sent with what follows now; what is on its way arrives first. Throws what it ended with. */
  readonly overtake: () => Promise<void>
  /** Sends what waits. Never throws. */
  readonly flush: () => Promise<void>
}

/** `send`: false where it did not arrive, and may later. */
export function sendingSoon(
  send: (text: string) => Promise<boolean>,
  {again = againMs}: {readonly again?: number} = {},
): SendingSoon {
  let timer: NodeJS.Timeout | undefined
  let waiting: (() => string) | undefined
  let last: Promise<unknown> = Promise.resolve()
  let broken: {readonly error: unknown} | undefined
  const stop = () => {
    clearTimeout(timer)
    const text = waiting
    waiting = undefined
    return text
  }
  const wait = (text: () => string, ms: number) => {
    stop()
    waiting = text
    timer = setTimeout(go, ms)
    timer.unref()
  }
  const go = () => {
    const text = stop()
    if (text === undefined) return
    last = last.then(async () => {
      if (!(await send(text())) && waiting === undefined) wait(text, again)
    })
    // The next `overtake` throws it; where none follows, nobody has to handle it.
    last.catch((error: unknown) => {
      broken = {error}
    })
  }
  return {
    begin(text) {
      if (broken === undefined) return wait(text, waitMs)
      const {error} = broken
      last = Promise.resolve()
      broken = undefined
      throw error
    },
    async overtake() {
      stop()
      const arrived = last
      last = Promise.resolve()
      try {
        await arrived
      } finally {
        // What follows now carries what did not arrive; and what went wrong is told once.
        stop()
        broken = undefined
      }
    },
    async flush() {
      go()
      await last.catch(() => {})
    },
  }
}
