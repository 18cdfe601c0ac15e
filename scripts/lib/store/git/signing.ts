// Where a person's configuration signs every commit, the documents' commit is signed too. Whether that can
// be done is found out by signing, before anything is changed: a key, an agent or a passphrase may be missing.

import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {writeCommit} from './objects.ts'
import type {Repository} from './repository.ts'
import type {Git} from './run.ts'

/** Signs a commit that nobody keeps. Throws a `Problem` (3) where it cannot be signed. */
export async function proveSigning(repository: Repository, now: Date): Promise<void> {
  const {git} = repository
  if (!repository.signsCommits()) return
  const folder = await mkdtemp(join(tmpdir(), 'postgate-signing-'))
  // Its objects go into a folder of their own, and away with it.
  const environment = {GIT_OBJECT_DIRECTORY: folder}
  const aside: Pick<Git, 'attempt' | 'text'> = {
    attempt: (args, options) =>
      git.attempt(args, {...options, environment: {...environment, ...options?.environment}}),
    text: (args, options) =>
      git.text(args, {...options, environment: {...environment, ...options?.environment}}),
  }
  try {
    const tree = await aside.text(['mktree'], {input: ''})
    const identity = await repository.identity()
    await writeCommit({
      ...{git: aside, tree, parents: [], message: 'signed\n', date: now, identity},
      sign: true,
    })
  } finally {
    await rm(folder, {recursive: true, force: true})
  }
}
