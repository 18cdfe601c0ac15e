// Words that people see. Both languages stand side by side where they are written, so that one
// cannot be forgotten; a plain string is for what has no language (an id, a count, a URL).

import type {Bilingual} from '../documents/bilingual.ts'

export type Lang = keyof Bilingual
export type Text = string | Bilingual

/** The words of `text` in `lang`. */
export function inLang(text: Text, lang: Lang): string {
  return typeof text === 'string' ? text : text[lang]
}

/** A value with every text in it in one language: what a machine reads. */
export const spoken = (value: unknown, lang: Lang): unknown =>
  JSON.parse(JSON.stringify(value), (_key, each: unknown) =>
    isText(each) ? inLang(each, lang) : each,
  )

/** The words of `text` in both languages, the same where it is language-neutral. */
export const bilingual = (text: Text): Bilingual =>
  typeof text === 'string' ? {fr: text, en: text} : text

function isText(value: unknown): value is Bilingual {
  if (typeof value !== 'object' || value === null) return false
  return Object.keys(value).length === 2 && 'fr' in value && 'en' in value
}

/** Joins texts with a separator, in both languages. */
export function join(texts: readonly Text[], separator: string): Text {
  if (texts.every((text) => typeof text === 'string')) return texts.join(separator)
  const words = (lang: Lang) => texts.map((text) => inLang(text, lang)).join(separator)
  return {fr: words('fr'), en: words('en')}
}
