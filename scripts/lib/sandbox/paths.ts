// Where things lie in a sandbox. Everything is below one folder, so that `rm -rf .sandbox` is enough.

import {readlinkSync} from 'node:fs'
import {basename, dirname, join, resolve} from 'node:path'

export interface SandboxPaths {
  readonly root: string
  /** Says what the folder is. */
  readonly readme: string
  readonly project: string
  readonly remote: string
  readonly hosting: {readonly staging: string; readonly production: string}
  readonly postgres: string
  readonly bin: string
  readonly keys: string
  readonly cache: string
  /** The bundle's policy as it was last copied into the project: the base of the next merge. */
  readonly policy: string
  readonly clock: string
  readonly ports: string
  readonly state: string
  readonly answers: string
  readonly outbox: string
  readonly broken: string
}

/**
 * The sandbox's folder: `.sandbox` in the bundle, also where that is a link to elsewhere; or the one that
 * POSTGATE_SANDBOX_DIR names, for a bundle in which nothing can be written.
 */
export function sandboxRoot(bundle: string): string {
  const named = process.env.POSTGATE_SANDBOX_DIR ?? ''
  const root = named === '' ? join(bundle, '.sandbox') : resolve(named)
  try {
    return resolve(dirname(root), readlinkSync(root))
  } catch {
    return root // no link, or not there yet
  }
}

/** While it is being made: `.sandbox-building-<random>`, beside it, or in it where it is there, empty. */
export const buildingPrefix = (root: string): string => `${basename(root)}-building-`

export function pathsOf(root: string): SandboxPaths {
  return {
    root,
    readme: join(root, 'LISEZMOI-SANDBOX.txt'),
    project: join(root, 'project'),
    remote: join(root, 'remote.git'),
    hosting: {
      staging: join(root, 'hosting/staging'),
      production: join(root, 'hosting/production'),
    },
    postgres: join(root, 'postgres'),
    bin: join(root, 'bin'),
    keys: join(root, 'keys'),
    cache: join(root, 'cache'),
    policy: join(root, 'policy'),
    clock: join(root, 'clock.json'),
    ports: join(root, 'ports.json'),
    state: join(root, 'state.json'),
    answers: join(root, 'answers.yaml'),
    outbox: join(root, 'outbox.jsonl'),
    broken: join(root, 'break.json'),
  }
}
