// Layers 3 and 4 of the guard for one run: git hooks for every child process, and the comparison of
// main and every validated tag before and after each step, and with how they stood when the run began.

import {createHash} from 'node:crypto'
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {z} from 'zod'
import type {Checkpoint} from '../../domain/event.ts'
import type {Fact} from '../../domain/facts.ts'
import type {Text} from '../../domain/text.ts'
import type {World} from '../../store/world.ts'
import {ancestry} from './ancestry.ts'
import {compareRefs} from './compare.ts'
import {validatedAmong} from './compared.ts'
import {prepareHooks} from './hooks.ts'
import {movedAside} from './moved-aside.ts'
import {openSnapshots, type Refs, type RefsSnapshot, type SnapshotOptions} from './snapshot.ts'

/** Main and the validated tags as they last stood where all was well; it travels with the journal. */
export type RefsState = Fact<'refs-standing'>

export interface RefsCompared {
  /** They abort the run. */
  readonly violations: readonly Text[]
  /** Allowed, and noted. */
  readonly remarks: readonly Text[]
  /** What could not be compared: no success is said before it is. */
  readonly unknowns: readonly Text[]
}

export interface RefsGuard {
  /** For every child process of the run. */
  readonly environment: Readonly<Record<string, string>>
  /** `act` names what begins: a process that dies in it leaves this look behind for the next one. */
  readonly before: (act?: string) => Promise<RefsSnapshot>
  /** The look before an act that a dead process had begun; null where there is none. */
  readonly interrupted: (act: string) => RefsSnapshot | null
  /** What happened since: violations abort the run, remarks are noted. */
  readonly compare: (before: RefsSnapshot) => Promise<RefsCompared>
  /** The same against how things stood, and how they stand now. null: nothing is known yet. */
  readonly standing: (
    known: RefsState | null,
    how?: {readonly again?: boolean},
  ) => Promise<
    RefsCompared & {
      readonly now: RefsState
      /** The commits that the checkpoint's own tag stands on; undefined: not asked, or no answer. */
      readonly own: {readonly here: string | null; readonly remote: string | null | undefined}
    }
  >
}

