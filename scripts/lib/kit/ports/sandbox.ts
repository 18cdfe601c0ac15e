// The embedded project that `--sandbox` runs on: another world behind the same code, and people who act
// where nobody sits at the terminal.

import type {ApprovalScope} from '../../approvals/find.ts'
import type {World} from '../../store/world.ts'

export interface SandboxOptions {
  /** The bundle's folder; `.sandbox/` is made in it. */
  readonly bundle: string
  readonly break?: string | undefined
  readonly advanceMs: number
  /** Writes nothing (but the database's own files): for `--plan`. */
  readonly readOnly: boolean
  /** False for commands that only read the repository: no servers, no lock. */
  readonly services: boolean
  readonly interactive: boolean
  readonly scenario: string
}

/** People who act where nobody sits at the terminal; a real project has none. */
export interface StandIns {
  /** Path of what they answer. */
  readonly answersFile: string
  /** Path of the private SSH key of the person in this role. */
  readonly keyOf: (role: string) => string | undefined
  /** What they do before a run's prerequisites are judged. */
  readonly beforeRun: (scope: ApprovalScope) => Promise<void>
}

export interface Sandbox {
  /** What its world has in place of the machine's own. */
  readonly world: Pick<
    World,
    'project' | 'clock' | 'environment' | 'cache' | 'machine' | 'mark' | 'flags'
  > &
    Partial<World>
  readonly standIns: StandIns
  /** Policy files that a run would write to the project first, and a plan only looks at; null: removed. */
  readonly policy?: () => Promise<ReadonlyMap<string, string | null>>
  readonly close: () => Promise<void>
}

export type OpenSandbox = (options: SandboxOptions) => Promise<Sandbox>
