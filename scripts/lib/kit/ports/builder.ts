// What the engine asks of a builder. One file per product under adapters/builder/.

import type {Judgement} from '../../domain/verdict.ts'
import type {Effect} from '../../guard/effect.ts'

export interface Builder {
  readonly product: string
  readonly ready: () => Promise<Judgement>
  /** Builds in `folder` (the checkpoint's worktree). `definesFile`: private JSON file of the public defines. */
  readonly build: (input: {
    folder: string
    definesFile: string
    version: string
    number: string
  }) => Effect | readonly Effect[]
  /** The folder of the result, inside the worktree. */
  readonly output: string
  /** Files that must be there, and not empty. */
  readonly entries: readonly string[]
  /** Reads back the version that the artifact says it has; null where it cannot say. */
  readonly versionOf: (output: string) => Promise<string | null>
}
