// Objects of the history, read by few git processes: what several runs ask for goes into one question,
// and bytes that stand under several names are read once.

import {askTogether, keepLast} from '../../base/ask-together.ts'
import {objectDatabase} from '../../store/git/object-database.ts'
import type {Repository} from '../../store/git/repository.ts'

export interface Blobs {
  /** Reads these at once, so that `read` finds them: `<commit>:<path>`, or an id. */
  readonly load: (names: readonly string[]) => Promise<void>
  /** Its id, and its bytes; undefined where there is no such object. */
  readonly idOf: (name: string) => Promise<string | undefined>
  readonly read: (name: string) => Promise<Buffer | undefined>
}

/** How many bytes of contents are kept; ids are small, and all of them are. */
const bytesKept = 192 * 2 ** 20

export function createBlobs({git}: Pick<Repository, 'git'>): Blobs {
  const idsOf = askTogether(async (names) => {
    const input = `${names.join('\n')}\n`
    const listed = await git.attempt(['cat-file', '--batch-check=%(objectname)'], {input})
    const lines = listed.stdout.toString('utf8').split('\n')
    return new Map(
      names.flatMap((name, index): [string, string][] => {
        const id = lines[index] ?? ''
        return isId(id) ? [[name, id]] : []
      }),
    )
  })
  const objects = objectDatabase(git)
  const bytesOf = askTogether(
    async (ids) => {
      const read = ids.map(async (id) => [id, (await objects.read(id))?.bytes] as const)
      return new Map(await Promise.all(read))
    },
    keepLast<Buffer | undefined>(bytesKept, (bytes) => bytes?.length ?? 0),
  )
  const found = async (names: readonly string[]) => {
    // A name with a line ending cannot be asked for so, and no document has one.
    const ids = await idsOf(names.filter((name) => !name.includes('\n')))
    return {ids, bytes: await bytesOf([...ids.values()].flatMap((id) => id ?? []))}
  }
  return {
    async load(names) {
      await found(names)
    },
    idOf: async (name) => (await found([name])).ids.get(name),
    async read(name) {
      const {ids, bytes} = await found([name])
      return bytes.get(ids.get(name) ?? '')
    },
  }
}

const isId = (word: string) => /^[0-9a-f]{40,64}$/.test(word)
