// What the engine asks of a builder. One file per product under adapters/builder/.

import type {Judgement} from '../../domain/verdict.ts'
import type {Effect} from '../../guard/effect.ts'
import type {AdapterTools} from '../adapter-tools.ts'
import type {CommittedFiles} from './committed-files.ts'

export interface Builder {
  readonly product: string
  readonly ready: () => Promise<Judgement>
  /** Whether it can build what a commit holds, as far as that is known before it tries. */
  readonly fits: (files: CommittedFiles) => Promise<Judgement>
  /** Builds in `folder` (the checkpoint's worktree). `definesFile`: private JSON file of the public defines, which are `defines`. */
  readonly build: (input: {
    folder: string
    definesFile: string
    defines: Readonly<Record<string, string>>
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

/** One file under adapters/builder/ and one line in the catalogue. */
export interface BuilderAdapter {
  (tools: AdapterTools): Builder
  /** Settings with which it can be made for lint; null where only a project knows what it runs. */
  readonly sample: Readonly<Record<string, string>> | null
}
