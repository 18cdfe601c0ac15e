// How refs and what else decides over history stand at one moment, here and on the remote.

import {inLang} from '../../domain/text.ts'
import {type RemoteLook, readLook} from '../../store/git/remote-look.ts'
import {isRemoteAway} from '../../store/git/remote-problem.ts'
import type {Git} from '../../store/git/run.ts'
import {lastWords} from '../../store/git/run.ts'
import {unmovedGit} from './git.ts'
import {type Reflogs, readReflogs} from './reflogs.ts'
import {readSettings, type Settings} from './settings.ts'

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
  /** Heads, tags (annotated ones also peeled, as `<ref>^{}`) and replacements. */
  readonly here: Refs
  readonly remote: RemoteRefs
  /** What `git ls-remote --get-url` says: a changed one would hide what happens to the real one. */
  readonly address: string | null
  /** Absent in what an earlier version left behind. */
  readonly settings?: Settings
  readonly reflogs?: Reflogs
}

export interface SnapshotOptions {
  readonly repository: string
  /** The remote's name, e.g. `origin`; null where the project has none. */
  readonly remote: string | null
  readonly main?: string
  /** The snapshot before: the remote is asked at the address known then. */
  readonly before?: Pick<RefsSnapshot, 'address'>
  /** The process's environment as it was at the start: how the remote is reached. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  readonly timeoutMs?: number
  /** The look at the remote's present address that serves the whole run. Throws `RemoteAway`. */
  readonly look?: () => Promise<RemoteLook>
}

/** Reads them. A remote that is away is a fact; a repository that git cannot read throws a `Problem` (3). */
export async function snapshotRefs(options: SnapshotOptions): Promise<RefsSnapshot> {
  const {repository, remote, before, timeoutMs = 60_000, main = 'main'} = options
  const git = unmovedGit(repository, options.environment)
  const format = '--format=%(objectname) %(refname) %(*objectname)'
  const logs = [
    `refs/heads/${main}`,
    ...(remote === null ? [] : [`refs/remotes/${remote}/${main}`]),
  ]
  const [here, settings, reflogs, far] = await Promise.all([
    git.text(['for-each-ref', format, 'refs/heads', 'refs/tags', 'refs/replace']),
    readSettings(git, (options.environment ?? process.env).HOME),
    readReflogs(git, logs),
    theRemote(),
  ])
  return {here: parseLocal(here), ...far, settings, reflogs}

  async function theRemote(): Promise<Pick<RefsSnapshot, 'remote' | 'address'>> {
    const address = remote === null ? null : await addressOf(git, remote)
    const asked = before?.address ?? address
    if (asked === null) return {address, remote: {status: 'none'}}
    const shared = asked === address ? options.look : undefined
    const far = shared ? await sharedLook(asked, shared) : await readRemote(git, asked, timeoutMs)
    return {address, remote: far}
  }
}

async function addressOf(git: Git, remote: string): Promise<string | null> {
  const address = (await git.text(['ls-remote', '--get-url', remote])).trim()
  return address === '' ? null : address
}

async function readRemote(git: Git, address: string, timeoutMs: number): Promise<RemoteRefs> {
  const result = await git.attempt(['ls-remote', '--symref', address], {timeoutMs})
  if (result.exitCode !== 0) return {status: 'unreachable', address, why: lastWords(result)}
  return readOf(address, readLook(result.stdout.toString('utf8')))
}

async function sharedLook(address: string, look: () => Promise<RemoteLook>): Promise<RemoteRefs> {
  try {
    return readOf(address, await look())
  } catch (error) {
    if (!isRemoteAway(error)) throw error
    return {status: 'unreachable', address, why: inLang(error.parts.why ?? '', 'en')}
  }
}

/** Heads and tags only: what is kept of a look is compared, not searched. */
const readOf = (address: string, {refs, head}: RemoteLook): RemoteRefs => ({
  ...{status: 'read', address, head},
  refs: Object.fromEntries([...refs].filter(([ref]) => /^refs\/(heads|tags)\//.test(ref))),
})

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
