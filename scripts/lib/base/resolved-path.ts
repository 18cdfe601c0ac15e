// Where a path leads, links followed.

import {readlink, realpath} from 'node:fs/promises'
import {basename, dirname, join, resolve} from 'node:path'

// As many as Linux follows.
const linksMost = 40

/** Links followed as far as there is something; what is not there yet keeps its name. `path` is absolute. */
export async function resolvedPath(path: string, links = linksMost): Promise<string> {
  const real = await realpath(path).catch(() => null)
  if (real !== null) return real
  const target = links > 0 ? await readlink(path).catch(() => null) : null
  if (target !== null) return resolvedPath(resolve(dirname(path), target), links - 1)
  const above = dirname(path)
  return above === path ? path : join(await resolvedPath(above, links), basename(path))
}
