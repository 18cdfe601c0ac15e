// What a person types while something is asked. A prompt library hears characters only: what ends the
// input, leaves, suspends, or is pasted is told apart here, before it comes to the prompt.

import {PassThrough, type Readable, type Writable} from 'node:stream'
import {StringDecoder} from 'node:string_decoder'

export type KeySource = Readable & {readonly setRawMode?: (raw: boolean) => unknown}

export interface KeysGiven {
  /** A field takes pasted lines as one; a choice takes nothing behind its Enter. */
  readonly kind: 'field' | 'choice'
  /** Ctrl-D, a closed pipe, a terminal that is gone. */
  readonly ended: () => void
  /** Ctrl-C: in raw mode no signal comes of it. */
  readonly interrupted: () => void
  /** Ctrl-Z, likewise. */
  readonly suspended: () => void
}

export interface Keys {
  /** For the prompt: a terminal's input, without what was told apart. */
  readonly input: Readable
  /** Stops listening; what was typed or pasted and served for nothing. */
  readonly close: () => string
}

const paste = {on: '\u001B[?2004h', off: '\u001B[?2004l', begin: '\u001B[200~', end: '\u001B[201~'}
const control = {interrupt: '\u0003', end: '\u0004', suspend: '\u001A'}
const printable = /[^\p{Cc}]/u

/** The beginning of a mark at the end of what was read, or nothing. */
function cut(text: string): string {
  const at = text.lastIndexOf('\u001B[')
  const tail = at < 0 ? '' : text.slice(at)
  return tail.length < paste.begin.length && /^.\[(2(0[01]?)?)?$/.test(tail) ? tail : ''
}

/** Listens to `source` until it is closed, in raw mode as long as the prompt wants it. */
export function openKeys(source: KeySource, screen: Writable, given: KeysGiven): Keys {
  const {kind, ended, interrupted, suspended} = given
  const decoder = new StringDecoder('utf8')
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (raw: boolean) => void source.setRawMode?.(raw),
  })
  const unused: string[] = []
  let held = ''
  let pasted: string | null = null

  const put = (text: string) => {
    if (text !== '') input.write(text)
  }
  const set = (text: string) => {
    if (printable.test(text)) unused.push(text)
  }
  const typed = (text: string): void => {
    // Lines that come at once were pasted: a person cannot press Enter and go on in one moment.
    const line = kind === 'field' ? text.replace(/[\r\n]+(?=[^\p{Cc}])/gu, ' ') : text
    const enter = /[\r\n]/.exec(line)
    put(enter === null ? line : `${line.slice(0, enter.index)}\r`)
    if (enter !== null) set(line.slice(enter.index + 1))
  }
  const pastedWhole = (text: string): void => {
    const lines = text.split(/[\r\n]+/).map((each) => each.replace(/\p{Cc}/gu, ' ').trim())
    const line = lines.filter((each) => each !== '').join(' ')
    if (kind === 'field') put(line)
    else set(line)
  }
  const outsidePaste = (text: string): void => {
    const found = [...text].find((each) => Object.values(control).includes(each))
    typed(found === undefined ? text : text.slice(0, text.indexOf(found)))
    if (found === control.end) ended()
    if (found === control.interrupt) interrupted()
    if (found === control.suspend) suspended()
  }
  const received = (chunk: Buffer | string): void => {
    let rest = held + (typeof chunk === 'string' ? chunk : decoder.write(chunk))
    // A mark of a paste that was cut between two reads.
    held = cut(rest)
    rest = rest.slice(0, rest.length - held.length)
    while (rest !== '') {
      const at = rest.indexOf(pasted === null ? paste.begin : paste.end)
      const part = at < 0 ? rest : rest.slice(0, at)
      rest = at < 0 ? '' : rest.slice(at + paste.begin.length)
      if (pasted === null) {
        if (part !== '') outsidePaste(part)
        if (at >= 0) pasted = ''
      } else {
        pasted += part
        if (at < 0) continue
        pastedWhole(pasted)
        pasted = null
      }
    }
  }

  // A terminal that is gone may say so while the prompt is being set up, which would not hear of it.
  const over = () => queueMicrotask(ended)
  source.on('data', received)
  for (const event of ['end', 'close', 'error']) source.on(event, over)
  if (source.readableEnded || source.destroyed) over()
  screen.write(paste.on)
  source.resume()
  return {
    input,
    close: () => {
      source.off('data', received)
      for (const event of ['end', 'close', 'error']) source.off(event, over)
      source.pause()
      screen.write(paste.off)
      if (pasted !== null) set(pasted)
      return unused
        .join(' ')
        .replace(/\p{Cc}+/gu, ' ')
        .trim()
    },
  }
}
