// Self-hosted: a folder of releases behind any web server whose root is `<root>/current`. What is
// half copied is never served, the switch is one rename, and every former release stays whole.
//
//   <root>/current -> releases/<id>      what users see
//   <root>/releases/<id>/                one folder a deployment, never changed again
//   <root>/meta/<id>.json, <id>.sha256   who, when, and the hash of every file; outside what is served
//   <root>/incoming/                     copies under way, and leftovers of killed ones

import {randomUUID} from 'node:crypto'
import {constants, existsSync} from 'node:fs'
import {
  access,
  copyFile,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises'
import {userInfo} from 'node:os'
import {basename, dirname, join, resolve} from 'node:path'
import {z} from 'zod'
import {fileCount, manifestOf, readManifest, writeManifest} from '../../artifact/manifest.ts'
import {inParallel} from '../../base/parallel.ts'
import type {Manifest} from '../../domain/manifest.ts'
import {problem} from '../../domain/problem.ts'
import type {ProjectEnvironment} from '../../domain/project.ts'
import {type Judgement, pass} from '../../domain/verdict.ts'
import {effect} from '../../guard/effect.ts'
import type {AdapterTools} from '../../kit/adapter-tools.ts'
import type {Deployment, Hosting} from '../../kit/ports/hosting.ts'
import {shellWord} from '../../words/commands.ts'
import {settingsOf} from '../settings.ts'
import {meetsTheOther} from './one-place.ts'
import {ownServerMs} from './propagation.ts'
import {noLink, notWritable} from './release-folder.ts'

const schema = z.strictObject({adapter: z.literal('folder'), root: z.string().min(1)})

/** `hosting: {adapter: folder, root: /srv/www/app}`; a relative root is taken from the project. */
export function folder(tools: AdapterTools, settings: ProjectEnvironment): Hosting {
  const {root: given} = settingsOf('hosting', schema, settings.hosting)
  const root = resolve(tools.world.project, given)
  const releases = releaseFolder(root)
  const url = settings.url.replace(/\/+$/, '')
  return {
    product: 'folder',
    url,
    withholds: true,
    describe: {fr: `dossier de versions ${given}`, en: `folder of releases ${given}`},
    propagationMs: ownServerMs,
    ready: async () => {
      const judged = await ready(root)
      if (judged.verdict !== 'pass') return judged
      return (await meetsTheOther(tools, {machine: null, root})) ?? judged
    },
    live: async () => {
      const release = await releases.current()
      return release === null ? null : {...release, url}
    },
    deploy: (artifact) =>
      effect(
        {
          fr: `publier ${fileCount(artifact.manifest).fr} (${artifact.version}) dans ${given}/releases, puis basculer ${given}/current`,
          en: `publish ${fileCount(artifact.manifest).en} (${artifact.version}) to ${given}/releases, then switch ${given}/current`,
        },
        async () => {
          await releases.publish({...artifact, at: tools.world.clock.now()})
        },
      ),
    restore: (id) =>
      effect(
        {
          fr: `basculer ${given}/current vers releases/${id}`,
          en: `switch ${given}/current to releases/${id}`,
        },
        () => releases.switchTo(id),
      ),
    keeps: releases.keeps,
    restoreByHand: (id) => {
      const next = shellWord(join(root, '.current'))
      // A release that is gone must not be switched to: nothing would be served.
      return `test -d ${shellWord(join(root, 'releases', id))} && ln -sfn ${shellWord(`releases/${id}`)} ${next} && mv -Tf ${next} ${shellWord(join(root, 'current'))}`
    },
    manifestOf: releases.manifestOf,
  }
}

folder.sample = {root: 'sample'}

export interface Releases {
  /** Copies, verifies every byte of the copy, then switches. Answers the new id. */
  readonly publish: (artifact: {
    folder: string
    manifest: Manifest
    version: string
    message: string
    at: Date
  }) => Promise<string>
  /** Makes a release that is there the current one. Throws a `Problem` (3) where it is not. */
  readonly switchTo: (id: string) => Promise<void>
  /** Whether the release is there. */
  readonly keeps: (id: string) => Promise<boolean>
  /** What `current` points at; null before the first deployment. */
  readonly current: () => Promise<Omit<Deployment, 'url'> | null>
  readonly manifestOf: (id: string) => Promise<Manifest | null>
}

const metaSchema = z.object({
  version: z.string(),
  manifest: z.string(),
  message: z.string(),
  at: z.string(),
})

/** The folder itself, for the adapter, trials and tests. */
export function releaseFolder(root: string): Releases {
  const keeps = async (id: string) => isId(id) && (await isFolder(join(root, 'releases', id)))
  const switchTo = async (id: string) => {
    if (!(await keeps(id))) throw noRelease(id)
    // A symlink cannot be replaced in place: a new one is renamed over it, which is atomic.
    const next = join(root, `.current-${randomUUID()}`)
    await symlink(join('releases', id), next)
    try {
      await rename(next, join(root, 'current'))
    } catch (error) {
      await rm(next, {force: true})
      throw error
    }
  }

  const publish: Releases['publish'] = async (artifact) => {
    const incoming = join(root, 'incoming', randomUUID())
    await Promise.all(
      ['releases', 'meta'].map((name) => mkdir(join(root, name), {recursive: true})),
    )
    await copyFiles({from: artifact.folder, to: incoming, manifest: artifact.manifest})
    const copied = await manifestOf(incoming)
    if (copied.digest !== artifact.manifest.digest) {
      await rm(incoming, {recursive: true, force: true})
      throw problem({
        what: {
          fr: 'La copie de l’artefact diffère de l’artefact : rien n’a été basculé.',
          en: 'The copy of the artifact differs from the artifact: nothing was switched.',
        },
        why: `${copied.digest} ≠ ${artifact.manifest.digest}`,
        exit: 1,
      })
    }
    const id = await place(root, incoming, artifact)
    const meta = join(root, 'meta', id)
    await writeManifest(`${meta}.sha256`, artifact.manifest)
    await writeFile(
      `${meta}.json`,
      `${JSON.stringify({
        version: artifact.version,
        manifest: artifact.manifest.digest,
        message: artifact.message,
        at: artifact.at.toISOString(),
      })}\n`,
    )
    await switchTo(id)
    return id
  }

  const current = async () => {
    const target = await unlessMissing(readlink(join(root, 'current')))
    if (target === null) return null
    const id = basename(target)
    const meta = await unlessMissing(readFile(join(root, 'meta', `${id}.json`), 'utf8'))
    const known = meta === null ? null : metaSchema.parse(JSON.parse(meta))
    return {
      id,
      version: known?.version ?? null,
      manifest: known?.manifest ?? null,
      at: known?.at ?? null,
    }
  }

  return {
    publish,
    switchTo,
    keeps,
    current,
    manifestOf: (id) =>
      isId(id)
        ? unlessMissing(readManifest(join(root, 'meta', `${id}.sha256`)))
        : Promise.resolve(null),
  }
}

/** Renames the whole copy to the first free `<version>-<digest8>-<n>`. */
async function place(
  root: string,
  incoming: string,
  {version, manifest}: {version: string; manifest: Manifest},
): Promise<string> {
  const stem = `${version.replace(/[^A-Za-z0-9.]+/g, '_')}-${manifest.digest.slice(0, 8)}`
  for (let number = 1; ; number++) {
    const id = `${stem}-${number}`
    try {
      await rename(incoming, join(root, 'releases', id))
      return id
    } catch (error) {
      if (!hasCode(error, 'ENOTEMPTY', 'EEXIST')) throw error
    }
  }
}

async function copyFiles(input: {from: string; to: string; manifest: Manifest}): Promise<void> {
  const folders = new Set(input.manifest.files.map((file) => dirname(join(input.to, file.path))))
  await mkdir(input.to, {recursive: true})
  for (const path of folders) await mkdir(path, {recursive: true})
  await inParallel(input.manifest.files, 8, ({path}) =>
    copyFile(join(input.from, path), join(input.to, path), constants.COPYFILE_FICLONE),
  )
}

async function ready(root: string): Promise<Judgement> {
  if (!(await isUsable(root))) {
    const place = shellWord(root)
    const user = userInfo().username
    const make = (await isUsable(await nearest(root)))
      ? `mkdir -p ${place}`
      : `sudo install -d -o ${shellWord(user)} ${place}`
    return notWritable({place: root, user, make})
  }
  const current = await unlessMissing(lstat(join(root, 'current')))
  // In brackets: the person's shell stays where it is.
  if (current !== null && !current.isSymbolicLink())
    return noLink(root, (there) => `(${there})`, shellWord(root))
  return pass({fr: `${root}, inscriptible`, en: `${root}, writable`})
}

async function isUsable(folder: string): Promise<boolean> {
  try {
    await access(folder, constants.W_OK | constants.X_OK)
    await readdir(folder)
    return true
  } catch {
    return false
  }
}

/** `path`, or the first above it that is there. */
const nearest = async (path: string): Promise<string> =>
  existsSync(path) ? path : nearest(dirname(path))

const isId = (id: string) => /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(id)

const isFolder = async (path: string) => (await unlessMissing(lstat(path)))?.isDirectory() ?? false

async function unlessMissing<T>(found: Promise<T>): Promise<T | null> {
  try {
    return await found
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null
    throw error
  }
}

const hasCode = (error: unknown, ...codes: readonly string[]) =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code))

const noRelease = (id: string) =>
  problem({
    what: {
      fr: `La version ${id} n’est pas dans le dossier des versions.`,
      en: `The release ${id} is not in the folder of releases.`,
    },
    next: {
      fr: 'choisissez une version présente dans releases/, ou reconstruisez depuis son tag',
      en: 'choose a release that is in releases/, or rebuild it from its tag',
    },
    exit: 3,
  })
