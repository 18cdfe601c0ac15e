// Everything that is not pure arrives through here: clock, disk, git, network. Nothing else imports
// them as values, so that a test or the sandbox can hand in others.

import type {Repository} from './git/repository.ts'

export interface Clock {
  /** The present moment. In the sandbox an offset that jumps only in waits and the watch. */
  readonly now: () => Date
  /** Waits; the sandbox jumps instead. Rejects when the signal aborts. */
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<void>
}

export interface World {
  readonly clock: Clock
  readonly repository: Repository
  readonly fetch: typeof globalThis.fetch
  /** The process's environment as it was at the start. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The user's cache folder for this project: `<cache>/postgate/<project-hash>`, mode 0700. */
  readonly cache: string
  /** Folder of the bundle (where package.json is) and of the project. */
  readonly bundle: string
  readonly project: string
  readonly sandbox: boolean
  readonly machine: string
  readonly operator: string
}
