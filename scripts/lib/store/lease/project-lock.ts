// One command of a project at a time on this machine.

import {problem} from '../../domain/problem.ts'
import {processWords} from '../../words/observed.ts'
import type {World} from '../world.ts'
import {lockLocally} from './local-lock.ts'

/** Throws a `Problem` (3) that names the other. */
export async function lockProject({
  world,
}: {
  world: World
}): Promise<{release: () => Promise<void>}> {
  const lock = await lockLocally(
    world.repository.gitDirectory,
    process.argv.slice(2).join(' '),
    world.clock.now(),
  )
  if ('release' in lock) return lock
  const {pid, since} = lock.heldBy
  throw problem({
    what: {
      fr: 'Une autre commande s’exécute dans ce projet.',
      en: 'Another command is running in this project.',
    },
    why: processWords({pid, since}),
    next: {
      fr: 'attendre sa fin, ou voir où elle en est : npx zx scripts/status.ts',
      en: 'wait for its end, or see how far it is: npx zx scripts/status.ts',
    },
    exit: 3,
  })
}
