// What a step's `act` answers: values that say what would happen. Nothing happens before the runner
// runs them, so that a plan and a live run share one description.

import {causeLine} from '../base/cause-line.ts'
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
  /** Why it ended, where it is a command of ours that said so. */
  readonly problem?: Text
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
  /** What a plan says beside it. */
  readonly note?: Text
  /** Whether the runbook allows it here, and where it says so. */
  authorisation(): Promise<Authorisation>
  /** Never throws on a non-zero exit; throws a `Problem` (exit 3) where it is refused. */
  run(options?: RunOptions): Promise<CommandResult>
}

/** Something done in TypeScript (SQL, HTTP, a symlink): authorised by its step's item. */
export interface CodeEffect {
  readonly kind: 'code'
  readonly describe: Text
  /** Commands that it runs where the world turns out to need them; their values are not known before. */
  readonly may?: readonly Command[]
  run(): Promise<void>
}

export type Effect = Command | CodeEffect

export const effect = (
  describe: Text,
  run: () => Promise<void>,
  may: readonly Command[] = [],
): CodeEffect => ({
  kind: 'code',
  describe,
  run,
  ...(may.length > 0 && {may}),
})

/** Every command that this effect runs, or may run. */
export const commandsOf = (effect: Effect): readonly Command[] =>
  effect.kind === 'command' ? [effect] : (effect.may ?? [])

/** Runs a command inside another effect. Throws an `Error` that tells why where it fails. */
export async function runOrThrow(command: Effect): Promise<void> {
  const result = await command.run()
  if (!result || result.exitCode === 0) return
  const cause = causeLine(`${result.stdout}\n${result.stderr}`)
  throw new Error(`exit ${result.exitCode ?? result.signal}: ${cause}`)
}

/** In words: a command as it runs, or what the code does. */
export const effectText = (effect: Effect): Text =>
  effect.kind === 'command' ? effect.text : effect.describe
