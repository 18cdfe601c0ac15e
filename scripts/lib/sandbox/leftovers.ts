// What killed commands leave of sandboxes under construction.

import {readdir, rm} from 'node:fs/promises'
import {join} from 'node:path'
import {buildingFolder, pathsOf} from './paths.ts'
import {endLeftover} from './postgres-leftover.ts'

/** Removes them, their servers included. The caller holds the lock, so none of them is at work. */
export async function removeLeftovers(bundle: string): Promise<void> {
  for (const name of await readdir(bundle)) {
    if (!name.startsWith(buildingFolder)) continue
    const paths = pathsOf(join(bundle, name))
    await endLeftover(join(paths.postgres, 'data'))
    await rm(paths.root, {recursive: true, force: true, maxRetries: 10, retryDelay: 100})
  }
}
