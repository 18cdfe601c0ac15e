// Secrets never leave in clear: neither raw, nor in a URL, base64 or JSON, nor split over chunks, lines of
// base64, the columns of a dump or the colours of a terminal. Each lane is an automaton that reads each
// character at most once, whatever the number of secrets.

import {secretForms} from './secret-forms.ts'

/** What stands where a secret was. */
export const masked = '***'

export interface MaskStream {
  /** What can be shown by now: a possible beginning of a secret is held back. */
  write(chunk: string): string
  end(): string
}

export interface Mask {
  readonly mask: (text: string) => string
  readonly stream: () => MaskStream
  /** How many values were too short or too common to be masked. */
  readonly ignored: number
}

/** A mask for these values; which of them are looked for, and in which forms, says secret-forms.ts. */
export function createMask(secrets: Iterable<string>): Mask {
  const {plain, short, wrapped, dumped, ignored} = secretForms(secrets)
  const root = automaton(plain)
  const lanes: readonly Lane[] = [
    {root, reads: everything, holdFrom: 1},
    {root, reads: withoutEscapes, holdFrom: 1},
    {root: automaton(short), reads: withoutEscapes, holdFrom: 1, outsideDigests: true},
    {root: automaton(wrapped), reads: withoutBreaks, holdFrom: 4},
    {root: automaton(dumped), reads: digitsOnly, holdFrom: 4},
  ]
  const stream = () => createStream(lanes)
  const mask = (text: string) => {
    const one = stream()
    return one.write(text) + one.end()
  }
  return {mask: plain.size + short.size === 0 ? (text) => text : mask, stream, ignored}
}

interface State {
  readonly next: Map<number, State>
  readonly depth: number
  fail: State | null
  /** Length of the longest secret that ends here. */
  longest: number
}

const state = (depth: number): State => ({next: new Map(), depth, fail: null, longest: 0})

/** Aho and Corasick's automaton over UTF-16 units. */
function automaton(forms: Iterable<string>): State {
  const root = state(0)
  for (const form of forms) {
    let at = root
    for (let index = 0; index < form.length; index++) {
      const unit = form.charCodeAt(index)
      const next = at.next.get(unit) ?? state(at.depth + 1)
      at.next.set(unit, next)
      at = next
    }
    at.longest = form.length
  }
  const queue: State[] = [root]
  for (let head = 0; head < queue.length; head++) {
    const at = queue[head]
    if (!at) break
    for (const [unit, next] of at.next) {
      next.fail = at === root ? root : step(root, at.fail ?? root, unit)
      next.longest = Math.max(next.longest, next.fail.longest)
      queue.push(next)
    }
  }
  return root
}

function step(root: State, from: State, unit: number): State {
  let at: State | null = from
  while (at) {
    const next = at.next.get(unit)
    if (next) return next
    at = at.fail
  }
  return root
}

interface Span {
  start: number
  end: number
}

/** What the automaton sees of a character: its unit or another one; `skip`: it is as if it were not there;
 * `anew`: no secret goes on behind it. */
type Reading = number
const skip = -1
const anew = -2
/** Makes the reader of one text, which is given each of its characters in turn. */
type Reader = () => (unit: number) => Reading

interface Lane {
  readonly root: State
  readonly reads: Reader
  /** How many characters have to fit before what may be a secret is held back. */
  readonly holdFrom: number
  /** What fits within a long run of hexadecimal digits fits by chance. */
  readonly outsideDigests?: true
}

/** From so many digits on a run is a digest: MD5's are the shortest. */
const digestLeast = 32
const hexadecimal = Uint8Array.from({length: 128}, (_, unit) =>
  Number(/[0-9a-fA-F]/.test(String.fromCharCode(unit))),
)

const everything: Reader = () => (unit) => unit

/** Colours and other sequences of a terminal, which may stand in the middle of a word. */
const withoutEscapes: Reader = () => {
  let inside: 'no' | 'begun' | 'control' | 'text' = 'no'
  return (unit) => {
    if (inside === 'no' && unit !== 0x1b) return unit
    if (unit === 0x1b) inside = 'begun'
    else if (inside === 'begun') inside = unit === 0x5b ? 'control' : unit === 0x5d ? 'text' : 'no'
    else if (inside === 'text' ? unit === 0x07 : unit >= 0x40 && unit <= 0x7e) inside = 'no'
    return skip
  }
}

/** For the units below 128; all others begin anew. */
const table = (reading: (char: string, unit: number) => Reading): Int16Array =>
  Int16Array.from({length: 128}, (_, unit) => reading(String.fromCharCode(unit), unit))

