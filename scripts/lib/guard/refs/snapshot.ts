// How refs and what else decides over history stand at one moment, here and on the remote.

import {join} from 'node:path'
import {inLang} from '../../domain/text.ts'
import type {RemoteLook} from '../../store/git/narrow-look.ts'
import {readLook} from '../../store/git/remote-look.ts'
import {isRemoteAway} from '../../store/git/remote-problem.ts'
import type {Git} from '../../store/git/run.ts'
import {lastWords} from '../../store/git/run.ts'
import {comparedPatterns, isCompared} from './compared.ts'
import {unmovedGit} from './git.ts'
import {type Reflogs, type Remembered, readReflogs, remembered} from './reflogs.ts'
import {
  type Configured,
  configured,
  foldersOf,
  type RepositoryFolders,
  readSettings,
  type Settings,
} from './settings.ts'

export type Refs = Readonly<Record<string, string>>

export type RemoteRefs =
  | {readonly status: 'none'}
  | {
      readonly status: 'read'
      readonly address: string
      readonly refs: Refs
      /** The branch that the remote's HEAD names; null where it names none. */
      readonly head?: string | null
    }
  | {readonly status: 'unreachable'; readonly address: string; readonly why: string}

export interface RefsSnapshot {
  /** Heads, tags (annotated ones also peeled, as `<ref>^{}`) and replacements, of those that are compared. */
  readonly here: Refs
  readonly remote: RemoteRefs
  /** What `git ls-remote --get-url` says: a changed one would hide what happens to the real one. */
  readonly address: string | null
  /** Absent in what an earlier version left behind. */
  readonly settings?: Settings
  readonly reflogs?: Reflogs
}

/** The repository whose refs are looked at, and which of them. */
export interface SnapshotPlace {
  readonly repository: string
  /** The remote's name, e.g. `origin`; null where the project has none. */
  readonly remote: string | null
  readonly main?: string
  /** The tags that are compared beside those of outcomes, without `refs/tags/`; absent: every ref is kept. */
  readonly named?: readonly string[]
  /** The process's environment as it was at the start: how the remote is reached. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  readonly folders?: RepositoryFolders
}

export interface SnapshotOptions {
  /** The snapshot before: the remote is asked at the address known then. */
  readonly before?: Pick<RefsSnapshot, 'address'>
  readonly timeoutMs?: number
  /** The look at the remote's present address that serves the whole run. Throws `RemoteAway`. */
  readonly look?: (patterns: readonly string[] | undefined) => Promise<RemoteLook>
  /** What was seen here a moment ago serves: nothing of ours has happened since. */
  readonly young?: boolean
}

export interface Snapshots {
  /** A remote that is away is a fact; a repository that git cannot read throws a `Problem` (3). */
  readonly take: (options?: SnapshotOptions) => Promise<RefsSnapshot>
  /** What is here alone: the remote may be away. */
  readonly takeHere: () => Promise<RefsSnapshot>
  readonly valuesOf: Remembered
}

type Local = Pick<RefsSnapshot, 'here' | 'settings' | 'reflogs' | 'address'>

/** How long, in milliseconds, a look at this clone serves a caller that asks for `young`. */
const youngMs = 1_000

