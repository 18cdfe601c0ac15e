// The typed values that a directive in a runbook can carry: `hours=48 above=5% within=30m`.
// Each is a zod schema from the written word to a number with its unit, so that a bad value is an
// error that quotes the legal ones.

import {z} from 'zod'
import {parseDuration} from './duration.ts'
import {refuse} from './issues.ts'

/** `48h` to milliseconds. */
export const duration = () =>
  z
    .string()
    .transform((word, context) => {
      const ms = parseDuration(word)
      if (ms !== undefined) return ms
      refuse(context, {
        fr: `« ${word} » n’est pas une durée ; écrire 90s, 30m, 48h ou 7d`,
        en: `"${word}" is no duration; write 90s, 30m, 48h or 7d`,
      })
      return z.NEVER
    })
    .describe('duration: `90s`, `30m`, `48h`, `7d`')

/** `5%` to 0.05. */
export const percent = () =>
  z
    .string()
    .transform((word, context) => {
      const match = /^(\d+(?:[.,]\d+)?)\s?%$/.exec(word.trim())
      if (match?.[1] !== undefined) return Number(match[1].replace(',', '.')) / 100
      refuse(context, {
        fr: `« ${word} » n’est pas un pourcentage ; écrire 5%`,
        en: `"${word}" is no percentage; write 5%`,
      })
      return z.NEVER
    })
    .describe('percentage: `5%`')

/** A whole number of at least `least`. */
export const count = (least = 0) =>
  z
    .string()
    .transform((word, context) => {
      const value = /^\d+$/.test(word) ? Number(word) : Number.NaN
      if (value >= least) return value
      refuse(context, {
        fr: `« ${word} » n’est pas un nombre entier d’au moins ${least}`,
        en: `"${word}" is no whole number of at least ${least}`,
      })
      return z.NEVER
    })
    .describe(`whole number, at least ${least}`)

/** `a,b|c` to [["a"], ["b", "c"]]: all of the groups, any of each group. */
export const groups = () =>
  z
    .string()
    .min(1)
    .transform((word) =>
      word.split(',').map((group) => group.split('|').map((name) => name.trim())),
    )
    .describe('names: `a,b` all of them; `a|b` any of them')

/** `a,b` to ["a", "b"]. */
export const list = () =>
  z
    .string()
    .min(1)
    .transform((word) =>
      word
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== ''),
    )
    .describe('names: `a,b`')
