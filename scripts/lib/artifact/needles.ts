// Finds any of many words in bytes, in one pass that reads a part of them only (Wu and Manber, 1994): of
// each word a window is known by its groups of three bytes, and where a group stands in no window, all
// places at which it could stand are skipped at once.

export interface SearchedWord {
  readonly bytes: Uint8Array
  /** ASCII letters in either case. */
  readonly anyCase?: boolean
}

/** Calls `hit` for each place in `bytes` at which a word stands: its index in the list, and where it begins. */
export type Search = (bytes: Buffer, hit: (word: number, at: number) => void) => void

const group = 3
const windowMost = 16
/** Shorter words would make every step short: they are looked for one by one. */
const shortest = 6

export function searchFor(words: readonly SearchedWord[]): Search {
  const listed = words.map(({bytes, anyCase = false}, index) => ({
    ...{index, anyCase, bytes: anyCase ? Buffer.from(bytes).map(lower) : bytes},
  }))
  const short = listed.filter(({bytes}) => bytes.length < shortest)
  const long = listed.filter(({bytes}) => bytes.length >= shortest)
  const window = Math.min(windowMost, ...long.map(({bytes}) => bytes.length))
  const shifts = new Uint8Array(1 << 16).fill(window - group + 1)
  const ending = new Map<number, (typeof long)[number][]>()
  for (const word of long) {
    // The window is the word's end: many words begin alike, as addresses do.
    const from = word.bytes.length - window
    for (let at = 0; at + group <= window; at += 1) {
      const shift = window - group - at
      for (const hash of hashesOf(word, from + at)) {
        shifts[hash] = Math.min(shifts[hash] ?? 0, shift)
        if (shift === 0) ending.set(hash, [...(ending.get(hash) ?? []), word])
      }
    }
  }
  return (bytes, hit) => {
    for (const {bytes: word, index, anyCase} of short) {
      for (let at = 0; at + word.length <= bytes.length; at += 1) {
        at = anyCase ? at : bytes.indexOf(word, at)
        if (at < 0) break
        if (standsAt(bytes, at, word, anyCase)) hit(index, at)
      }
    }
    if (long.length === 0) return
    let last = window - 1
    while (last < bytes.length) {
      const hash = hashOf(bytes[last - 2] ?? 0, bytes[last - 1] ?? 0, bytes[last] ?? 0)
      const shift = shifts[hash] ?? 0
      if (shift !== 0) {
        last += shift
        continue
      }
      for (const {bytes: word, index, anyCase} of ending.get(hash) ?? []) {
        const at = last + 1 - word.length
        if (at >= 0 && standsAt(bytes, at, word, anyCase)) hit(index, at)
      }
      last += 1
    }
  }
}

const hashOf = (a: number, b: number, c: number) => ((a << 10) ^ (b << 5) ^ c) & 0xffff

/** The hashes of the group at `at`, one for each way in which its letters may be written. */
function hashesOf({bytes, anyCase}: {bytes: Uint8Array; anyCase: boolean}, at: number): number[] {
  const [first = [], second = [], third = []] = [0, 1, 2].map((index) => {
    const byte = bytes[at + index] ?? 0
    return anyCase && byte !== upper(byte) ? [byte, upper(byte)] : [byte]
  })
  return first.flatMap((a) => second.flatMap((b) => third.map((c) => hashOf(a, b, c))))
}

function standsAt(bytes: Uint8Array, at: number, word: Uint8Array, anyCase: boolean): boolean {
  for (let index = 0; index < word.length; index += 1) {
    const byte = bytes[at + index] ?? 0
    if ((anyCase ? lower(byte) : byte) !== word[index]) return false
  }
  return true
}

const lower = (byte: number) => (byte >= 65 && byte <= 90 ? byte + 32 : byte)
const upper = (byte: number) => (byte >= 97 && byte <= 122 ? byte - 32 : byte)
