// What an adapter is built with: the project's settings, the env file, and the phase's own rights.

import type {Mode} from '../documents/headings.ts'
import type {Environment} from '../domain/event.ts'
import type {Project} from '../domain/project.ts'
import type {Shell} from '../guard/shell.ts'
import type {EnvFile} from '../policy/env-file.ts'
import type {World} from '../store/world.ts'
import type {OpenScratchDatabase} from './ports/scratch-database.ts'

export interface AdapterTools {
  readonly world: World
  readonly project: Project
  /** The environment acted on; null in a freeze. */
  readonly environment: Environment | null
  readonly mode: Mode
  readonly env: EnvFile | null
  /** The env file of the other environment, for comparing refs only; null where there is none. */
  readonly otherEnv: EnvFile | null
  readonly $: Shell
  /** Where a backup is tried; absent where nothing is. */
  readonly scratchDatabase?: OpenScratchDatabase
  readonly signal: AbortSignal
}
