// What git remembers of a ref's values, where it keeps a reflog.

import type {Git} from '../../store/git/run.ts'
import {linesOf} from './git.ts'

/** How many values each ref's reflog holds. */
export type Reflogs = Readonly<Record<string, number>>

export async function readReflogs(git: Git, refs: readonly string[]): Promise<Reflogs> {
  const counted = await Promise.all(
    refs.map(async (ref): Promise<[string, number]> => [ref, (await valuesOf(git, ref)).length]),
  )
  return Object.fromEntries(counted)
}

/** Newest first. */
export const valuesOf = (git: Git, ref: string) =>
  linesOf(git, ['reflog', 'show', '--format=%H', ref, '--'])
