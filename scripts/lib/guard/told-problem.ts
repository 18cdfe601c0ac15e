// The problem that ended a command of ours, handed to the step that called it: a child's last printed line
// is its advice, not its cause.

import {readFileSync, rmSync, writeFileSync} from 'node:fs'
import {z} from 'zod'
import type {ProblemParts} from '../domain/problem.ts'
import {join, type Text} from '../domain/text.ts'
import type {Mask} from './mask.ts'

/** Names the file that a child may write its problem to. */
export const problemFileName = 'POSTGATE_PROBLEM_FILE'

const text = z.union([z.string(), z.strictObject({fr: z.string(), en: z.string()})])
const told = z.object({what: text, why: text.optional()})

/** Called where a command ends: leaves what and why for whoever asked for it. */
export function leaveProblem(parts: ProblemParts, environment = process.env): void {
  const path = environment[problemFileName]
  if (path === undefined || path === '') return
  try {
    const {what, why} = parts
    writeFileSync(path, JSON.stringify({what, why}), {mode: 0o600, flag: 'wx'})
  } catch {
    // It stands in the printed words as well.
  }
}

/** What the child left, masked; null where it left nothing. The file is gone afterwards. */
export function takeProblem(path: string, mask: Mask): Text | null {
  try {
    const {what, why} = told.parse(JSON.parse(readFileSync(path, 'utf8')))
    const whole = why === undefined || why === '' ? what : join([what, why], ' ')
    return typeof whole === 'string'
      ? mask.mask(whole)
      : {fr: mask.mask(whole.fr), en: mask.mask(whole.en)}
  } catch {
    return null
  } finally {
    rmSync(path, {force: true})
  }
}
