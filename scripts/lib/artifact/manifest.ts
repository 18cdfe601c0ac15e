// The hashes of a folder's files. The list is `sha256sum`'s own format, so that anybody can verify
// an artifact without Postgate: `sha256sum -c manifest.sha256`.

import {createHash} from 'node:crypto'
import {createReadStream} from 'node:fs'
import {readdir, readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {inParallel} from '../base/parallel.ts'
import type {Bilingual} from '../documents/bilingual.ts'
import type {Manifest, ManifestFile} from '../domain/manifest.ts'
import {problem} from '../domain/problem.ts'

/**
 * Hashes every file below `folder`, a few at a time, streaming. Throws a `Problem` (3) on a symlink,
 * a device, or a name that a line of the list cannot hold: what such a file serves is not ours to say.
 */
export async function manifestOf(folder: string): Promise<Manifest> {
  const paths = await filesOf(folder)
  const files = await inParallel(paths, 8, async (path) => ({
    path,
    ...(await hashFile(join(folder, path))),
  }))
  return manifestFrom(files)
}

/** A manifest of these files: sorted, with its own digest. */
export function manifestFrom(files: readonly ManifestFile[]): Manifest {
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
  return {
    files: sorted,
    bytes: sorted.reduce((sum, file) => sum + file.bytes, 0),
    digest: manifestDigest(manifestLines(sorted)),
  }
}

/** The digest of an artifact whose manifest reads `lines`. */
export const manifestDigest = (lines: string): string =>
  createHash('sha256').update(lines).digest('hex')

/** "20 fichiers", "20 files"; before a build, as in a plan, nobody knows how many. */
export function fileCount({files: {length}}: Manifest): Bilingual {
  if (length === 0) return {fr: 'les fichiers', en: 'the files'}
  return length === 1
    ? {fr: '1 fichier', en: '1 file'}
    : {fr: `${length} fichiers`, en: `${length} files`}
}

/** The lines `<sha256>  <path>\n` of a manifest, verifiable with `sha256sum -c` in the folder. */
export function manifestLines(files: readonly ManifestFile[]): string {
  return files.map((file) => `${file.sha256}  ${file.path}\n`).join('')
}

/** Writes the lines to `path`, which must lie outside the folder they describe. */
export async function writeManifest(path: string, manifest: Manifest): Promise<void> {
  await writeFile(path, manifestLines(manifest.files))
}

/** Reads such a list back. It has no sizes: `bytes` is 0 throughout. Throws a `Problem` (2) on any other line. */
export async function readManifest(path: string): Promise<Manifest> {
  return parseManifest(await readFile(path, 'utf8'), path)
}

/** The manifest in `source`; `shown` names it in an error. */
export function parseManifest(source: string, shown: string): Manifest {
  const files = source
    .split('\n')
    .filter((line) => line !== '')
    .map((line, index) => {
      const match = /^([0-9a-f]{64}) [ *](.+)$/.exec(line)
      if (match?.[1] !== undefined && match[2] !== undefined) {
        return {path: match[2], bytes: 0, sha256: match[1]}
      }
      throw problem({
        what: {
          fr: `${shown}:${index + 1} n’est pas une ligne « sha256  chemin ».`,
          en: `${shown}:${index + 1} is no "sha256  path" line.`,
        },
        exit: 2,
        at: {path: shown, line: index + 1},
      })
    })
  return manifestFrom(files)
}

export interface ManifestDifference {
  readonly missing: readonly string[]
  readonly added: readonly string[]
  readonly changed: readonly string[]
}

/** What became of `before` in `after`: files gone, new, and with other bytes. */
export function compareManifests(input: {before: Manifest; after: Manifest}): ManifestDifference {
  const before = new Map(input.before.files.map((file) => [file.path, file.sha256]))
  const after = new Map(input.after.files.map((file) => [file.path, file.sha256]))
  return {
    missing: [...before.keys()].filter((path) => !after.has(path)),
    added: [...after.keys()].filter((path) => !before.has(path)),
    changed: [...before].flatMap(([path, sha256]) =>
      after.has(path) && after.get(path) !== sha256 ? [path] : [],
    ),
  }
}

/** The SHA-256 and size of one file. */
export async function hashFile(path: string): Promise<{bytes: number; sha256: string}> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(path, {highWaterMark: 1 << 18})) {
    hash.update(chunk)
    bytes += chunk.length
  }
  return {bytes, sha256: hash.digest('hex')}
}

/** Every regular file below `folder`, with `/`, relative to it; refuses anything else. */
export async function filesOf(folder: string, below = ''): Promise<string[]> {
  const found: string[] = []
  for (const entry of await readdir(join(folder, below), {withFileTypes: true})) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`
    if (entry.isDirectory()) found.push(...(await filesOf(folder, path)))
    else if (entry.isFile() && !/[\n\r\\]/.test(entry.name)) found.push(path)
    else throw refused(path)
  }
  return found
}

const refused = (path: string) =>
  problem({
    what: {
      fr: `L’artefact contient ${JSON.stringify(path)}, qui n’est pas un fichier ordinaire.`,
      en: `The artifact holds ${JSON.stringify(path)}, which is no ordinary file.`,
    },
    why: {
      fr: 'Un lien symbolique ou un nom illisible ne peut pas être prouvé octet par octet.',
      en: 'A symbolic link or an unreadable name cannot be proven byte for byte.',
    },
    next: {
      fr: 'Faites produire au build de vrais fichiers.',
      en: 'Make the build produce real files.',
    },
    exit: 3,
  })
