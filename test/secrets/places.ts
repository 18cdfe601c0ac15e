// Everything that a sandbox's commands wrote and others can read: files, every git object of clone and
// remote, refs, the outbox. What is private by its mode is checked for that mode, and not searched.

import {execFileSync} from 'node:child_process'
import {existsSync, lstatSync, readdirSync, readFileSync, statSync} from 'node:fs'
import {join, relative} from 'node:path'
import type {SandboxPaths} from '../../scripts/lib/sandbox/paths.ts'
import type {Search} from './search.ts'

/** Searches it all. Answers what is private in name and readable by others in fact. */
export function searchEverything(paths: SandboxPaths, search: Search): string[] {
  const open: string[] = []
  const skipped = [join(paths.project, 'env'), paths.keys, paths.state, paths.broken]
  for (const path of skipped) if (existsSync(path)) open.push(...readableByOthers(path))
  const left = [...skipped, paths.postgres]
  walk(paths.root, (path) => {
    if (left.some((each) => path === each || path.startsWith(`${each}/`))) return false
    // Compressed: cat-file reads them below.
    if (/\/(project\/\.git|remote\.git)\/objects$/.test(path)) return false
    if (/\/private$/.test(path)) {
      open.push(...readableByOthers(path))
      return false
    }
    if (lstatSync(path).isFile()) {
      const place = relative(paths.root, path)
      search.look(place, readFileSync(path, 'latin1'), {artifact: isArtifact(place)})
      search.look(`${place} (UTF-8)`, readFileSync(path, 'utf8'), {artifact: isArtifact(place)})
    }
    return true
  })
  for (const folder of [paths.project, paths.remote]) searchObjects(paths, folder, search)
  return open
}

/** Where the client's own bytes lie. */
const isArtifact = (place: string) =>
  place.startsWith('hosting/') || /^cache\/(?!.*\/(hooks|records)\/)/.test(place)

function searchObjects(paths: SandboxPaths, folder: string, search: Search): void {
  const git = (args: string[]) => execFileSync('git', ['-C', folder, ...args], {maxBuffer: 1 << 30})
  const env = join(paths.project, 'env/.env.prod')
  // `--break env-committed` commits this very file: that is the fault, not a leak of ours.
  const committed = git(['hash-object', env]).toString().trim()
  for (const {name, type, bytes} of objectsOf(
    git(['cat-file', '--batch-all-objects', '--batch']),
  )) {
    if (type === 'tree' || name === committed) continue
    search.look(`${relative(paths.root, folder)} ${type} ${name}`, bytes.toString('utf8'))
  }
  search.look(`${relative(paths.root, folder)} refs`, git(['for-each-ref']).toString())
}

/** What `cat-file --batch` prints: a line `name type size`, the bytes and a newline for each object. */
function* objectsOf(printed: Buffer): Generator<{name: string; type: string; bytes: Buffer}> {
  let at = 0
  while (at < printed.length) {
    const end = printed.indexOf(10, at)
    const [name = '', type = '', size = ''] = printed.toString('latin1', at, end).split(' ')
    const length = Number(size)
    if (!/^\d+$/.test(size)) throw new Error(`git's objects cannot be read: ${name} ${type}`)
    yield {name, type, bytes: printed.subarray(end + 1, end + 1 + length)}
    at = end + 1 + length + 1
  }
}

function walk(folder: string, visit: (path: string) => boolean): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    const found = lstatSync(path)
    if (found.isSymbolicLink() || (!found.isFile() && !found.isDirectory())) continue
    if (visit(path) && found.isDirectory()) walk(path, visit)
  }
}

/** Files that another user of the machine can open: no folder above keeps them out. */
export function readableByOthers(path: string): string[] {
  const mode = statSync(path).mode
  if (!statSync(path).isDirectory()) return (mode & 0o004) === 0 ? [] : [path]
  if ((mode & 0o001) === 0) return []
  return readdirSync(path).flatMap((name) => {
    const below = join(path, name)
    return lstatSync(below).isSymbolicLink() ? [] : readableByOthers(below)
  })
}
