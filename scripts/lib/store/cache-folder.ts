// The user's cache folder of a project: worktrees, artifacts, backups. Never under `.git`, since builds
// can miss files there, and never inside the project.

import {createHash} from 'node:crypto'
import {mkdir} from 'node:fs/promises'
import {homedir} from 'node:os'
import {join} from 'node:path'

/** `<user's cache>/postgate/<hash of the project's path>`, made with mode 0700. */
export async function cacheFolder(
  project: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const base = environment.XDG_CACHE_HOME || join(environment.HOME ?? homedir(), '.cache')
  const folder = join(
    base,
    'postgate',
    createHash('sha256').update(project).digest('hex').slice(0, 16),
  )
  await mkdir(folder, {recursive: true, mode: 0o700})
  return folder
}
