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
  const path = relative(folder, project)
  return ` --project ${/\s/.test(path) ? `"${path}"` : path}`
}
