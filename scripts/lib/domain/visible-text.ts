// A text in which somebody said something: at least one letter, digit or sign that can be seen. Blanks,
// characters without width and a lone dash say nothing.

import {z} from 'zod'
import {refuse} from './issues.ts'

/** Whether anything can be read in it. */
export const hasVisibleText = (text: string): boolean => /[\p{L}\p{N}\p{S}]/u.test(text)

/** Trimmed; refused where nothing can be read in it. */
export const visibleText = () =>
  z
    .string()
    .trim()
    .superRefine((text, context) => {
      if (hasVisibleText(text)) return
      refuse(context, {
        fr: `« ${visible(text)} » ne dit rien`,
        en: `"${visible(text)}" says nothing`,
      })
    })

/** Characters without width by their number. */
const visible = (text: string) =>
  text.replace(
    /[\p{Cf}\p{Cc}\p{Z}]/gu,
    (each) => `U+${(each.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`,
  )
