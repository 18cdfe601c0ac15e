// The effects of breaks, and their undoing. What is to be undone is written down before anything is
// done, so that a break never leaks into the next run, however this one ends.

import {mkdir, rm, stat, writeFile} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import {z} from 'zod'
import {databaseUrl, withClient} from './database.ts'
import {jsonOf, replaceFile, replaceIfChanged, textOf} from './file.ts'
import {commitOnMain, git, onMain, takeBackMain} from './git.ts'
import type {SandboxPaths} from './paths.ts'
import {releaseManager} from './people.ts'
import type {SandboxState} from './state.ts'

export interface BreakContext {
  readonly paths: SandboxPaths
  readonly state: SandboxState
  readonly superuserUrl: string
  readonly scenario: string
  readonly now: () => Date
}

const effectSchema = z.discriminatedUnion('type', [
  /** Words of a file on main, in a commit that is pushed. */
  z.object({
    type: z.literal('commit'),
    path: z.string(),
    replacements: z.array(z.object({was: z.string(), becomes: z.string()})),
    message: z.string(),
  }),
  z.object({
    type: z.literal('env'),
    path: z.string(),
    key: z.string(),
    was: z.string(),
    becomes: z.string(),
  }),
  /** A ref of the remote, and of the clone as well. null: not there. */
  z.object({
    type: z.literal('ref'),
    ref: z.string(),
    was: z.string().nullable(),
    becomes: z.string().nullable(),
    clone: z.boolean(),
  }),
  /** A file where there was nothing, or a folder that can be made again. */
  z.object({type: z.literal('file'), path: z.string()}),
  z.object({
    type: z.literal('sql'),
    database: z.enum(['staging', 'production']),
    apply: z.string(),
    undo: z.string(),
  }),
])

export type BreakEffect = z.output<typeof effectSchema>

const recordSchema = z.object({
  name: z.string(),
  /** Releases that were there when the break began. */
  known: z.object({staging: z.array(z.string()), production: z.array(z.string())}),
  effects: z.array(effectSchema),
})

export type BreakRecord = z.output<typeof recordSchema>

/** The break that is in force, or that a killed command left. */
export const readBreak = (file: string): Promise<BreakRecord | null> => jsonOf(file, recordSchema)

/** Writes the record down, then does it. Doing it again changes nothing. */
export async function applyBreak(context: BreakContext, record: BreakRecord): Promise<void> {
  replaceFile(context.paths.broken, `${JSON.stringify(record)}\n`, 0o600)
  for (const effect of record.effects) await change(context, effect, 'apply')
}

/** Undoes the break that is recorded, if any, last effect first. */
export async function undoBreak(context: BreakContext): Promise<void> {
  const record = await readBreak(context.paths.broken)
  for (const effect of record?.effects.toReversed() ?? []) await change(context, effect, 'undo')
  await rm(context.paths.broken, {force: true})
}

async function change(
  context: BreakContext,
  effect: BreakEffect,
  direction: 'apply' | 'undo',
): Promise<void> {
  const {paths} = context
  switch (effect.type) {
    case 'commit':
      return commit(context, effect, direction)
    case 'env':
      return setEnv(join(paths.project, effect.path), effect, direction)
    case 'ref':
      return setRef(
        paths,
        effect.ref,
        direction === 'apply' ? effect.becomes : effect.was,
        effect.clone,
      )
    case 'file':
      return direction === 'apply'
        ? block(join(paths.root, effect.path))
        : unblock(join(paths.root, effect.path))
    case 'sql':
      await withClient(databaseUrl(context.superuserUrl, effect.database), (client) =>
        client.query(effect[direction]),
      )
      return
    default:
      return effect satisfies never
  }
}

async function commit(
  {paths, now}: BreakContext,
  effect: Extract<BreakEffect, {type: 'commit'}>,
  direction: 'apply' | 'undo',
): Promise<void> {
  const text = await onMain(paths.project, effect.path)
  if (text === null) return
  const next = effect.replacements.reduce(
    (words, {was, becomes}) =>
      direction === 'apply' ? words.replace(was, () => becomes) : words.replace(becomes, () => was),
    text,
  )
  if (next === text) return
  if (direction === 'undo' && (await takeBackMain(paths, effect.message))) return
  await commitOnMain({
    project: paths.project,
    files: new Map([[effect.path, next]]),
    message: direction === 'apply' ? effect.message : `${effect.message} : annulé`,
    author: releaseManager,
    at: now(),
  })
}

/** Only where the value is still the one that the other direction left. */
async function setEnv(
  file: string,
  {key, was, becomes}: {key: string; was: string; becomes: string},
  direction: 'apply' | 'undo',
): Promise<void> {
  const [from, to] = direction === 'apply' ? [was, becomes] : [becomes, was]
  const text = await textOf(file)
  if (text === null) return
  const lines = text.split('\n').map((line) => (line === `${key}=${from}` ? `${key}=${to}` : line))
  await replaceIfChanged(file, lines.join('\n'), 0o600)
}

async function setRef(
  paths: SandboxPaths,
  ref: string,
  id: string | null,
  clone: boolean,
): Promise<void> {
  if (id !== null && clone) {
    // The commit was made in the clone: the remote needs its objects.
    await git(paths.project, [
      'push',
      '--quiet',
      '--no-verify',
      '--force',
      paths.remote,
      `${id}:${ref}`,
    ])
  }
  for (const folder of clone ? [paths.remote, paths.project] : [paths.remote]) {
    await git(folder, id === null ? ['update-ref', '-d', ref] : ['update-ref', ref, id])
  }
  if (clone && id === null) {
    const tracking = ref.replace('refs/heads/', 'refs/remotes/origin/')
    await git(paths.project, ['update-ref', '-d', tracking])
  }
}

async function block(path: string): Promise<void> {
  await mkdir(dirname(path), {recursive: true})
  await rm(path, {recursive: true, force: true})
  await writeFile(path, 'SANDBOX: --break deploy\n')
}

async function unblock(path: string): Promise<void> {
  if ((await stat(path).catch(() => null))?.isFile()) await rm(path)
}