const breaks = table((char, unit) =>
  /[\s">|\\]/.test(char) ? skip : /[A-Za-z0-9+/=_-]/.test(char) ? unit : anew,
)

/** base64 as programs and mails break it: in lines, indented, quoted, with their ends written out. */
const withoutBreaks: Reader = () => {
  const bare = withoutEscapes()
  let escaped = false
  return (unit) => {
    const reading = bare(unit)
    if (reading < 0) return reading
    const before = escaped
    escaped = unit === 0x5c
    if (before && (unit === 0x6e || unit === 0x72)) return skip
    return breaks[unit] ?? anew
  }
}

const digits = table((char, unit) => {
  if (/[0-9a-f]/.test(char)) return unit
  if (/[A-F]/.test(char)) return unit + 32
  return /[\s:,;.%\\-]/.test(char) ? skip : anew
})

/** Hexadecimal digits, whatever a dump puts between them, or a URL in which every byte is encoded. */
const digitsOnly: Reader = () => {
  const bare = withoutEscapes()
  let last = 0
  return (unit) => {
    const before = last
    last = unit
    const reading = bare(unit)
    if (reading < 0) return reading
    // `0x41` and `\x41`.
    if ((unit === 0x78 || unit === 0x58) && (before === 0x30 || before === 0x5c)) return skip
    return digits[unit] ?? anew
  }
}

/** More than this between two characters of a secret, and they are none. */
const skippedMost = 4_096

/** One lane's way through a text. */
function createWay({root, reads, holdFrom}: Lane) {
  const read = reads()
  let at = root
  /** Positions of the characters that the automaton saw last, as far back as a secret may begin. */
  let seen: number[] = []
  return {
    /** Where a secret that ends with this character begins; -1: none does. */
    take(unit: number, position: number): number {
      const reading = read(unit)
      if (reading < 0) {
        if (at === root) return -1
        const far = position - (seen[seen.length - 1] ?? position) > skippedMost
        if (reading === anew || far) at = root
        return -1
      }
      at = at === root ? (root.next.get(reading) ?? root) : step(root, at, reading)
      if (at === root) return -1
      seen.push(position)
      if (seen.length > 4 * at.depth + 256) seen = seen.slice(seen.length - at.depth)
      return at.longest > 0 ? (seen[seen.length - at.longest] ?? position) : -1
    },
    /** From where on a secret may have begun; null: nowhere. */
    open: (): number | null =>
      at.depth >= holdFrom && at.depth > 0 ? (seen[seen.length - at.depth] ?? null) : null,
  }
}

function createStream(lanes: readonly Lane[]): MaskStream {
  const ways = lanes.map(createWay)
  let held = ''
  let heldFrom = 0 // position of held[0] in the whole text
  let hiddenTo = 0 // everything before it that a secret covers was already replaced
  let spans: Span[] = []
  // What may be part of a digest is decided where its run of digits ends.
  let runFrom = -1
  let doubtful: Span[] = []
  const runEnds = (position: number) => {
    if (runFrom >= 0 && position - runFrom < digestLeast)
      for (const {start, end} of doubtful) hide(spans, start, end)
    doubtful = []
    runFrom = -1
  }

  const emit = (upTo: number): string => {
    let out = ''
    let position = heldFrom
    const later: Span[] = []
    for (const span of spans) {
      if (span.start >= upTo) {
        later.push(span)
        continue
      }
      if (span.start >= hiddenTo) {
        out += `${held.slice(position - heldFrom, span.start - heldFrom)}${masked}`
      }
      position = Math.max(position, Math.min(span.end, upTo))
      hiddenTo = Math.max(hiddenTo, span.end)
      if (span.end > upTo) later.push(span)
    }
    out += held.slice(position - heldFrom, upTo - heldFrom)
    spans = later
    held = held.slice(upTo - heldFrom)
    heldFrom = upTo
    return out
  }

  return {
    write: (chunk) => {
      const base = heldFrom + held.length
      held += chunk
      for (let index = 0; index < chunk.length; index++) {
        const position = base + index
        const unit = chunk.charCodeAt(index)
        if (hexadecimal[unit] !== 1) runEnds(position)
        else if (runFrom < 0) runFrom = position
        else if (position - runFrom >= digestLeast) doubtful = []
        for (const [lane, way] of ways.entries()) {
          const start = way.take(unit, position)
          if (start < 0) continue
          // What was shown already cannot be taken back.
          const span = {start: Math.max(start, heldFrom), end: position + 1}
          if (lanes[lane]?.outsideDigests) doubtful.push(span)
          else hide(spans, span.start, span.end)
        }
      }
      const open = ways.map((way) => way.open()).filter((from) => from !== null)
      const [first] = doubtful
      if (first) open.push(first.start)
      const end = heldFrom + held.length
      return emit(Math.max(heldFrom, Math.min(end, ...open)))
    },
    end: () => {
      runEnds(heldFrom + held.length)
      return emit(heldFrom + held.length)
    },
  }
}

/** Adds a span; those that it overlaps become one with it. */
function hide(spans: Span[], start: number, end: number): void {
  let [from, to] = [start, end]
  for (let last = spans.at(-1); last && last.end > from; last = spans.at(-1)) {
    from = Math.min(from, last.start)
    to = Math.max(to, last.end)
    spans.pop()
  }
  spans.push({start: from, end: to})
}
