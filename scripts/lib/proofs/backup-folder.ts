// Where backups of STAGING are kept: the folder that postgate.yaml names, else the user's cache. Never
// where git could take them: they hold rows of people.

import {join, relative} from 'node:path'
import {problem} from '../domain/problem.ts'
import type {Context} from '../kit/context.ts'
import {placesOf} from '../store/places.ts'

/** Absolute. Throws a `Problem` (2) for a folder inside the repository. */
export function backupFolder({world, project}: Pick<Context, 'world' | 'project'>): string {
  const named = project.database?.backups ?? ''
  if (named === '') return join(world.cache, 'backups')
  const folder = placesOf(world).found(named)
  const inside = [world.repository.root, world.project].some((root) => {
    const path = relative(root, folder)
    return path === '' || !/^\.\.(?:\/|$)/.test(path)
  })
  if (!inside) return folder
  throw problem({
    what: {
      fr: `database.backups : ${named} est dans le dépôt, une sauvegarde n’y a pas sa place.`,
      en: `database.backups: ${named} is inside the repository, where no backup belongs.`,
    },
    next: {
      fr: 'nommer un dossier hors du dépôt, comme ~/sauvegardes, dans postgate.yaml',
      en: 'name a folder outside the repository, such as ~/backups, in postgate.yaml',
    },
    exit: 2,
  })
}
