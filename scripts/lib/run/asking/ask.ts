// One question on a terminal: a choice, or a field. Leaving it in any way is no answer. From the first
// question on the code of the process is that of a pause: only the command's own result replaces it.

import {once} from 'node:events'
import type {Writable} from 'node:stream'
import {setTimeout as delay} from 'node:timers/promises'
import type {Prompt} from '@clack/core'
import type {Lang} from '../../domain/text.ts'
import {asking} from '../../words/asking.ts'
import {createFrame, type Drawing} from './frame.ts'
import {type KeySource, openKeys} from './keys.ts'

export interface Choice<T extends string> {
  readonly message: string
  readonly options: readonly {readonly value: T; readonly label: string}[]
  readonly initial?: T
  readonly signal?: AbortSignal
}

export interface Field {
  readonly message: string
  /** Why the answer cannot stand; undefined where it can. */
  readonly wrong: (answer: string) => string | undefined
  readonly initial?: string
  readonly hint?: string
  readonly signal?: AbortSignal
}

export interface Asker {
  /** null: the person left it, or nobody is there any more. */
  readonly choose: <T extends string>(choice: Choice<T>) => Promise<T | null>
  /** Trimmed; null as for a choice. */
  readonly write: (field: Field) => Promise<string | null>
  readonly tell: (title: string, detail: string) => void
  readonly note: (text: string) => void
  /** The input has ended: whatever is asked from now on is not answered. */
  readonly gone: () => boolean
}

export interface AskerGiven {
  readonly lang: Lang
  readonly source: KeySource
  readonly screen: Writable & {readonly columns?: number; readonly rows?: number}
  readonly coloured: boolean
  /** What Ctrl-C does beside leaving the question. */
  readonly interrupt: () => void
}

const pausedCode = 4

export function openAsker({lang, source, screen, coloured, interrupt}: AskerGiven): Asker {
  const words = asking[lang]
  const frame = createFrame({screen, coloured})
  let gone = false

  /** Asks until it is answered or left; a question that was suspended is drawn again as it stood. */
  async function ask<P extends Prompt<string>>(
    kind: 'field' | 'choice',
    signal: AbortSignal | undefined,
    make: (input: KeySource, until: AbortSignal, before: P | null) => P,
  ): Promise<string | null> {
    let before: P | null = null
    for (;;) {
      if (gone || signal?.aborted) return null
      const leaving = new AbortController()
      let suspended = false
      let interrupted = false
      const keys = openKeys(source, screen, {
        kind,
        ended: () => {
          gone = true
          leaving.abort()
        },
        interrupted: () => {
          interrupted = true
          leaving.abort()
        },
        suspended: () => {
          suspended = true
          leaving.abort()
        },
      })
      const until =
        signal === undefined ? leaving.signal : AbortSignal.any([leaving.signal, signal])
      const prompt: P = make(keys.input, until, before)
      process.exitCode = pausedCode
      const answer = await prompt.prompt()
      const unused = keys.close()
      if (unused !== '') frame.note(words.unused(unused))
      if (suspended) {
        frame.note(words.suspended)
        await suspend()
        before = prompt
        continue
      }
      if (interrupted) interrupt()
      return typeof answer === 'string' ? answer : null
    }
  }

  return {
    gone: () => gone,
    tell: frame.tell,
    note: frame.note,
    async choose<T extends string>({message, options, initial, signal}: Choice<T>) {
      const {SelectPrompt} = await import('@clack/core')
      const drawing: Drawing = {message, hint: words.choose}
      const answer = await ask('choice', signal, (input, until, before) => {
        const prompt = new SelectPrompt<{value: string; label: string}>({
          ...{input, output: screen, signal: until, options: [...options]},
          initialValue: before?.value ?? initial ?? options[0]?.value ?? '',
          render() {
            return frame.choice(drawing, this)
          },
        })
        return prompt
      })
      return options.find(({value}) => value === answer)?.value ?? null
    },
    async write({message, wrong, initial, hint, signal}) {
      const {TextPrompt} = await import('@clack/core')
      const drawing: Drawing = {message, hint: hint ?? words.write}
      const answer = await ask('field', signal, (input, until, before) => {
        const written = before?.userInput ?? initial
        return new TextPrompt({
          ...{input, output: screen, signal: until},
          ...(written !== undefined && {initialUserInput: written}),
          validate: (value) => wrong(value?.trim() ?? ''),
          render() {
            return frame.field(drawing, this)
          },
        })
      })
      return answer === null ? null : answer.trim()
    },
  }
}

/** Stops the whole job, as the terminal would: under npx the shell waits for more than this process. */
async function suspend(): Promise<void> {
  const continued = once(process, 'SIGCONT')
  process.kill(0, 'SIGTSTP')
  // A job without a shell above it cannot be stopped: it goes on.
  await Promise.race([continued, delay(200, undefined, {ref: true})])
}
