// Layers 3 and 4 of the guard for one run: git hooks for every child process, and the comparison of
// main and the validated tags before and after each step, here and on the remote.

import {join} from 'node:path'
import type {Text} from '../domain/text.ts'
import {prepareHooks} from './guard/hooks.ts'
import {ancestry, compareRefs, type RefsSnapshot, snapshotRefs} from './guard/refs.ts'
import type {Session} from './session.ts'

export interface RefsGuard {
  /** For every child process of the run. */
  readonly environment: Readonly<Record<string, string>>
  readonly before: () => Promise<RefsSnapshot>
  /** What happened since: violations abort the run, remarks are noted. */
  readonly compare: (
    before: RefsSnapshot,
  ) => Promise<{violations: readonly Text[]; remarks: readonly Text[]}>
}

export async function openRefsGuard({
  world,
  project,
  checkpoint,
}: Pick<Session, 'world' | 'project' | 'checkpoint'>): Promise<RefsGuard> {
  const {repository, cache} = world
  const main = project.repository.branch
  const validatedTags = [checkpoint.tag]
  const hooks = await prepareHooks({
    repository: repository.root,
    folder: join(cache, 'hooks'),
    main,
    validatedTags,
    base: world.environment,
  })
  const look = (before?: RefsSnapshot) =>
    snapshotRefs({repository: repository.root, remote: repository.remote, ...(before && {before})})
  return {
    environment: hooks.environment,
    before: () => look(),
    compare: async (before) => {
      const after = await look(before)
      const found = await compareRefs(before, after, {
        main,
        validatedTags,
        isAncestor: ancestry(repository.root, after.remote, main),
      })
      const violations = found.violations.map(({what}) => what)
      if (!hooks.intact())
        violations.push({
          fr: 'les garde-fous git de Postgate ont été modifiés',
          en: 'Postgate’s git hooks were changed',
        })
      return {violations, remarks: found.remarks.map(({what}) => what)}
    },
  }
}
