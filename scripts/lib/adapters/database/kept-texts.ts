// Many texts that are seldom asked for again, kept packed outside of the heap: thousands of rows of a catalogue
// are alike, and a reset holds several readings of them at once.

import {deflateRawSync, inflateRawSync} from 'node:zlib'

export interface KeptTexts {
  /** Answers what gives the text back. */
  readonly add: (text: string) => number
  readonly at: (place: number) => string
}

const perPack = 1024

export function keepTexts(): KeptTexts {
  const packs: Buffer[] = []
  let open: string[] = []
  // What was unpacked last is mostly asked for next.
  let last: {readonly pack: number; readonly texts: readonly string[]} | null = null
  const unpacked = (pack: number): readonly string[] => {
    const bytes = packs[pack]
    if (bytes === undefined) return open
    if (last?.pack !== pack)
      last = {pack, texts: inflateRawSync(bytes).toString('utf8').split('\0')}
    return last.texts
  }
  return {
    add: (text) => {
      const place = packs.length * perPack + open.length
      open.push(text)
      if (open.length === perPack) {
        packs.push(deflateRawSync(open.join('\0'), {level: 1}))
        open = []
      }
      return place
    },
    at: (place) => unpacked(Math.floor(place / perPack))[place % perPack] ?? '',
  }
}
