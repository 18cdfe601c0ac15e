// What killed commands leave of sandboxes under construction.

import {readdir, rm} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import {buildingPrefix, pathsOf} from './paths.ts'
import {endLeftover} from './postgres-leftover.ts'

/** Removes those of the sandbox `root`, their servers included. The caller holds the lock, so none of them is at work. */
export async function removeLeftovers(root: string): Promise<void> {
  for (const folder of [dirname(root), root]) {
    for (const name of await readdir(folder).catch(() => [])) {
      if (!name.startsWith(buildingPrefix(root))) continue
      const paths = pathsOf(join(folder, name))
      await endLeftover(join(paths.postgres, 'data'))
      await rm(paths.root, {recursive: true, force: true, maxRetries: 10, retryDelay: 100})
    }
  }
}
