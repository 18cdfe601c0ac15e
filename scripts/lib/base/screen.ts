// What is told as one text (a status, a help, a problem) on the screen of whoever sits there.

import {fitted, fittedPage} from '../words/wrap.ts'

interface Screen {
  readonly isTTY?: boolean
  readonly columns?: number
}

/** Broken between words where a person reads it; as it is in a pipe, a file, or a CI's log. */
export function onScreen(text: string, screen: Screen = process.stdout): string {
  const room = roomOn(screen)
  return room === null ? text : fitted(text, room)
}

/** The same of a page that stands in our sources with its lines broken already. */
export function pageOnScreen(text: string): string {
  const room = roomOn(process.stdout)
  return room === null ? text : fittedPage(text, room)
}

function roomOn({isTTY, columns}: Screen): number | null {
  const {TERM, CI} = process.env
  if (isTTY !== true || columns === undefined || TERM === 'dumb' || CI !== undefined) return null
  return Math.max(40, columns) - 1
}
