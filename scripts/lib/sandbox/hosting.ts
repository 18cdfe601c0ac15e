// The releases that both environments are born with: built by the stand-in and published by the host's
// own code, so that from the first run on there is something to roll back to.

import {execFile} from 'node:child_process'
import {cp, mkdir, rm, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {releaseFolder} from '../adapters/hosting/folder.ts'
import {manifestOf} from '../artifact/manifest.ts'
import type {Environment} from '../domain/event.ts'
import type {SandboxPaths} from './paths.ts'

export interface FirstRelease {
  readonly environment: Environment
  /** The sources of the previous checkpoint. */
  readonly sources: string
  readonly defines: Readonly<Record<string, string>>
  readonly version: string
  readonly number: string
  readonly tag: string
  readonly at: Date
}

/** Builds in a folder of its own below `scratch` and publishes; answers the release's id. */
export async function publishFirst(
  paths: Pick<SandboxPaths, 'bin' | 'hosting'>,
  scratch: string,
  release: FirstRelease,
): Promise<string> {
  const {environment, version, number} = release
  const folder = join(scratch, environment)
  await mkdir(folder, {recursive: true})
  for (const name of ['lib', 'web', 'pubspec.yaml']) {
    await cp(join(release.sources, name), join(folder, name), {recursive: true})
  }
  const defines = join(folder, 'defines.json')
  await writeFile(defines, JSON.stringify(release.defines), {mode: 0o600})
  await promisify(execFile)(
    join(paths.bin, 'flutter'),
    [
      ...['build', 'web', '--release', `--dart-define-from-file=${defines}`],
      ...[`--build-name=${version}`, `--build-number=${number}`],
    ],
    {cwd: folder, env: {...process.env, POSTGATE_SANDBOX_HASTE: '1'}},
  )
  const built = join(folder, 'build/web')
  const id = await releaseFolder(paths.hosting[environment]).publish({
    folder: built,
    manifest: await manifestOf(built),
    version: `${version}+${number}`,
    message: `SANDBOX ${release.tag}`,
    at: release.at,
  })
  await rm(folder, {recursive: true, force: true})
  return id
}
