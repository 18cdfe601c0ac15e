// Packed files beside what they pack (`main.dart.js.gz` beside `main.dart.js`): some web servers give them
// to browsers in its place, so one from an earlier build would be served with everything else new.

import {createHash} from 'node:crypto'
import {createReadStream} from 'node:fs'
import {join} from 'node:path'
import {inParallel} from '../base/parallel.ts'
import type {Manifest} from '../domain/manifest.ts'
import {type Encoding, unpack} from './unpack.ts'

const encodings: Readonly<Record<string, Encoding>> = {'.gz': 'gzip', '.br': 'br', '.zst': 'zstd'}

/** The packed files that do not unpack to the file beside them. `folder` is where the manifest is from. */
export async function precompressedMismatches(
  folder: string,
  manifest: Manifest,
): Promise<readonly string[]> {
  const files = new Map(manifest.files.map((file) => [file.path, file]))
  const found = await inParallel(manifest.files, 4, async ({path}) => {
    const [whole, plain = '', ending = ''] = /^(.+)(\.(?:gz|br|zst))$/.exec(path) ?? []
    const [twin, encoding] = [files.get(plain), encodings[ending]]
    if (whole === undefined || twin === undefined || encoding === undefined) return []
    const unpacked = await hashUnpacked(join(folder, path), encoding, twin.bytes)
    return unpacked === twin.sha256 ? [] : [path]
  })
  return found.flat()
}

/** null for what is not packed so, or is longer than its twin. */
async function hashUnpacked(path: string, encoding: Encoding, bytesMost: number) {
  const hash = createHash('sha256')
  let bytes = 0
  try {
    for await (const chunk of unpack(encoding, createReadStream(path))) {
      bytes += chunk.length
      if (bytes > bytesMost) return null
      hash.update(chunk)
    }
  } catch {
    return null
  }
  return hash.digest('hex')
}
