// Objects of the history, read by few git processes: what several runs ask for goes into one question,
// and bytes that stand under several names are read once.

import {askTogether, keepLast} from '../../base/ask-together.ts'
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
  const bytesOf = askTogether(
    async (ids) => {
      const result = await git.attempt(['cat-file', '--batch'], {input: `${ids.join('\n')}\n`})
      return contents(result.stdout, ids)
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

/** Reads `<id> <type> <size>\n<bytes>\n`, or `<name> missing\n`, one after another. */
function contents(output: Buffer, ids: readonly string[]): Map<string, Buffer> {
  const found = new Map<string, Buffer>()
  let at = 0
  for (const id of ids) {
    const end = output.indexOf(10, at)
    if (end < 0) break
    const size = /^[0-9a-f]{40,64} \w+ (\d+)$/.exec(output.toString('utf8', at, end))?.[1]
    at = end + 1
    if (size === undefined) continue
    // A copy: what is kept must not hold all that came with it.
    found.set(id, Buffer.from(output.subarray(at, at + Number(size))))
    at += Number(size) + 1
  }
  return found
}
