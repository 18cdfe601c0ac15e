// A folder of our own in which a vendor's CLI finds the proven bytes and nothing else: no build hook,
// no linked site and no leftover of the project can change what is deployed.

import {constants} from 'node:fs'
import {copyFile, mkdir, readFile, rm} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import {inParallel} from '../../base/parallel.ts'
import type {Manifest} from '../../domain/manifest.ts'
import {problem} from '../../domain/problem.ts'
import type {AdapterTools} from '../../kit/adapter-tools.ts'

/** `<cache>/hosting/<product>-<environment>`. */
export const stageFolder = (tools: AdapterTools, product: string): string =>
  join(tools.world.cache, 'hosting', `${product}-${tools.environment ?? 'none'}`)

/** Empties the stage and copies the files of the artifact to `<stage>/<below>`. */
export async function setStage(input: {
  stage: string
  below: string
  folder: string
  manifest: Manifest
}): Promise<void> {
  await rm(input.stage, {recursive: true, force: true})
  await mkdir(join(input.stage, input.below), {recursive: true, mode: 0o700})
  const target = (path: string) => join(input.stage, input.below, path)
  for (const folder of new Set(input.manifest.files.map(({path}) => dirname(target(path))))) {
    await mkdir(folder, {recursive: true})
  }
  await inParallel(input.manifest.files, 8, ({path}) =>
    copyFile(join(input.folder, path), target(path), constants.COPYFILE_FICLONE),
  )
}

/** A file of the checkpoint's worktree; null where it is not there. */
export async function sourceFile(source: string | undefined, path: string): Promise<string | null> {
  if (source === undefined) return null
  try {
    return await readFile(join(source, path), 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

/** The object that a JSON file holds. Throws a `Problem` (2) where it holds none. */
export function jsonObject(source: string, shown: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(source)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return {...value}
  } catch {
    // said below
  }
  throw problem({
    what: {fr: `${shown} n’est pas un objet JSON.`, en: `${shown} is no JSON object.`},
    exit: 2,
    at: {path: shown, line: 1},
  })
}

/** The message of a deployment, which `readMessage` reads back from the host. */
export const writeMessage = (message: string, manifestDigest: string): string =>
  `${message} sha256:${manifestDigest}`

/** Version and manifest of a deployment from its message; nulls for one that Postgate did not write. */
export function readMessage(message: string | null | undefined): {
  version: string | null
  manifest: string | null
} {
  const match = /^(\S+) .*sha256:([0-9a-f]{64})$/.exec(message ?? '')
  return {version: match?.[1] ?? null, manifest: match?.[2] ?? null}
}
