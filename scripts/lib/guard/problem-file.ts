// The problem that ended a command of ours, as it left it (final-message.ts) for the step that called it: a
// child's last printed line is its advice, not its cause.

import {readFileSync, rmSync} from 'node:fs'
import {z} from 'zod'
import {join, type Text} from '../domain/text.ts'
import type {Mask} from './mask.ts'

const text = z.union([z.string(), z.strictObject({fr: z.string(), en: z.string()})])
const told = z.object({what: text, why: text.optional()})

/** What the child left, masked; null where it left nothing. The file is gone afterwards. */
export function takeProblemFile(path: string, mask: Mask): Text | null {
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
