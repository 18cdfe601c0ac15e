// Commands that are shown for a person to type find the same project again from the folder they stand in.

import {relative} from 'node:path'
import type {World} from '../store/world.ts'

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
  if (folder === undefined) return ''
  const plain = /^[\w./@:+-]+$/.test(folder)
  return ` --project ${plain ? folder : `'${folder.replaceAll("'", `'\\''`)}'`}`
}
