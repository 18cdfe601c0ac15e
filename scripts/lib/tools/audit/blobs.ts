// Many objects read by one git process: an audit looks at dozens of files of a few commits.

import type {Repository} from '../../store/git/repository.ts'

export interface Blobs {
  /** Reads these at once, so that `read` finds them: `<commit>:<path>`, or an id. */
  readonly load: (names: readonly string[]) => Promise<void>
  /** undefined where there is no such object. */
  readonly read: (name: string) => Promise<Buffer | undefined>
}

/** Keeps what it has read: one for each run that is audited. */
export function createBlobs({git}: Pick<Repository, 'git'>): Blobs {
  const known = new Map<string, Buffer | undefined>()
  const load = async (names: readonly string[]) => {
    // A name with a line ending cannot be asked for so, and no document has one.
    const wanted = [...new Set(names)].filter((name) => !known.has(name) && !name.includes('\n'))
    if (wanted.length === 0) return
    const result = await git.attempt(['cat-file', '--batch'], {input: `${wanted.join('\n')}\n`})
    for (const [index, bytes] of contents(result.stdout, wanted.length).entries())
      known.set(wanted[index] ?? '', bytes)
  }
  return {
    load,
    async read(name) {
      await load([name])
      return known.get(name)
    },
  }
}

/** Reads `<id> <type> <size>\n<bytes>\n`, or `<name> missing\n`, one after another. */
function contents(output: Buffer, count: number): (Buffer | undefined)[] {
  const found: (Buffer | undefined)[] = []
  let at = 0
  while (found.length < count && at < output.length) {
    const end = output.indexOf(10, at)
    const header = output.subarray(at, end < 0 ? output.length : end).toString('utf8')
    at = end < 0 ? output.length : end + 1
    const size = /^[0-9a-f]{40,64} \w+ (\d+)$/.exec(header)?.[1]
    if (size === undefined) {
      found.push(undefined)
      continue
    }
    found.push(output.subarray(at, at + Number(size)))
    at += Number(size) + 1
  }
  return found
}
