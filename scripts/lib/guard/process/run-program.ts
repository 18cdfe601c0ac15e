// The one way to start a program with fixed words: no shell reads them, its output is kept up to a size, and
// it ends with its time or its caller. What a runbook authorises is a step's command instead (shell.ts).

import {spawn} from 'node:child_process'
import {timeLimit} from '../../base/time-limit.ts'

export interface ProgramRun {
  readonly program: string
  readonly args: readonly string[]
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd?: string
  /** Standard input; it is closed where there is none. */
  readonly input?: string | Uint8Array
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
  /** Bytes of output; more is a failure. */
  readonly outputMost?: number
  /** What it prints on standard output is of no use to anybody. */
  readonly discard?: boolean
}

export interface ProgramAnswer {
  /** null where it did not start, or was ended. */
  readonly exit: number | null
  readonly stdout: string
  readonly stderr: string
  /** Why there is no exit code; null where there is one. */
  readonly failure: string | null
}

/** Never rejects. */
export function runProgram(run: ProgramRun): Promise<ProgramAnswer> {
  const {program, args, env, cwd, input, timeoutMs, signal, outputMost = 1 << 26} = run
  const ending = timeoutMs === undefined ? signal : timeLimit(timeoutMs, signal)
  const kept = run.discard === true ? 'ignore' : 'pipe'
  return new Promise((resolve) => {
    const child = spawn(program, [...args], {
      env: {...env},
      stdio: ['pipe', kept, 'pipe'],
      ...(cwd !== undefined && {cwd}),
      ...(ending !== undefined && {signal: ending}),
    })
    const out: {stdout: Buffer[]; stderr: Buffer[]} = {stdout: [], stderr: []}
    let size = 0
    let failure: string | null = null
    for (const name of ['stdout', 'stderr'] as const) {
      child[name]?.on('data', (piece: Buffer) => {
        size += piece.length
        if (size <= outputMost) out[name].push(piece)
        else {
          failure ??= `more than ${outputMost} bytes`
          child.kill('SIGKILL')
        }
      })
    }
    child.on('error', (error) => {
      failure ??= error.message
      // It never started: nothing will be closed.
      if (child.pid === undefined) answer(null, null)
    })
    child.on('close', answer)
    // What it left running in the background may hold its output open for ever.
    let late: NodeJS.Timeout | undefined
    child.on('exit', (code, ended) => {
      late = setTimeout(() => answer(code, ended), afterExitMs)
    })
    // It may end before it has read everything; its exit code says so.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(input)

    function answer(code: number | null, ended: NodeJS.Signals | null): void {
      clearTimeout(late)
      const exit = failure === null ? code : null
      const why = exit === null ? (failure ?? ended ?? 'could not start') : null
      resolve({exit, stdout: text(out.stdout), stderr: text(out.stderr), failure: why})
    }
  })
}

const afterExitMs = 2_000
const text = (pieces: readonly Buffer[]) => Buffer.concat(pieces).toString('utf8')
