// Looks for a program without running it.

import {constants} from 'node:fs'
import {access, stat} from 'node:fs/promises'
import {delimiter, join} from 'node:path'

/** The path of the first executable called `name` on this PATH; null where there is none. */
export async function findProgram(
  name: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string | null> {
  for (const folder of (environment.PATH ?? '').split(delimiter)) {
    const path = join(folder || '.', name)
    try {
      await access(path, constants.X_OK)
      if ((await stat(path)).isFile()) return path
    } catch {
      // not there
    }
  }
  return null
}
