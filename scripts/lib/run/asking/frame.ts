// How a question looks on a terminal, from 40 columns on: broken between words, under a line at its left.

import type {Writable} from 'node:stream'
import {wrapped} from '../../words/wrap.ts'

export interface Drawing {
  readonly message: string
  readonly hint: string
}

interface Prompted {
  readonly state: string
  readonly error: string
}

interface Chosen extends Prompted {
  readonly cursor: number
  readonly options: readonly {readonly label: string}[]
}

interface Written extends Prompted {
  readonly userInput: string
  readonly userInputWithCursor: string
}

export interface Frame {
  readonly choice: (drawing: Drawing, prompt: Chosen) => string
  readonly field: (drawing: Drawing, prompt: Written) => string
  /** What a question is about, above it. */
  readonly tell: (title: string, detail: string) => void
  /** One remark below a question. */
  readonly note: (text: string) => void
}

const colours = {green: 32, yellow: 33, cyan: 36, grey: 90} as const

export function createFrame({
  screen,
  coloured,
}: {
  screen: Writable & {readonly columns?: number; readonly rows?: number}
  coloured: boolean
}): Frame {
  const paint = (colour: keyof typeof colours, text: string) =>
    coloured ? `\u001B[${colours[colour]}m${text}\u001B[39m` : text
  const room = () => Math.max(40, screen.columns ?? 80) - 4
  const beside = (mark: string, text: string, next = '│') =>
    text.split('\n').map((line, index) => `${index === 0 ? mark : next}  ${line}`)
  const broken = (text: string, indent = 0) => wrapped(text, room(), indent)
  const head = (message: string, {state}: Prompted) => {
    const mark = marks[state] ?? marks.active
    return ['│', ...beside(mark.sign, broken(message))].map((line, index) =>
      index === 1 ? line.replace(mark.sign, paint(mark.colour, mark.sign)) : line,
    )
  }
  const foot = (hint: string, {state, error}: Prompted) =>
    state === 'error'
      ? beside('└', broken(error), ' ').map((line) => paint('yellow', line))
      : beside('└', broken(hint), ' ').map((line) => paint('grey', line))
  const option = (label: string, active: boolean) => {
    const [first = '', ...more] = wrapped(label, room() - 2).split('\n')
    const sign = active ? paint('green', '●') : '○'
    return [`│  ${sign} ${first}`, ...more.map((line) => `│    ${line}`)]
  }
  return {
    choice({message, hint}, prompt) {
      const top = head(message, prompt)
      const label = prompt.options[prompt.cursor]?.label ?? ''
      if (prompt.state === 'submit') return [...top, ...beside('│', broken(label))].join('\n')
      if (prompt.state === 'cancel') return top.join('\n')
      const bottom = foot(hint, prompt)
      const shown = prompt.options.map((each, index) => option(each.label, index === prompt.cursor))
      const lines = (screen.rows ?? 24) - top.length - bottom.length - 1
      return [...top, ...around(shown, prompt.cursor, lines), ...bottom, ''].join('\n')
    },
    field({message, hint}, prompt) {
      const top = head(message, prompt)
      if (prompt.state === 'submit')
        return [...top, ...beside('│', broken(prompt.userInput.trim()))].join('\n')
      if (prompt.state === 'cancel') return top.join('\n')
      return [...top, ...beside('│', prompt.userInputWithCursor), ...foot(hint, prompt), ''].join(
        '\n',
      )
    },
    tell(title, detail) {
      const lines = [...beside(paint('green', '◇'), broken(title)), ...beside('│', broken(detail))]
      screen.write(`│\n${lines.join('\n')}\n`)
    },
    note: (text) => void screen.write(`${beside('│', broken(text)).join('\n')}\n`),
  }
}

const marks: Readonly<Record<string, {sign: string; colour: keyof typeof colours}>> & {
  readonly active: {sign: string; colour: keyof typeof colours}
} = {
  active: {sign: '◆', colour: 'cyan'},
  error: {sign: '▲', colour: 'yellow'},
  submit: {sign: '◇', colour: 'green'},
  cancel: {sign: '■', colour: 'grey'},
}

/** The options that fit into `lines`, with the one at `cursor` among them. */
function around(options: readonly (readonly string[])[], cursor: number, lines: number): string[] {
  let from = cursor
  let to = cursor + 1
  let used = options[cursor]?.length ?? 0
  for (;;) {
    const above = options[from - 1]
    const below = options[to]
    if (below !== undefined && used + below.length <= lines) {
      used += below.length
      to += 1
    } else if (above !== undefined && used + above.length <= lines) {
      used += above.length
      from -= 1
    } else break
  }
  return options.slice(from, to).flat()
}
