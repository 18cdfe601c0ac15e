// A terminal of a given width that a test sits at: a real pseudo-terminal with the program in it, and a
// screen that holds what a person would see.

import {spawn} from '@lydell/node-pty'
import headless from '@xterm/headless'

export interface Seat {
  /** What stands on the screen and above it, without empty lines at the end. */
  readonly seen: () => string
  /** Waits until the screen holds it. Throws with the screen where it never does. */
  readonly sees: (what: string | RegExp, timeoutMs?: number) => Promise<void>
  /** Types, as one read of the program would get it. */
  readonly types: (keys: string) => void
  /** The exit code; the terminal is gone then. */
  readonly ended: (timeoutMs?: number) => Promise<number>
  /** Takes the terminal away, as a connection that breaks does. */
  readonly hangUp: () => void
}

export const keys = {
  enter: '\r',
  down: '\u001B[B',
  up: '\u001B[A',
  interrupt: '\u0003',
  end: '\u0004',
  suspend: '\u001A',
  /** As a terminal brackets what is pasted. */
  pasted: (text: string) => `\u001B[200~${text}\u001B[201~`,
} as const

export interface Program {
  readonly file: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly columns: number
}

/** A CI is nobody's terminal. */
function present(env: Program['env']): Record<string, string> {
  const given = Object.entries(env).flatMap(([name, value]) =>
    value === undefined || name === 'CI' ? [] : [[name, value] as const],
  )
  return Object.fromEntries(given)
}

export function sitAt({file, args, cwd, env, columns}: Program): Seat {
  const screen = new headless.Terminal({
    ...{cols: columns, rows: 40, scrollback: 2000, allowProposedApi: true},
  })
  const child = spawn(file, [...args], {
    ...{name: 'xterm-256color', cols: columns, rows: 40, cwd},
    env: {...present(env), TERM: 'xterm-256color'},
  })
  let code: number | null = null
  let parsed: Promise<void> = Promise.resolve()
  child.onData((data) => {
    parsed = new Promise((resolve) => screen.write(data, resolve))
  })
  child.onExit(({exitCode}) => {
    code = exitCode
  })
  const seen = () => {
    const {active} = screen.buffer
    const lines = Array.from({length: active.length}, (_, index) => active.getLine(index))
    // A line that the terminal itself broke goes on in the next.
    return lines
      .map((line) => `${line?.isWrapped ? '' : '\n'}${line?.translateToString(true) ?? ''}`)
      .join('')
      .trim()
  }
  const until = async (holds: () => boolean, timeoutMs: number, what: string): Promise<void> => {
    const began = Date.now()
    while (!holds()) {
      if (Date.now() - began > timeoutMs) {
        child.kill('SIGKILL')
        throw new Error(`${what} was not seen in ${timeoutMs} ms; exit ${code}; seen:\n${seen()}`)
      }
      await new Promise((resolve) => setTimeout(resolve, 20))
      await parsed
    }
  }
  return {
    seen,
    sees: (what, timeoutMs = 20_000) =>
      until(
        () => (typeof what === 'string' ? seen().includes(what) : what.test(seen())),
        timeoutMs,
        String(what),
      ),
    types: (text) => child.write(text),
    async ended(timeoutMs = 20_000) {
      await until(() => code !== null, timeoutMs, 'the end')
      return code ?? -1
    },
    hangUp: () => child.kill('SIGHUP'),
  }
}