export async function openRefsGuard({
  world,
  checkpoint,
  validated,
}: {
  world: World
  checkpoint: Checkpoint
  /** Tags of every gate and of every recorded run. */
  validated: readonly string[]
}): Promise<RefsGuard> {
  const {repository, cache, environment} = world
  const main = repository.branch
  const named = [...new Set([checkpoint.tag, ...validated])]
  const place = {repository: repository.root, remote: repository.remote, main, environment}
  const folders = {common: repository.gitDirectory, top: repository.root}
  const snapshots = await openSnapshots({...place, named, folders})
  /** `again`: as the remote is at this moment, whatever was seen before. */
  const look = ({again = false, ...how}: SnapshotOptions & {readonly again?: boolean} = {}) =>
    snapshots.take({...how, look: (patterns) => repository.looks.look({again, patterns})})
  const opened = await snapshots.takeHere()
  // Settings, replaced history and the remote's HEAD are no part of the journal: a pause lets people
  // mend them. Within one process they are compared with the last look that found nothing.
  let quiet: RefsSnapshot = opened
  const hooks = await prepareHooks({
    repository: repository.root,
    folder: join(cache, 'hooks'),
    main,
    validatedTags: validatedAmong(named, [opened.here]),
    seen: {common: repository.gitDirectory, refs: opened.here},
    base: environment,
  })
  const clone = createHash('sha256')
    .update(`${world.machine}\0${repository.gitDirectory}`)
    .digest('hex')
    .slice(0, 16)
  const file = join(repository.gitDirectory, 'postgate', 'refs-before.json')
  const between = async (before: RefsSnapshot, after: RefsSnapshot): Promise<RefsCompared> => {
    const isAncestor = ancestry({...place, remote: after.remote})
    const sides = [before, after].flatMap(sidesOf)
    const found = await compareRefs(before, after, {
      ...{main, isAncestor, remote: repository.remote},
      validatedTags: validatedAmong(named, sides),
      wandered: await movedAside(snapshots.valuesOf, {
        before: before.reflogs ?? {},
        isAncestor,
      }),
    })
    const words = (all: readonly {readonly what: Text}[]) => all.map(({what}) => what)
    const violations = [...words(found.violations), ...(hooks.intact() ? [] : [hooksChanged])]
    if (violations.length === 0) quiet = after
    return {
      violations,
      remarks: words(found.remarks),
      unknowns: words(found.unknowns),
    }
  }
  return {
    environment: hooks.environment,
    before: async (act) => {
      // Between the last look and an act that follows at once lies nothing that could be told apart.
      const seen = await look({young: true})
      if (act === undefined) return seen
      mkdirSync(dirname(file), {recursive: true, mode: 0o700})
      writeFileSync(file, JSON.stringify({act, seen}), {mode: 0o600, flush: true})
      return seen
    },
    interrupted: (act) => {
      const left = leftBehind(file)
      return left?.act === act ? left.seen : null
    },
    compare: async (before) => between(before, await look({before, again: true})),
    standing: async (known, {again = false} = {}) => {
      const after = await look({again})
      const names = validatedAmong(named, sidesOf(after)).map(refOf)
      const branch = `refs/heads/${main}`
      const {remote} = after
      const far = remote.status === 'read' ? remote.refs : undefined
      const now: RefsState = {
        clone,
        // Where a remote has it, a person's own branch of that name is theirs.
        here: keep(after.here, repository.remote === null ? [branch, ...names] : names),
        remote: far === undefined ? (known?.remote ?? null) : keep(far, [branch, ...names]),
        unread: remote.status === 'unreachable' ? remote.why : null,
      }
      const own = {
        here: commitOf(after.here, checkpoint.tag) ?? null,
        remote: far === undefined ? undefined : (commitOf(far, checkpoint.tag) ?? null),
      }
      if (known === null) return {now, own, ...nothingFound, unknowns: unreadOf(now)}
      const {settings, here, remote: last} = quiet
      const earlier: RefsSnapshot = {
        here: {
          // Another clone never had the same tags and branches.
          ...(known.clone === clone || known.clone === null ? known.here : {}),
          ...Object.fromEntries(Object.entries(here).filter(([ref]) => replaced.test(ref))),
        },
        remote:
          known.remote === null || remote.status === 'none'
            ? remote
            : {
                ...{status: 'read', address: remote.address, refs: known.remote},
                ...(last.status === 'read' && last.head !== undefined && {head: last.head}),
              },
        address: after.address,
        ...(settings && {settings}),
      }
      return {now, own, ...(await between(earlier, after))}
    },
  }
}

const hooksChanged: Text = {
  fr: 'les garde-fous git de Postgate ont été modifiés',
  en: 'Postgate’s git hooks were changed',
}

const replaced = /^refs\/replace\//
const nothingFound = {violations: [], remarks: []}
/** An annotated tag's commit, or what a light one holds. */
const commitOf = (refs: Refs, tag: string) => refs[`${refOf(tag)}^{}`] ?? refs[refOf(tag)]
const refOf = (tag: string) => `refs/tags/${tag}`
const sidesOf = ({here, remote}: RefsSnapshot): Refs[] =>
  remote.status === 'read' ? [here, remote.refs] : [here]

const unreadOf = ({unread}: RefsState): Text[] =>
  unread === null
    ? []
    : [
        {
          fr: `les références du dépôt distant n’ont pas pu être lues (${unread})`,
          en: `the remote’s refs could not be read (${unread})`,
        },
      ]

function keep(refs: Refs, names: readonly string[]): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const name of names) {
    const value = refs[name]
    if (value !== undefined) kept[name] = value
  }
  return kept
}

const refs = z.record(z.string(), z.string())
const snapshot = z.object({
  act: z.string(),
  seen: z.object({
    here: refs,
    remote: z.discriminatedUnion('status', [
      z.object({status: z.literal('none')}),
      z.object({
        status: z.literal('read'),
        address: z.string(),
        refs,
        head: z.string().nullable().exactOptional(),
      }),
      z.object({status: z.literal('unreachable'), address: z.string(), why: z.string()}),
    ]),
    address: z.string().nullable(),
    settings: z
      .object({
        configuration: refs,
        hooksPath: z.string().nullable(),
        hooks: refs,
        files: refs,
        shallow: z.array(z.string()),
      })
      .exactOptional(),
    reflogs: z.record(z.string(), z.number()).exactOptional(),
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
