// Comparing words as people write them: accents, case, numbering, emoji and punctuation do not count.

/** "## 4.1 — Pré-requis exacts ✅" and "Pré-requis EXACTS" are both `pre requis exacts`. */
export function normalise(text: string): string {
  return unnumbered(text)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/œ/g, 'oe')
    .replace(/æ/g, 'ae')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

const numbering =
  /^[^\p{L}\p{N}]*(?:(?:section|partie|part|§)\s*)?(?:(\d+(?:\.\d+)*)(?:[.)]*\s*[:–—-]\s+|[.)]+\s+|\s+|$)|([IVX]+|[A-Z])[.)]\s+)/iu

/** The number that a title starts with ("4", "4.1"), or null. */
export function headingNumber(title: string): string | null {
  return numbering.exec(title)?.[1] ?? null
}

function unnumbered(title: string): string {
  const rest = title.replace(numbering, '')
  // A title that is only a number stays what it is.
  return /[\p{L}\p{N}]/u.test(rest) ? rest : title
}
