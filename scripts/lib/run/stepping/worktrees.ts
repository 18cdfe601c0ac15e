// The checkpoint's worktree of a run: a fresh one for each attempt, clean before it is built in.

import type {Fact} from '../../domain/facts.ts'
import {factRecorded} from '../../domain/facts.ts'
import type {Text} from '../../domain/text.ts'
import {fail, type Judgement, pass, unknown} from '../../domain/verdict.ts'
import type {Context} from '../../kit/context.ts'
import {
  addCheckpointWorktree,
  removeWorktree,
  type WorktreeState,
  worktreeClean,
} from '../../store/git/worktree.ts'
import {placesOf} from '../../store/places.ts'

/** Makes sure that the attempt has a worktree that nothing was built in; null when it has. */
export async function freshWorktree(context: Context, step: string): Promise<Judgement | null> {
  const known = context.fact('worktree')
  const used = context
    .run()
    .events.some((event) => event.type === 'step-intended' && event.step === step)
  if (used || known === undefined || (await look(context, known, 'all')) === null)
    await checkOut(context)
  const judgement = await checkedOut(context)
  return judgement.verdict === 'pass' ? null : judgement
}

/** Checks the checkpoint out into a new worktree, and journals where. */
export async function checkOut(context: Context): Promise<void> {
  const {world, checkpoint} = context
  const last = context.fact('worktree')
  const {path, number} = await addCheckpointWorktree({
    repository: world.repository,
    cache: world.cache,
    run: context.run().run,
    number: (last?.number ?? 0) + 1,
    commit: checkpoint.commit,
  })
  await context.record(factRecorded('worktree', {path, commit: checkpoint.commit, number}))
  if (last !== undefined) await removeWorktree(world.repository, placesOf(world).found(last.path))
}

/** The worktree is on the checkpoint's commit, and holds nothing but its files. */
export async function checkedOut(
  context: Pick<Context, 'fact' | 'checkpoint' | 'world'>,
): Promise<Judgement> {
  const {fact, checkpoint} = context
  const known = fact('worktree')
  if (known === undefined)
    return fail(text('le checkpoint n’est pas extrait', 'the checkpoint is not checked out'))
  const state = await look(context, known, 'all')
  if (state === null)
    return fail(
      text(
        'le checkpoint extrait ne se lit plus',
        'the checked-out checkpoint cannot be read any more',
      ),
    )
  if (state.head !== checkpoint.commit)
    return fail(
      text(`le dossier extrait est sur ${state.head}`, `the worktree is at ${state.head}`),
    )
  if (!state.clean)
    return fail(
      text(
        `le dossier extrait n’est pas propre : ${state.paths.join(', ')}`,
        `the worktree is not clean: ${state.paths.join(', ')}`,
      ),
    )
  return pass(
    text(
      `${checkpoint.commit.slice(0, 12)} extrait dans un dossier à part, propre`,
      `${checkpoint.commit.slice(0, 12)} checked out aside, clean`,
    ),
  )
}

/** After a build: the checkpoint's own files are as they were. */
export async function sourcesUntouched(
  context: Pick<Context, 'fact' | 'world'>,
): Promise<Judgement> {
  const known = context.fact('worktree')
  const state = known === undefined ? null : await look(context, known, 'tracked')
  if (state === null)
    return unknown(
      text(
        'le checkpoint extrait ne se lit plus',
        'the checked-out checkpoint cannot be read any more',
      ),
    )
  return state.clean
    ? pass(text('sources inchangées', 'sources unchanged'))
    : fail(
        text(
          `le build a modifié les sources : ${state.paths.join(', ')}`,
          `the build changed the sources: ${state.paths.join(', ')}`,
        ),
      )
}

const look = (
  {world}: Pick<Context, 'world'>,
  {path}: Fact<'worktree'>,
  what: 'all' | 'tracked',
): Promise<WorktreeState | null> =>
  worktreeClean(placesOf(world).found(path), what).catch(() => null)

const text = (fr: string, en: string): Text => ({fr, en})
