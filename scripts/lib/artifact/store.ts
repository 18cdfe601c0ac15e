// Keeps the bytes that were built, by their digest, in the user's cache: a promotion, a rollback or
// the end of a drill deploys exactly those, since two builds of one commit differ.

import {randomUUID} from 'node:crypto'
import {constants} from 'node:fs'
import {chmod, copyFile, mkdir, readdir, readFile, rename, rm, stat} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import {inParallel} from '../base/parallel.ts'
import type {Manifest} from '../domain/manifest.ts'
import {
  manifestDigest,
  manifestLines,
  manifestOf,
  parseManifest,
  readManifest,
  writeManifest,
} from './manifest.ts'

export interface KeptArtifact {
  readonly folder: string
  readonly manifest: Manifest
}

/** Copies the artifact to `<cache>/artifacts/<digest>/`, files read-only; kept before, nothing happens. Answers the folder. */
export async function keepArtifact(input: {
  folder: string
  manifest: Manifest
  cache: string
}): Promise<string> {
  const {digest, files} = input.manifest
  const final = folderOf(input.cache, digest)
  if ((await keptArtifact(input.cache, digest)) !== null) return final
  const part = `${final}.part-${randomUUID()}`
  await mkdir(part, {recursive: true, mode: 0o700})
  for (const folder of new Set(files.map(({path}) => dirname(join(part, path))))) {
    await mkdir(folder, {recursive: true})
  }
  await inParallel(files, 8, async ({path}) => {
    const copy = join(part, path)
    await copyFile(join(input.folder, path), copy, constants.COPYFILE_FICLONE)
    await chmod(copy, 0o444)
  })
  // A copy damaged since is replaced: whatever is there did not read back to its digest.
  await rm(final, {recursive: true, force: true})
  await rename(part, final)
  await writeManifest(manifestPath(input.cache, digest), input.manifest)
  return final
}

/** The kept artifact, every byte read again; null where it is not kept or no longer itself. */
export async function keptArtifact(cache: string, digest: string): Promise<KeptArtifact | null> {
  const folder = folderOf(cache, digest)
  if (!/^[0-9a-f]{64}$/.test(digest) || !(await isThere(folder))) return null
  const manifest = await manifestOf(folder)
  return manifest.digest === digest ? {folder, manifest} : null
}

/** The manifest of an artifact built on this machine, even where its bytes are gone. */
async function keptManifest(cache: string, digest: string): Promise<Manifest | null> {
  const path = manifestPath(cache, digest)
  if (!/^[0-9a-f]{64}$/.test(digest) || !(await isThere(path))) return null
  const manifest = await readManifest(path)
  return manifest.digest === digest ? manifest : null
}

/** How many runs are looked through, the newest first: what goes back goes back by a few of them. */
const runsMost = 100

/**
 * The manifest of an artifact by its digest: of one built on this machine, or committed with the run that built
 * it, since a clone of CI has built nothing. Null where neither is known.
 */
export async function findManifest(
  {cache, project}: {readonly cache: string; readonly project: string},
  digest: string,
): Promise<Manifest | null> {
  const kept = await keptManifest(cache, digest)
  if (kept !== null) return kept
  const folder = join(project, 'docs/runs')
  // A run's name begins with its time.
  const runs = (await isThere(folder)) ? (await readdir(folder)).sort().reverse() : []
  for (const run of runs.slice(0, runsMost)) {
    const text = await readFile(join(folder, run, 'manifest.sha256'), 'utf8').catch(() => null)
    if (text === null || manifestDigest(text) !== digest) continue
    return parseManifest(text, `docs/runs/${run}/manifest.sha256`)
  }
  return null
}

/** The manifest of an artifact that another machine built: what is served is judged by it here too. */
export async function rememberManifest(cache: string, text: string): Promise<void> {
  const manifest = parseManifest(text, 'manifest.sha256')
  await mkdir(join(cache, 'artifacts'), {recursive: true, mode: 0o700})
  await writeManifest(manifestPath(cache, manifest.digest), manifest)
}

/** Text of the manifest that the last `artifact` of this journal names; null where none is kept here. */
export async function manifestFor(cache: string, journal: string): Promise<string | null> {
  const at = journal.lastIndexOf('"type":"fact-recorded","name":"artifact"')
  const digest = at < 0 ? undefined : /"digest":"([0-9a-f]{64})"/.exec(journal.slice(at))?.[1]
  const manifest = digest === undefined ? null : await keptManifest(cache, digest)
  return manifest === null ? null : manifestLines(manifest.files)
}

/** Removes all but the newest `keep` artifacts, and the leftovers of killed copies. */
export async function pruneArtifacts(cache: string, keep: number): Promise<void> {
  const folder = join(cache, 'artifacts')
  const names = (await isThere(folder)) ? await readdir(folder) : []
  const dated = await Promise.all(
    names
      .filter((name) => /^[0-9a-f]{64}$/.test(name))
      .map(async (name) => ({name, at: (await stat(join(folder, name))).mtimeMs})),
  )
  const old = dated.sort((a, b) => b.at - a.at).slice(keep)
  const parts = names.filter((name) => name.includes('.part-'))
  for (const name of [...old.map(({name}) => name), ...parts]) {
    await rm(join(folder, name), {recursive: true, force: true})
  }
}

const folderOf = (cache: string, digest: string) => join(cache, 'artifacts', digest)
const manifestPath = (cache: string, digest: string) => `${folderOf(cache, digest)}.sha256`

const isThere = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  )
