// Reads and writes objects through three gits that stay: one that reads, one that stores bytes, one that
// makes trees. Objects alone change nothing that a person or a remote can see.

import {randomBytes} from 'node:crypto'
import {rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {type Git, gitFailed} from './run.ts'
import type {ReadAnswer} from './talk.ts'

export interface GitObject {
  readonly id: string
  readonly type: string
  readonly bytes: Buffer
}

export interface TreeEntry {
  /** As git writes it: `100644`. */
  readonly mode: string
  readonly id: string
  /** Its bytes, as latin1. */
  readonly name: string
}

export interface ObjectDatabase {
  /** `name`: an id, or one with a suffix (`<id>:<path>`, `<id>^{commit}`). null: it is not here. */
  readonly read: (name: string) => Promise<GitObject | null>
  /** Stores exact bytes (no filter, no change of line endings) and answers the blob's id. */
  readonly writeBlob: (bytes: string | Uint8Array) => Promise<string>
  readonly writeTree: (entries: readonly TreeEntry[]) => Promise<string>
  /** Stores the text of a commit, which git checks, and answers its id. */
  readonly writeCommit: (text: string) => Promise<string>
}

/** Of either hash. */
export const isFullId = (name: string) => /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(name)

const known = new WeakMap<Git, ObjectDatabase>()

/** One for each way to run git. */
export function objectDatabase(git: Git): ObjectDatabase {
  const found = known.get(git) ?? open(git)
  known.set(git, found)
  return found
}

function open(git: Git): ObjectDatabase {
  const reader = asking(git, ['cat-file', '--batch'])
  const trees = asking(git, ['mktree', '--batch', '-z', '--missing'])
  const blobs = storing(git, ['hash-object', '-w', '--no-filters', '--stdin-paths'])
  const commits = storing(git, ['hash-object', '-w', '-t', 'commit', '--stdin-paths'])
  return {
    read: (name) => (name.includes('\n') ? readOnce(git, name) : reader(`${name}\n`, readObject)),
    // What fails there is told by a git of its own, in its words.
    writeBlob: (bytes) =>
      blobs(bytes).catch(() =>
        git.text(['hash-object', '-w', '--no-filters', '--stdin'], {input: bytes}),
      ),
    writeCommit: commits,
    writeTree: (entries) =>
      trees(Buffer.from(`${entries.map(lineOf).join('')}\0`, 'latin1'), readId),
  }
}

/** git takes paths there, and no bytes: they pass through a private file. */
function storing(git: Git, args: readonly string[]) {
  const ask = asking(git, args)
  return async (bytes: string | Uint8Array): Promise<string> => {
    const path = join(tmpdir(), `postgate-object-${randomBytes(8).toString('hex')}`)
    try {
      await writeFile(path, bytes, {mode: 0o600, flag: 'wx'})
      return await ask(`${path}\n`, readId)
    } finally {
      await rm(path, {force: true})
    }
  }
}

/**
 * A git that was ended from outside (Ctrl-C reaches it too) has its question asked again of another: what
 * is read or stored is the same. Throws a `Problem` (3) where that one ends without an answer as well.
 */
function asking(git: Git, args: readonly string[]) {
  const {ask} = git.talk(args)
  return <T>(question: string | Uint8Array, read: ReadAnswer<T>): Promise<T> =>
    ask(question, read)
      .catch(() => ask(question, read))
      .catch((error: unknown) => {
        const stderr = error instanceof Error ? error.message : String(error)
        throw gitFailed(args, {exitCode: -1, stdout: Buffer.alloc(0), stderr})
      })
}

const lineOf = ({mode, id, name}: TreeEntry) =>
  `${mode.padStart(6, '0')} ${typeOf(mode)} ${id}\t${name}\0`
const typeOf = (mode: string) =>
  /^0?40000$/.test(mode) ? 'tree' : mode === '160000' ? 'commit' : 'blob'

/** The entries of a tree object. */
export function treeEntries({id, bytes}: GitObject): TreeEntry[] {
  const entries: TreeEntry[] = []
  const idBytes = id.length / 2
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at)
    const end = bytes.indexOf(0, space)
    const next = end + 1 + idBytes
    entries.push({
      mode: bytes.toString('latin1', at, space),
      name: bytes.toString('latin1', space + 1, end),
      id: bytes.toString('hex', end + 1, next),
    })
    at = next
  }
  return entries
}

const readObject: ReadAnswer<GitObject | null> = (bytes) => {
  const end = bytes.indexOf(0x0a)
  if (end < 0) return null
  const line = bytes.toString('utf8', 0, end)
  const [, id, type, size] = /^([0-9a-f]{40,64}) (\w+) (\d+)$/.exec(line) ?? []
  if (id === undefined || type === undefined) return {value: null, used: end + 1}
  const last = end + 1 + Number(size)
  if (bytes.length < last + 1) return null
  return {value: {id, type, bytes: Buffer.from(bytes.subarray(end + 1, last))}, used: last + 1}
}

const readId: ReadAnswer<string> = (bytes) => {
  const end = bytes.indexOf(0x0a)
  return end < 0 ? null : {value: bytes.toString('latin1', 0, end), used: end + 1}
}

/** A name with a line break in it is no line. */
async function readOnce(git: Git, name: string): Promise<GitObject | null> {
  const id = await git.attempt(['rev-parse', '--verify', '--quiet', '--end-of-options', name])
  if (id.exitCode !== 0) return null
  return objectDatabase(git).read(id.stdout.toString('utf8').trim())
}
