// Everything that is not pure arrives through here: clock, disk, git, network. Nothing else imports
// them as values, so that a test or a trial can hand in others.

import type {Clock} from '../base/clock.ts'
import type {Repository} from './git/repository.ts'
import type {Journal} from './journal.ts'

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
  /** What stands before all that this world shows and leaves, see domain/mark.ts; '' in the real one. */
  readonly mark: string
  /** The flags by which a command finds this project from where it was called: ` --project DIR`, or nothing. */
  readonly flags: string
  /** Project, cache and all that they use lie in one folder of their own. */
  readonly selfContained?: boolean
  /** What a trial puts around the journal of a run. */
  readonly journal?: (journal: Journal) => Journal
  readonly machine: string
  readonly operator: string
}
