// Where the documents of a run are looked at: in the working tree, where tampering shows first, and in
// a commit, where others read them.

import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import type {Repository} from '../../store/git/repository.ts'
import type {Blobs} from './blobs.ts'

export interface DocumentsPlace {
  /** null: the working tree. */
  readonly commit: string | null
  /** undefined where the file is not there. */
  readonly read: (path: string) => Promise<Buffer | undefined>
}

export function workingTree(repository: Repository): DocumentsPlace {
  return {
    commit: null,
    async read(path) {
      const bytes = await readFile(join(repository.root, path)).catch(() => undefined)
      return bytes?.includes('\r') ? asStored(repository, path, bytes) : bytes
    },
  }
}

export const inCommit = (blobs: Blobs, commit: string): DocumentsPlace => ({
  commit,
  read: (path) => blobs.read(`${commit}:${path}`),
})

/** A checkout that converts line endings (`core.autocrlf`) changes nothing that git would commit. */
async function asStored({git}: Repository, path: string, bytes: Buffer): Promise<Buffer> {
  const blob = async (args: readonly string[]) => (await git.attempt(args)).stdout.toString('utf8')
  const stored = await blob(['rev-parse', '--verify', '--quiet', `HEAD:${path}`])
  if (stored === '' || stored !== (await blob(['hash-object', '--', path]))) return bytes
  const found = await git.attempt(['cat-file', 'blob', stored.trim()])
  return found.exitCode === 0 ? found.stdout : bytes
}

/** What is no UTF-8 is read byte by byte: then it cannot look like the text that was written. */
export function decodeText(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  return Buffer.from(text).equals(bytes) ? text : bytes.toString('latin1')
}

export async function readTextAt(place: DocumentsPlace, path: string): Promise<string | undefined> {
  const bytes = await place.read(path)
  return bytes === undefined ? undefined : decodeText(bytes)
}
