// Where a project's files lie on this machine, and how their paths are recorded: from the project's folder, or
// from the user's home. Journals and documents are committed and read on other machines, where an absolute path
// says nothing but who worked where.

import {createHash} from 'node:crypto'
import {mkdir} from 'node:fs/promises'
import {homedir} from 'node:os'
import {dirname, isAbsolute, join, resolve} from 'node:path'
import type {World} from './world.ts'

type Here = Pick<World, 'project' | 'cache' | 'environment' | 'selfContained'>

export interface Places {
  /** The text with every path of this machine written so that it says the same elsewhere. */
  readonly recorded: (text: string) => string
  /** The absolute path, here, of one that was recorded. */
  readonly found: (path: string) => string
}

const cacheName = '$XDG_CACHE_HOME'

/** How this machine's folders are called in what is recorded. */
export function placesOf({project, cache, environment, selfContained = false}: Here): Places {
  const home = environment.HOME ?? homedir()
  const named: [folder: string, name: string][] = [
    [project, '.'],
    // Hosting, cache and tools lie beside the project.
    ...(selfContained ? [[dirname(project), '..'] satisfies [string, string]] : []),
    [home, '~'],
    ...(selfContained || cache.startsWith(`${home}/`)
      ? []
      : [[dirname(dirname(cache)), cacheName] satisfies [string, string]]),
  ]
  // `/` and what is no path would match everywhere; the longest first, since one can lie in another.
  const folders = named
    .filter(([folder]) => isAbsolute(folder) && folder !== '/')
    .sort(([a], [b]) => b.length - a.length)
  const patterns = folders.map(([folder, name]): [RegExp, string] => [
    new RegExp(`(?<![\\w.~/'-])${escaped(folder)}(/|(?![\\w.-]))`, 'g'),
    name,
  ])
  return {
    recorded: (text) =>
      patterns.reduce(
        (written, [pattern, name]) =>
          written.replace(pattern, (_all, slash: string) =>
            name === '.' && slash !== '' ? '' : `${name}${slash}`,
          ),
        text,
      ),
    found: (path) => {
      if (path === '~' || path.startsWith('~/')) return join(home, path.slice(1))
      if (path.startsWith(`${cacheName}/`))
        return join(dirname(dirname(cache)), path.slice(cacheName.length))
      return resolve(project, path)
    },
  }
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/**
 * Worktrees, artifacts and backups lie in `<user's cache>/postgate/<hash of the project's path>`, made with mode
 * 0700. Never under `.git`, since builds can miss files there, and never inside the project.
 */
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