/** Opens looks at one repository: what does not change between them is asked for once. */
export async function openSnapshots(place: SnapshotPlace): Promise<Snapshots> {
  const {repository, remote, main = 'main', named, environment} = place
  const git = unmovedGit(repository, environment)
  const folders = place.folders ?? (await foldersOf(git))
  const valuesOf = remembered(git, join(folders.common, 'logs'))
  const isKept = named === undefined ? () => true : isCompared(main, named)
  const shown = named === undefined ? ['refs/heads', 'refs/tags'] : comparedPatterns(main, named)
  // A star stands for no slash there, and a folder for all that is in it.
  const hereToo = shown.map((each) => each.replace(/\/\*$/, ''))
  const logs = [
    `refs/heads/${main}`,
    ...(remote === null ? [] : [`refs/remotes/${remote}/${main}`]),
  ]
  const addressOf = remote === null ? async () => null : addresses(git, remote)

  const refsHere = async () => {
    const format = '--format=%(objectname) %(refname) %(*objectname)'
    return keep(
      parseLocal(await git.text(['for-each-ref', format, ...hereToo, 'refs/replace'])),
      isKept,
    )
  }
  let last: {readonly at: number; readonly local: Promise<Local>} | undefined
  const local = (young: boolean): Promise<Local> => {
    const now = performance.now()
    if (young && last !== undefined && now - last.at < youngMs) return last.local
    const looking = lookHere()
    last = {at: now, local: looking}
    looking.catch(() => {
      last = undefined
    })
    return looking
  }
  const lookHere = async (): Promise<Local> => {
    const [here, values, reflogs] = await Promise.all([
      refsHere(),
      configured(git),
      readReflogs(valuesOf, logs),
    ])
    const settings = readSettings(values, folders, (environment ?? process.env).HOME)
    return {here, settings, reflogs, address: await addressOf(values)}
  }
  const far = async (
    address: string | null,
    {before, look, timeoutMs = 60_000}: SnapshotOptions,
  ): Promise<RemoteRefs> => {
    const asked = before?.address ?? address
    if (asked === null) return {status: 'none'}
    const shared = asked === address ? look : undefined
    return shared
      ? await sharedLook(asked, isKept, () => shared(named && shown))
      : await readRemote(git, asked, isKept, timeoutMs)
  }
  return {
    valuesOf,
    takeHere: async () => ({...(await local(false)), remote: {status: 'none'}}),
    async take(options = {}) {
      const seen = await local(options.young ?? false)
      return {...seen, remote: await far(seen.address, options)}
    },
  }
}

/** One look at a repository that is not looked at again. */
export const snapshotRefs = async (
  options: SnapshotPlace & SnapshotOptions,
): Promise<RefsSnapshot> => (await openSnapshots(options)).take(options)

/** Asked again only where what decides it has changed. */
function addresses(git: Git, remote: string): (values: Configured) => Promise<string | null> {
  let last: {readonly values: string; readonly address: Promise<string | null>} | undefined
  const ask = async () => {
    const address = (await git.text(['ls-remote', '--get-url', remote])).trim()
    return address === '' ? null : address
  }
  return (configuration) => {
    // A remote that no configuration names lies in a file of its own.
    if (!configuration.has(`remote.${remote}.url`)) return ask()
    const values = JSON.stringify([...configuration])
    if (last?.values === values) return last.address
    const asked = {values, address: ask()}
    asked.address.catch(() => {
      if (last === asked) last = undefined
    })
    last = asked
    return asked.address
  }
}

type IsKept = (ref: string) => boolean

async function readRemote(
  git: Git,
  address: string,
  isKept: IsKept,
  timeoutMs: number,
): Promise<RemoteRefs> {
  const result = await git.attempt(['ls-remote', '--symref', address], {timeoutMs})
  if (result.exitCode !== 0) return {status: 'unreachable', address, why: lastWords(result)}
  return readOf(address, isKept, readLook(result.stdout.toString('utf8')))
}

async function sharedLook(
  address: string,
  isKept: IsKept,
  look: () => Promise<RemoteLook>,
): Promise<RemoteRefs> {
  try {
    return readOf(address, isKept, await look())
  } catch (error) {
    if (!isRemoteAway(error)) throw error
    return {status: 'unreachable', address, why: inLang(error.parts.why ?? '', 'en')}
  }
}

/** Heads and tags only: what is kept of a look is compared, not searched. */
function readOf(address: string, isKept: IsKept, {refs, head}: RemoteLook): RemoteRefs {
  const kept = [...refs].filter(([ref]) => /^refs\/(heads|tags)\//.test(ref) && isKept(ref))
  return {status: 'read', address, head, refs: Object.fromEntries(kept)}
}

const keep = (refs: Refs, isKept: IsKept): Refs =>
  Object.fromEntries(Object.entries(refs).filter(([ref]) => isKept(ref)))

function parseLocal(lines: string): Refs {
  const refs: Record<string, string> = {}
  for (const line of lines.split('\n')) {
    const [oid = '', ref, peeled] = line.split(' ')
    if (!ref) continue
    refs[ref] = oid
    if (peeled) refs[`${ref}^{}`] = peeled
  }
  return refs
}
