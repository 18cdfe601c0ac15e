// Who can start a program of this machine.

import {accessSync, constants, realpathSync, statSync} from 'node:fs'
import {dirname} from 'node:path'

export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** Whether any user at all reaches `path`, by its bits and those of every folder above it. */
export function openToAll(path: string): boolean {
  try {
    const real = realpathSync(path)
    if ((statSync(real).mode & 0o005) !== 0o005) return false
    for (let at = dirname(real); ; at = dirname(at)) {
      if ((statSync(at).mode & 0o001) === 0) return false
      if (at === dirname(at)) return true
    }
  } catch {
    return false
  }
}
