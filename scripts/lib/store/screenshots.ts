// The pictures that a failed smoke test leaves in the cache, to be brought along with the run's documents.

import {readdir, readFile} from 'node:fs/promises'
import {join} from 'node:path'

/** Where they lie, under the cache folder. */
export const screenshotFolder = (run: string): string => join('runs', run, 'screenshots')

/** `screenshots/<name>` to its bytes; empty where none was taken. */
export async function screenshotsOf(
  cache: string,
  run: string,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const folder = join(cache, screenshotFolder(run))
  const names = await readdir(folder).catch(() => [])
  const pictures = names.filter((name) => name.endsWith('.png')).sort()
  const read = async (name: string): Promise<[string, Uint8Array]> => [
    `screenshots/${name}`,
    await readFile(join(folder, name)),
  ]
  return new Map(await Promise.all(pictures.map(read)))
}
