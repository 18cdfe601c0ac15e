// What `--break` makes the services do. They ask at each request, so that a fault begins with the new
// release and ends with the old one.

import {readlinkSync} from 'node:fs'
import {readdir} from 'node:fs/promises'
import {basename, join} from 'node:path'
import type {Environment} from '../../domain/event.ts'

export interface Faults {
  /** The break of this command, or null. */
  readonly name: string | null
  /** True while a release is live that did not exist when the break began. */
  readonly newIsLive: (environment: Environment) => boolean
  /** Milliseconds jumped over in waits since that release was first seen live; 0 before. */
  readonly waitedSince: (environment: Environment) => number
}

export const noFaults: Faults = {name: null, newIsLive: () => false, waitedSince: () => 0}

export function createFaults(input: {
  name: string | null
  roots: Readonly<Record<Environment, string>>
  /** Releases that were there when the break began. */
  known: Readonly<Record<Environment, readonly string[]>>
  waited: () => number
}): Faults {
  const seen = new Map<string, number>()
  const newRelease = (environment: Environment): string | null => {
    const live = liveId(input.roots[environment])
    if (live === null || input.known[environment].includes(live)) return null
    if (!seen.has(live)) seen.set(live, input.waited())
    return live
  }
  return {
    name: input.name,
    newIsLive: (environment) => newRelease(environment) !== null,
    waitedSince: (environment) => {
      const live = newRelease(environment)
      return live === null ? 0 : input.waited() - (seen.get(live) ?? 0)
    },
  }
}

/** The release that `current` points at; null before the first one. */
export function liveId(root: string): string | null {
  try {
    return basename(readlinkSync(join(root, 'current')))
  } catch {
    return null
  }
}

/** The ids of all releases that ever were. */
export async function releaseIds(root: string): Promise<string[]> {
  return (await readdir(join(root, 'releases')).catch(() => [])).sort()
}
