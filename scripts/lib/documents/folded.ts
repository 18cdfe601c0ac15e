// A text as the eye takes it: no-break spaces are spaces, long dashes are dashes, look-alike letters are the letters
// that they look like, what is invisible is gone, entities and backslashes stand for what they show. Each place of it
// still leads back to the source.

export type Folded = {
  readonly text: string
  /** Offset in the source of the character at `index` of the text. */
  readonly at: (index: number) => number
}

// Latin letters with accents are what they look like, and most of a French text.
const special = /[^\t\n\r -~\u00C0-\u017F]|&#?\w{1,31};|\\(?=[!-/:-@[-`{-~])/gu

/** The whole text; as long as the source or shorter, save where a character stands for several. */
export function folded(source: string): Folded {
  let text = ''
  // Where a stretch that is as in the source begins: in the text, and in the source.
  const starts: number[] = [0]
  const sources: number[] = [0]
  let from = 0
  for (const match of source.matchAll(special)) {
    const [found] = match
    const shown = foldedCharacter(found)
    if (shown === found) continue
    const end = match.index + found.length
    text += source.slice(from, match.index)
    if (shown !== '') {
      starts.push(text.length)
      sources.push(match.index)
      text += shown
    }
    starts.push(text.length)
    sources.push(end)
    from = end
  }
  text += source.slice(from)
  return {text, at: (index) => sourceOf(index, starts, sources)}
}

function sourceOf(index: number, starts: readonly number[], sources: readonly number[]): number {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] ?? 0) <= index) low = middle
    else high = middle - 1
  }
  return (sources[low] ?? 0) + index - (starts[low] ?? 0)
}

const shownAs = new Map<string, string>()
const known = new Map<string, string>()

function group(characters: string, as: string): void {
  for (const character of characters) shownAs.set(character, as)
}

group('\u2028\u2029\u0085\u000B\u000C', '\n')
group('‐‑‒–—―−﹘﹣－⸺⸻', '-')
group('【〔⟦［〚', '[')
group('】〕⟧］〛', ']')
group('‹＜〈', '<')
group('›＞〉', '>')
group('ǃ！', '!')
group('։：∶﹕', ':')
for (const [latin, alike] of Object.entries({
  ...{a: 'аɑα', c: 'сϲ', d: 'ԁ', e: 'еҽ', g: 'ɡ', h: 'һ', i: 'іıιɩ', j: 'ј', k: 'кκ', l: 'ӏ'},
  ...{n: 'ո', o: 'оοσօ', p: 'рρ', q: 'ԛ', r: 'г', s: 'ѕ', t: 'тτ', u: 'υս', v: 'ѵν', w: 'ԝ'},
  ...{x: 'хχ', y: 'уγ', A: 'АΑ', B: 'ВΒ', C: 'СϹ', E: 'ЕΕ', H: 'НΗ', I: 'ІΙ', K: 'КΚ'},
  ...{M: 'МΜ', N: 'Ν', O: 'ОΟ', P: 'РΡ', S: 'Ѕ', T: 'ТΤ', X: 'ХΧ', Y: 'ҮΥ', Z: 'Ζ'},
})) {
  group(alike, latin)
}

const entities: Readonly<Record<string, string>> = {
  ...{nbsp: ' ', ensp: ' ', emsp: ' ', thinsp: ' ', hairsp: ' ', numsp: ' ', puncsp: ' ', Tab: ' '},
  ...{lt: '<', gt: '>', LT: '<', GT: '>', amp: '&', excl: '!', colon: ':', equals: '='},
  ...{
    lbrack: '[',
    rbrack: ']',
    lsqb: '[',
    rsqb: ']',
    ndash: '-',
    mdash: '-',
    hyphen: '-',
    dash: '-',
  },
  ...{minus: '-', bull: '•', bullet: '•', check: '✓', checkmark: '✓', cross: '✗', square: '☐'},
  ...{squ: '☐', Square: '☐', zwnj: '', zwj: '', shy: '', ZeroWidthSpace: '', NoBreak: ''},
}

function foldedCharacter(found: string): string {
  const remembered = known.get(found)
  if (remembered !== undefined) return remembered
  const shown = shownOf(found)
  if (known.size < 10_000) known.set(found, shown)
  return shown
}

function shownOf(found: string): string {
  if (found === '\\') return ''
  if (found.startsWith('&')) {
    const numeric = /^&#(?:[xX]([\da-fA-F]{1,6})|(\d{1,7}));$/.exec(found)
    if (numeric === null) return entities[found.slice(1, -1)] ?? found
    const code = numeric[1] === undefined ? Number(numeric[2]) : Number.parseInt(numeric[1], 16)
    if (code === 0 || code > 0x10ffff) return found
    const character = String.fromCodePoint(code)
    return /^[\t\n\r -~]$/.test(character) ? character : shownOf(character)
  }
  const as = shownAs.get(found)
  if (as !== undefined) return as
  if (/^\p{Zs}$/u.test(found)) return ' '
  // Joiners, marks of direction, soft hyphens, variation selectors: nothing that is seen.
  if (/^(?:\p{Cf}|\p{Cc}|\p{Variation_Selector}|\u034F|\u115F|\u1160|\u3164)$/u.test(found))
    return ''
  const plain = found.normalize('NFKC')
  return /^[ -~]+$/.test(plain) ? plain : found
}
