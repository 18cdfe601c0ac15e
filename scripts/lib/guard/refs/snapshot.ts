// How refs and what else decides over history stand at one moment, here and on the remote.

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
    return {
      address,
      remote: asked === null ? {status: 'none'} : await readRemote(git, asked, timeoutMs),
    }
  }
}

async function addressOf(git: Git, remote: string): Promise<string | null> {
  const address = (await git.text(['ls-remote', '--get-url', remote])).trim()
  return address === '' ? null : address
}

async function readRemote(git: Git, address: string, timeoutMs: number): Promise<RemoteRefs> {
  const words = ['ls-remote', '--symref', address, 'HEAD', 'refs/heads/*', 'refs/tags/*']
  const result = await git.attempt(words, {timeoutMs})
  if (result.exitCode !== 0) return {status: 'unreachable', address, why: lastWords(result)}
  const refs: Record<string, string> = {}
  let head: string | null = null
  for (const line of result.stdout.toString('utf8').split('\n')) {
    const [value = '', ref] = line.split('\t')
    if (ref === undefined) continue
    if (ref !== 'HEAD') refs[ref] = value
    else if (value.startsWith('ref: ')) head = value.slice('ref: '.length)
  }
  return {status: 'read', address, refs, head}
}

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
