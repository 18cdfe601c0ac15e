// Layers 3 and 4 of the guard for one run: git hooks for every child process, and the comparison of
// main and the validated tags before and after each step, here and on the remote.

import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {z} from 'zod'
import type {Checkpoint} from '../../domain/event.ts'
import type {Project} from '../../domain/project.ts'
import type {Text} from '../../domain/text.ts'
import type {World} from '../../store/world.ts'
import {prepareHooks} from './hooks.ts'
import {ancestry, compareRefs, type RefsSnapshot, snapshotRefs} from './refs.ts'

export interface RefsGuard {
  /** For every child process of the run. */
  readonly environment: Readonly<Record<string, string>>
  /** `act` names what begins: a process that dies in it leaves this look behind for the next one. */
  readonly before: (act?: string) => Promise<RefsSnapshot>
  /** The look before an act that a dead process had begun; null where there is none. */
  readonly interrupted: (act: string) => RefsSnapshot | null
  /** What happened since: violations abort the run, remarks are noted. */
  readonly compare: (
    before: RefsSnapshot,
  ) => Promise<{violations: readonly Text[]; remarks: readonly Text[]}>
}

export async function openRefsGuard({
  world,
  project,
  checkpoint,
}: {
  world: World
  project: Project
  checkpoint: Checkpoint
}): Promise<RefsGuard> {
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
  const file = join(repository.gitDirectory, 'postgate', 'refs-before.json')
  const look = (before?: RefsSnapshot) =>
    snapshotRefs({repository: repository.root, remote: repository.remote, ...(before && {before})})
  return {
    environment: hooks.environment,
    before: async (act) => {
      const seen = await look()
      if (act === undefined) return seen
      mkdirSync(dirname(file), {recursive: true, mode: 0o700})
      writeFileSync(file, JSON.stringify({act, seen}), {mode: 0o600, flush: true})
      return seen
    },
    interrupted: (act) => {
      const left = leftBehind(file)
      return left?.act === act ? left.seen : null
    },
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

const refs = z.record(z.string(), z.string())
const snapshot = z.object({
  act: z.string(),
  seen: z.object({
    here: refs,
    remote: z.discriminatedUnion('status', [
      z.object({status: z.literal('none')}),
      z.object({status: z.literal('read'), address: z.string(), refs}),
      z.object({status: z.literal('unreachable'), address: z.string(), why: z.string()}),
    ]),
    address: z.string().nullable(),
  }),
})

/** Half a file is none: the process died before the act began. */
function leftBehind(file: string): z.output<typeof snapshot> | null {
  if (!existsSync(file)) return null
  try {
    return snapshot.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return null
  }
}
