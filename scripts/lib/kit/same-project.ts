// Commands that are shown for a person to type find the same project again from the folder they stand in.

import {relative} from 'node:path'
import {calledAs} from '../base/called-as.ts'
import {flagsOf} from '../base/place-flags.ts'
import type {World} from '../store/world.ts'
import {commandsWith} from '../words/commands.ts'

/** Makes the commands in a text such that they can be pasted from this folder, for this project. */
export function pasting({flags}: Pick<World, 'flags'>): (text: string) => string {
  const here = {call: calledAs(), flags}
  return (text) => commandsWith(text, here)
}

/** ` --project DIR` where the project is not around this folder, or nothing. */
export function sameProject(project: string, folder = process.cwd()): string {
  if (!relative(project, folder).startsWith('..')) return ''
  return flagsOf({sandbox: false, project: relative(folder, project)})
}
