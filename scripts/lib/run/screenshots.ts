// The pictures that a failed smoke test left in the cache, brought along with the run's documents.

import {readdir, readFile} from 'node:fs/promises'
import {join} from 'node:path'

/** `screenshots/<name>` to its bytes; empty where none was taken. */
export async function screenshotsOf(
  cache: string,
  run: string,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const folder = join(cache, 'runs', run, 'screenshots')
  const names = await readdir(folder).catch(() => [])
  const pictures = names.filter((name) => name.endsWith('.png')).sort()
  const read = async (name: string): Promise<[string, Uint8Array]> => [
    `screenshots/${name}`,
    await readFile(join(folder, name)),
  ]
  return new Map(await Promise.all(pictures.map(read)))
}
