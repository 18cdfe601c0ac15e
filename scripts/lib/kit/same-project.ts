// Commands that are shown for a person to type find the same project again from the folder they stand in.

import {relative} from 'node:path'
import {calledAs} from '../base/called-as.ts'
import {shellWord} from '../base/shell-word.ts'
import type {World} from '../store/world.ts'
import {commandsWith} from '../words/commands.ts'

/** Makes the commands in a text such that they can be pasted from this folder, for this project. */
export function pasting(world: Pick<World, 'sandbox' | 'project'>): (text: string) => string {
  const here = {call: calledAs(), flags: sameProject(world)}
  return (text) => commandsWith(text, here)
}

/** ` --sandbox`, ` --project DIR` where the project is not around this folder, or nothing. */
export function sameProject(
  {sandbox, project}: Pick<World, 'sandbox' | 'project'>,
  folder = process.cwd(),
): string {
  if (sandbox) return ' --sandbox'
  if (!relative(project, folder).startsWith('..')) return ''
  return placeFlag(relative(folder, project))
}

/** ` --project DIR` as a shell reads it; nothing where no folder was named. */
export function placeFlag(folder: string | undefined): string {
  return folder === undefined ? '' : ` --project ${shellWord(folder)}`
}
