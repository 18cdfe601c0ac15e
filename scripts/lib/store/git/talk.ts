// A git that stays and answers one question after another (`cat-file --batch`, `mktree --batch`): starting
// a process for each object costs more than the object.

import {type ChildProcessWithoutNullStreams, spawn} from 'node:child_process'
import {Socket} from 'node:net'

/** What an answer says, and how many bytes it took; null: they are not all here yet. */
export type ReadAnswer<T> = (bytes: Buffer) => {readonly value: T; readonly used: number} | null

export interface Talk {
  /** One question at a time, in order. Throws where git ends without having answered. */
  readonly ask: <T>(question: string | Uint8Array, read: ReadAnswer<T>) => Promise<T>
}

interface Waiting {
  readonly feed: () => void
  readonly fail: (error: Error) => void
}

/** Starts at the first question, and anew where it has ended. It keeps no process alive, and ends with ours. */
export function talk(
  args: readonly string[],
  {
    cwd,
    environment,
  }: {readonly cwd: string; readonly environment: Readonly<Record<string, string>>},
): Talk {
  let child: ChildProcessWithoutNullStreams | undefined
  let waiting: Waiting | undefined
  let last: Promise<unknown> = Promise.resolve()
  let bytes = Buffer.alloc(0)

  const start = () => {
    const started = spawn('git', [...args], {cwd, env: environment})
    let said = ''
    bytes = Buffer.alloc(0)
    started.stdout.on('data', (piece: Buffer) => {
      bytes = Buffer.concat([bytes, piece])
      waiting?.feed()
    })
    started.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = `${said}${text}`.slice(-4_000)
    })
    // A write that fails means that git is ending: its end is told below.
    started.stdin.on('error', () => {})
    const ended = (why: string) => {
      if (child !== started) return
      child = undefined
      waiting?.fail(new Error(said.trim() || why))
    }
    started.on('error', ({message}) => ended(message))
    started.on('close', (code, signal) => ended(`exit ${code ?? signal}`))
    return started
  }

  const exchange = <T>(question: string | Uint8Array, read: ReadAnswer<T>) =>
    new Promise<T>((resolve, reject) => {
      child ??= start()
      hold(child, true)
      const settle = () => {
        waiting = undefined
        if (child !== undefined) hold(child, false)
      }
      waiting = {
        feed() {
          const found = read(bytes)
          if (found === null) return
          bytes = bytes.subarray(found.used)
          settle()
          resolve(found.value)
        },
        fail(error) {
          settle()
          reject(error)
        },
      }
      child.stdin.write(question)
    })

  return {
    ask(question, read) {
      const answer = last.then(() => exchange(question, read))
      last = answer.catch(() => {})
      return answer
    },
  }
}

/** Only while it is waited for does it keep our own process alive. */
function hold(child: ChildProcessWithoutNullStreams, held: boolean): void {
  const pipes = [child.stdin, child.stdout, child.stderr].filter((each) => each instanceof Socket)
  for (const each of [child, ...pipes]) held ? each.ref() : each.unref()
}
