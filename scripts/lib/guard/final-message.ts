// What is said when everything else is closed already: a problem, or the stack of a defect. By then the
// session is gone, so the mask that it made is kept here.

import {writeFileSync} from 'node:fs'
import {type Pasting, pasting} from '../base/called-as.ts'
import type {ProblemParts} from '../domain/problem.ts'
import type {Mask} from './mask.ts'

let hide = (text: string): string => text

/** From now on the last words of this process pass through `mask`. */
export function setFinalMask({mask}: Pick<Mask, 'mask'>): void {
  hide = mask
}

let place: Pasting = {flags: ''}

/** From now on the commands in the last words are about this project. */
export function setPasting(given: Pasting): void {
  place = given
}

/** A sentence whose commands can be pasted. */
export const pastable = (text: string): string => pasting(place)(text)

export const maskedFinally = (text: string): string => hide(text)

/** Names the file that a child may write its problem to. */
export const problemFileName = 'POSTGATE_PROBLEM_FILE'

/** Called where a command ends: leaves what and why for the step that called it. */
export function writeProblemFile({what, why}: ProblemParts): void {
  const path = process.env[problemFileName]
  if (path === undefined || path === '') return
  try {
    writeFileSync(path, JSON.stringify({what, why}), {mode: 0o600, flag: 'wx'})
  } catch {
    // It stands in the printed words as well.
  }
}
