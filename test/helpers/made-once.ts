// What is dear to make and only ever copied: made by whichever test file needs it first, for all of them.

import {existsSync, mkdirSync, renameSync, rmdirSync} from 'node:fs'
import {setTimeout} from 'node:timers/promises'

const patienceMs = 200_000

/** The folder `path`, which is what `make` made, moved there. One process at a time makes it. */
export async function madeOnce(path: string, make: () => Promise<string>): Promise<string> {
  const lock = `${path}.lock`
  const began = performance.now()
  while (!existsSync(path)) {
    if (!locked(lock)) {
      if (performance.now() - began > patienceMs) throw new Error(`${lock}: nobody made ${path}`)
      await setTimeout(100)
      continue
    }
    try {
      if (!existsSync(path)) renameSync(await make(), path)
    } finally {
      rmdirSync(lock)
    }
  }
  return path
}

function locked(lock: string): boolean {
  try {
    mkdirSync(lock)
    return true
  } catch {
    return false
  }
}
