// Everything that is not pure arrives through here: clock, disk, git, network. Nothing else imports
// them as values, so that a test or the sandbox can hand in others.

import type {Clock} from '../base/clock.ts'
import type {Repository} from './git/repository.ts'

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
