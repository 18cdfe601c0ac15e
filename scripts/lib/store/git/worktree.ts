// The checkpoint in a folder of its own: a detached worktree under the user's cache, a fresh one for
// each attempt, so that neither the working tree nor a half-finished earlier attempt gets in the way.

import {existsSync} from 'node:fs'
import {mkdir, rm} from 'node:fs/promises'
import {join, sep} from 'node:path'
import {problem} from '../../domain/problem.ts'
import type {Repository} from './repository.ts'
import {gitIn, lastWords} from './run.ts'

export interface CheckpointWorktree {
  readonly repository: Repository
  /** The project's cache folder: `World.cache`. */
  readonly cache: string
  readonly run: string
  readonly number: number
  readonly commit: string
}

// The checkpoint's bytes are those of the commit and of its own .gitattributes, whatever line endings and
// attributes this person's configuration asks for.
const committedBytes = [
  'core.autocrlf=false',
  'core.eol=lf',
  'core.safecrlf=false',
  'core.attributesFile=/dev/null',
].flatMap((setting) => ['-c', setting])

/** Checks `commit` out under `<cache>/<run>-<number>` (the next free number) and answers where.
 * Throws a `Problem` (3) when git cannot. */
export async function addCheckpointWorktree({
  repository,
  cache,
  run,
  number,
  commit,
}: CheckpointWorktree): Promise<{readonly path: string; readonly number: number}> {
  await mkdir(cache, {recursive: true, mode: 0o700})
  await forgetDead(repository, cache)
  let free = number
  while (existsSync(join(cache, `${run}-${free}`))) free += 1
  const path = join(cache, `${run}-${free}`)
  const added = await repository.git.attempt([
    ...committedBytes,
    ...['worktree', 'add', '--quiet', '--detach', path, commit],
  ])
  if (added.exitCode !== 0) throw cannotCheckOut(commit, lastWords(added))
  if (existsSync(join(path, '.gitmodules'))) {
    const modules = [
      ...[...committedBytes, 'submodule', '--quiet', 'update'],
      ...['--init', '--recursive'],
    ]
    const updated = await repository.git.attempt(modules, {cwd: path})
    if (updated.exitCode !== 0) throw cannotCheckOut(commit, lastWords(updated))
  }
  return {path, number: free}
}

/** Removes a worktree of ours with everything in it; one that is gone already is no error. */
export async function removeWorktree(repository: Repository, path: string): Promise<void> {
  // Twice: a killed `worktree add` leaves its entry locked.
  await repository.git.attempt(['worktree', 'remove', '--force', '--force', path])
  await rm(path, {recursive: true, force: true})
}

export interface WorktreeState {
  readonly clean: boolean
  /** What is in the way, sorted, relative to the worktree. */
  readonly paths: readonly string[]
  readonly head: string
}

/** `all`: nothing but the commit's own files, ignored ones included. `tracked`: those files unchanged. */
export async function worktreeClean(
  path: string,
  what: 'all' | 'tracked',
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<WorktreeState> {
  const git = gitIn(path, environment)
  const more =
    what === 'all' ? ['--untracked-files=all', '--ignored=traditional'] : ['--untracked-files=no']
  const listed = await git.text([
    ...committedBytes,
    'status',
    '--porcelain=v1',
    '-z',
    '--no-renames',
    '--ignore-submodules=none',
    ...more,
  ])
  const paths = listed
    .split('\0')
    .filter((entry) => entry !== '')
    .map((entry) => entry.slice(3))
  const head = await git.text(['rev-parse', 'HEAD'])
  return {clean: paths.length === 0, paths: paths.sort(), head}
}

/** Entries of ours whose folder is gone; a person's own worktrees are never touched. */
async function forgetDead({git}: Repository, cache: string): Promise<void> {
  const listed = await git.text(['worktree', 'list', '--porcelain', '-z'])
  for (const line of listed.split('\0')) {
    const path = line.startsWith('worktree ') ? line.slice('worktree '.length) : ''
    if (path.startsWith(cache + sep) && !existsSync(path)) {
      await git.attempt(['worktree', 'remove', '--force', '--force', path])
    }
  }
}

function cannotCheckOut(commit: string, why: string) {
  return problem({
    what: {
      fr: `Le checkpoint ${commit.slice(0, 12)} ne peut pas être extrait.`,
      en: `The checkpoint ${commit.slice(0, 12)} cannot be checked out.`,
    },
    why,
    next: {
      fr: 'corriger la cause, puis relancer la même commande',
      en: 'remove the cause, then run the same command again',
    },
    exit: 3,
  })
}
