// Where the documents of a run are looked at: in the working tree, where tampering shows first, and in
// a commit, where others read them.

import {isUtf8} from 'node:buffer'
import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {askTogether, keepLast} from '../../base/ask-together.ts'
import type {Repository} from '../../store/git/repository.ts'
import type {Git} from '../../store/git/run.ts'
import type {Blobs} from './blobs.ts'

export interface DocumentsPlace {
  /** null: the working tree. */
  readonly commit: string | null
  /** undefined where the file is not there. */
  readonly read: (path: string) => Promise<Buffer | undefined>
}

/** Files that every run writes in are read once. */
export function workingTree(repository: Repository, blobs: Blobs): DocumentsPlace {
  const stored = askTogether((paths) => hashed(repository.git, paths))
  const files = keepLast<Promise<Buffer | undefined>>(filesKept, () => 1)
  const read = async (path: string) => {
    const bytes = await readFile(join(repository.root, path)).catch(() => undefined)
    return bytes?.includes('\r') ? asStored(path, bytes) : bytes
  }
  /** A checkout that converts line endings (`core.autocrlf`) changes nothing that git would commit. */
  const asStored = async (path: string, bytes: Buffer) => {
    const committed = await blobs.idOf(`HEAD:${path}`)
    if (committed === undefined || (await stored([path])).get(path) !== committed) return bytes
    return (await blobs.read(committed)) ?? bytes
  }
  return {
    commit: null,
    read(path) {
      const there = files.get(path) ?? read(path)
      files.set(path, there)
      return there
    },
  }
}

const filesKept = 64

/** What git would store of files of the working tree. */
async function hashed(git: Git, paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const plain = paths.filter((path) => !/^"|[\n]/.test(path))
  const input = plain.map((path) => `${path}\n`).join('')
  const {exitCode, stdout} = await git.attempt(['hash-object', '--stdin-paths'], {input})
  const ids = stdout.toString('utf8').split('\n')
  if (exitCode === 0) return new Map(plain.map((path, index) => [path, ids[index] ?? '']))
  // One of them went away meanwhile: that says nothing about the others.
  if (plain.length < 2) return new Map()
  const single = await Promise.all(plain.map((path) => hashed(git, [path])))
  return new Map(single.flatMap((each) => [...each]))
}

export const inCommit = (blobs: Blobs, commit: string): DocumentsPlace => ({
  commit,
  read: (path) => blobs.read(`${commit}:${path}`),
})

/** What is no UTF-8 is read byte by byte: then it cannot look like the text that was written. */
export function decodeText(bytes: Buffer): string {
  const known = texts.get(bytes)
  if (known !== undefined) return known
  const utf8 = bytes.toString('utf8')
  const text = isUtf8(bytes) ? utf8 : bytes.toString('latin1')
  texts.set(bytes, text)
  return text
}

const texts = new WeakMap<Buffer, string>()

export async function readTextAt(place: DocumentsPlace, path: string): Promise<string | undefined> {
  const bytes = await place.read(path)
  return bytes === undefined ? undefined : decodeText(bytes)
}
