// Where things lie in a sandbox. Everything is below one folder, so that `rm -rf .sandbox` is enough.

import {join} from 'node:path'

export interface SandboxPaths {
  readonly root: string
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

export const sandboxFolder = '.sandbox'
/** While it is being made: `.sandbox-building-<random>`, beside it. */
export const buildingFolder = '.sandbox-building-'

export function pathsOf(root: string): SandboxPaths {
  return {
    root,
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
