// The embedded project that `--sandbox` runs on, as the engine sees it: other addresses, same code.

import type {Clock} from '../../base/clock.ts'

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

export interface Sandbox {
  /** Absolute path of the sandbox's working clone. */
  readonly project: string
  readonly clock: Clock
  /** Environment of the process, with the sandbox's tools first on PATH. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly cache: string
  readonly answersFile: string
  /** Policy files that a run would write to the project first, and a plan only looks at; null: removed. */
  readonly policy?: () => Promise<ReadonlyMap<string, string | null>>
  /** Who can sign here: `key` is the path of the person's private SSH key. */
  readonly people: readonly {
    readonly name: string
    readonly email: string
    readonly role: string
    readonly key: string
  }[]
  readonly close: () => Promise<void>
}

export type OpenSandbox = (options: SandboxOptions) => Promise<Sandbox>
