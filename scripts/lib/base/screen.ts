// What is told as one text (a status, a help, a problem) on the screen of whoever sits there.

import {fitted} from '../words/wrap.ts'

interface Screen {
  readonly isTTY?: boolean
  readonly columns?: number
}

/** Broken between words where a person reads it; as it is in a pipe, a file, or a CI's log. */
export function onScreen(text: string, {isTTY, columns}: Screen = process.stdout): string {
  const {TERM, CI} = process.env
  if (isTTY !== true || columns === undefined || TERM === 'dumb' || CI !== undefined) return text
  return fitted(text, Math.max(40, columns) - 1)
}
