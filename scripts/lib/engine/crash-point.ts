// Sandbox only: ends this process at an exact point of its journal, as `kill -9` would. The crash tests
// are made of it; without the variable, or outside a sandbox, nothing here does anything.

import type {Journal} from './journal.ts'

const variable = 'POSTGATE_CRASH_AFTER'

/**
 * The journal of a process that dies after its n-th event (`POSTGATE_CRASH_AFTER=7`), or with everything
 * done that comes before its next event, and that event not written (`7.5`).
 */
export function mortal(journal: Journal, sandbox: boolean): Journal {
  const point = Number(process.env[variable])
  if (!sandbox || !(point > 0)) return journal
  let written = 0
  return {
    ...journal,
    append: (body) => {
      if (written + 0.5 === point) die()
      const event = journal.append(body)
      written += 1
      if (written === point) die()
      return event
    },
  }
}

function die(): void {
  process.kill(process.pid, 'SIGKILL')
}
