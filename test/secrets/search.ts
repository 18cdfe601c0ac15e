// Looks for canaries in every form that a value takes on its way: as it is, in a URL, in base64, in
// JSON, in hexadecimal, backslashed by a shell or a trace, and cut into pieces by newlines and quotes.

import type {Canary} from './canaries.ts'

export interface Leak {
  readonly canary: string
  readonly form: string
  readonly place: string
}

type Form = readonly [form: string, text: string]

const percent = (value: string) =>
  [...Buffer.from(value)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')

function base64(value: string): Form[] {
  const bytes = Buffer.from(value)
  return [0, 1, 2].flatMap((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
    const sure = text.slice(
      Math.ceil((offset * 8) / 6),
      Math.floor(((offset + bytes.length) * 8) / 6),
    )
    const url = sure.replaceAll('+', '-').replaceAll('/', '_')
    return [
      [`base64 at ${offset}`, sure],
      [`base64url at ${offset}`, url],
    ]
  })
}

/** As the columns of a dump stand; eight bytes are on one line at least. */
const spaced = (digits: string, groups: RegExp) => digits.replace(groups, '$1 ')

/** The forms of one value; each at least eight characters long. */
export function formsOf(value: string): readonly Form[] {
  const json = JSON.stringify(value).slice(1, -1)
  const uri = encodeURIComponent(value)
  const hex = Buffer.from(value).toString('hex')
  const octal = Buffer.from(value).toString('latin1')
  const all: Form[] = [
    ['plain', value],
    ['bytes', octal],
    ['JSON', json],
    ['JSON in JSON', JSON.stringify(json).slice(1, -1)],
    ['URL', uri],
    ['URL, lower case', uri.replace(/%../g, (code) => code.toLowerCase())],
    ['every byte in a URL', percent(value)],
    ['every byte in a URL, upper case', percent(value).toUpperCase()],
    ['URL form', new URLSearchParams({v: value}).toString().slice(2)],
    ['URL in a URL', encodeURIComponent(encodeURIComponent(value))],
    ['HTML by number', [...value].map((char) => `&#${char.codePointAt(0)};`).join('')],
    ['dump of bytes', spaced(hex.slice(0, 16), /(..)(?=.)/g)],
    ['dump of words', spaced(hex.slice(0, 16), /(....)(?=.)/g)],
    ['hexadecimal', hex],
    ['hexadecimal, upper case', hex.toUpperCase()],
    ...base64(value),
  ]
  const seen = new Set<string>()
  return all.filter(([, text]) => text.length >= 8 && !seen.has(text) && seen.add(text))
}

const colour = `${String.fromCharCode(27)}\\[[0-9;]*[A-Za-z]`
const pieces = new RegExp(`[\\s"'\`+\\\\,│|>]|\\\\n|${colour}`, 'g')
const squeeze = (text: string) => text.replace(pieces, '')

export interface Search {
  /** The leaks in this text; `artifact`: public values are at home there. */
  readonly look: (place: string, text: string, where?: {artifact?: boolean}) => void
  readonly leaks: readonly Leak[]
  readonly places: () => number
}

export function createSearch(canaries: readonly Canary[]): Search {
  const leaks: Leak[] = []
  let places = 0
  const needles = canaries.map((canary) => {
    const squeezed = squeeze(canary.value)
    return {
      canary,
      forms: formsOf(canary.value),
      // Short words would be found by chance between two others.
      split: [
        ['split', squeezed] as const,
        ...base64(canary.value).map(
          ([form, text]) => [`${form}, in lines`, squeeze(text)] as const,
        ),
      ].filter(([, text]) => text.length >= 12),
    }
  })
  return {
    leaks,
    places: () => places,
    look: (place, text, {artifact = false} = {}) => {
      places++
      const squeezed = squeeze(text)
      for (const {canary, forms, split} of needles) {
        if (artifact && canary.public) continue
        const found =
          forms.find(([, form]) => text.includes(form))?.[0] ??
          split.find(([, form]) => squeezed.includes(form))?.[0]
        if (found !== undefined) leaks.push({canary: canary.name, form: found, place})
      }
    },
  }
}
