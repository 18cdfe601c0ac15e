// What a step's `act` answers: values that say what would happen. Nothing happens before the runner
// runs them, so that a plan and a live run share one description.

import type {Text} from '../domain/text.ts'
import type {Authorisation} from './authorised/authorised.ts'

export interface CommandResult {
  /** null where a signal ended it, or where it could not start. */
  readonly exitCode: number | null
  readonly signal: string | null
  /** Masked and cut to the shell's limit (the end is kept). */
  readonly stdout: string
  readonly stderr: string
  readonly durationMs: number
  readonly timedOut: boolean
  readonly aborted: boolean
}

export interface RunOptions {
  /** Called with each whole line of output, masked. */
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void
  readonly signal?: AbortSignal
  readonly timeoutMs?: number
}

/** A halted shell command. It is no promise: awaiting it by mistake starts nothing. */
export interface Command {
  readonly kind: 'command'
  /** The whole command as it will run, secrets masked. */
  readonly text: string
  readonly cwd: string
  /** Whether the runbook allows it here, and where it says so. */
  authorisation(): Promise<Authorisation>
  /** Never throws on a non-zero exit; throws a `Problem` (exit 3) where it is refused. */
  run(options?: RunOptions): Promise<CommandResult>
}

/** Something done in TypeScript (SQL, HTTP, a symlink): authorised by its step's item. */
export interface CodeEffect {
  readonly kind: 'code'
  readonly describe: Text
  run(): Promise<void>
}

export type Effect = Command | CodeEffect

export const effect = (describe: Text, run: () => Promise<void>): CodeEffect => ({
  kind: 'code',
  describe,
  run,
})
