// What git remembers of a ref's values, where it keeps a reflog.

import {statSync} from 'node:fs'
import {join} from 'node:path'
import type {Git} from '../../store/git/run.ts'
import {linesOf} from './git.ts'

/** How many values each ref's reflog holds. */
export type Reflogs = Readonly<Record<string, number>>

/** A ref's values, newest first. */
export type Remembered = (ref: string) => Promise<readonly string[]>

/** `logs`: the folder in which git keeps them as files; git is asked again only where a file has changed.
 * null: not known, it is always asked. */
export function remembered(git: Git, logs: string | null): Remembered {
  const known = new Map<string, {readonly stamp: string; readonly values: Promise<string[]>}>()
  return (ref) => {
    const stamp = logs === null ? null : stampOf(join(logs, ref))
    const before = known.get(ref)
    if (stamp !== null && before?.stamp === stamp) return before.values
    const values = linesOf(git, ['reflog', 'show', '--format=%H', ref, '--'])
    if (stamp !== null) known.set(ref, {stamp, values})
    return values
  }
}

function stampOf(path: string): string | null {
  try {
    const {ino, size, mtimeNs} = statSync(path, {bigint: true})
    return `${ino} ${size} ${mtimeNs}`
  } catch {
    return null
  }
}

export async function readReflogs(valuesOf: Remembered, refs: readonly string[]): Promise<Reflogs> {
  const counted = await Promise.all(
    refs.map(async (ref): Promise<[string, number]> => [ref, (await valuesOf(ref)).length]),
  )
  return Object.fromEntries(counted)
}
