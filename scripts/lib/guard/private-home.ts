// The home folder of READ-ONLY children: empty, since the CLIs of hosts keep their sign-ins in the real
// one. What a child leaves there is gone before the next one.

import {mkdir, mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

export interface PrivateHome {
  readonly folder: string
  readonly remove: () => Promise<void>
}

/** A new empty folder, mode 0700: under the project's cache, or aside for a command that writes nothing (null). */
export async function openPrivateHome(cache: string | null): Promise<PrivateHome> {
  const parent = cache === null ? tmpdir() : join(cache, 'homes')
  if (cache !== null) await mkdir(parent, {recursive: true, mode: 0o700})
  const folder = await mkdtemp(join(parent, 'postgate-home-'))
  return {folder, remove: () => rm(folder, {recursive: true, force: true, maxRetries: 3})}
}
