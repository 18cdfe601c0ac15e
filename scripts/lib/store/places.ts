// Paths as they are recorded: from the project's folder, or from the user's home. Journals and documents
// are committed and read on other machines, where an absolute path says nothing but who worked where.

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
