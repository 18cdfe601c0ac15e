// Secrets never leave in clear: neither raw, nor in a URL, base64 or JSON, nor split over chunks.
// One automaton reads each character once, whatever the number of secrets.

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

/** A mask for these values. Values under 4 characters would blacken every page, and are ignored. */
export function createMask(secrets: Iterable<string>): Mask {
  const forms = new Set<string>()
  let ignored = 0
  for (const secret of secrets) {
    const parts = [secret, secret.trim(), ...lines(secret), ...passwords(secret)]
    if (!worthy(secret.trim())) ignored++
    for (const part of parts) if (worthy(part)) for (const form of formsOf(part)) forms.add(form)
  }
  const root = automaton(forms)
  const stream = () => createStream(root)
  const mask = (text: string) => {
    const one = stream()
    return one.write(text) + one.end()
  }
  return {mask: forms.size === 0 ? (text) => text : mask, stream, ignored}
}

// Words that stand in many env files, and in our own sentences: masking them would blot the documents.
const common = new Set([
  ...['true', 'false', 'null', 'none', 'undefined', 'info', 'debug', 'warn', 'error'],
  ...['staging', 'production', 'prod', 'development', 'test', 'public', 'postgres'],
])
const worthy = (value: string) => value.length >= 4 && !common.has(value.toLowerCase())

/** The lines of a value of several (a private key): each would betray a part. */
const lines = (secret: string) =>
  /[\r\n]/.test(secret)
    ? secret
        .split(/[\r\n]+/)
        .map((line) => line.trim())
        .filter((line) => line.length >= 8 && !line.startsWith('-----'))
    : []

/** The password of a URL, as written and decoded. */
function passwords(secret: string): readonly string[] {
  const found = /^[a-z][a-z0-9+.-]*:\/\/[^:@/?#\s]*:(.*)@[^@]*$/is.exec(secret.trim())?.[1]
  return found ? [found, decoded(found)] : []
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function formsOf(secret: string): readonly string[] {
  const json = escapeJson(secret)
  const ascii = (text: string, upper = false) =>
    text.replace(/[\u007f-\uffff]/g, (char) => {
      const code = char.charCodeAt(0).toString(16).padStart(4, '0')
      return `\\u${upper ? code.toUpperCase() : code}`
    })
  const uri = attempt(() => encodeURIComponent(secret))
  const whole = percent(secret, /[A-Za-z0-9._~-]/)
  const urls = [uri, attempt(() => encodeURI(secret)), whole]
  return [
    secret,
    json,
    json.replaceAll('/', '\\/'),
    ascii(json),
    ascii(json, true),
    escapeJson(json),
    ...urls,
    ...urls.map((url) => url.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())),
    whole.replaceAll('%20', '+'),
    secret.replaceAll("'", "'\\''"),
    json.replaceAll("'", "\\'").replaceAll('\\"', '"'),
    secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
    ...base64(secret),
    ...hex(secret),
  ].filter((form) => form.length >= 4)
}

const escapeJson = (text: string) => JSON.stringify(text).slice(1, -1)

function attempt(encode: () => string): string {
  try {
    return encode()
  } catch {
    return '' // a lone surrogate has no URL form
  }
}

const percent = (text: string, plain: RegExp) =>
  [...Buffer.from(text)]
    .map((byte) => {
      const char = String.fromCharCode(byte)
      return byte < 128 && plain.test(char)
        ? char
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
    })
    .join('')

const hex = (secret: string) => {
  const digits = Buffer.from(secret).toString('hex')
  return digits.length >= 12 ? [digits, digits.toUpperCase()] : []
}

/** The characters that the secret alone decides, wherever it begins in a group of three bytes. */
function base64(secret: string): readonly string[] {
  const bytes = Buffer.from(secret)
  return [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
    const from = Math.ceil((offset * 8) / 6)
    const to = Math.floor(((offset + bytes.length) * 8) / 6)
    const sure = encoded.slice(from, to)
    if (sure.length < 5) return []
    return [sure, sure.replaceAll('+', '-').replaceAll('/', '_')]
  })
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

function createStream(root: State): MaskStream {
  let at = root
  let held = ''
  let heldFrom = 0 // position of held[0] in the whole text
  let hiddenTo = 0 // everything before it that a secret covers was already replaced
  let spans: Span[] = []

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
        at = step(root, at, chunk.charCodeAt(index))
        if (at.longest > 0) hide(spans, base + index + 1 - at.longest, base + index + 1)
      }
      return emit(heldFrom + held.length - at.depth)
    },
    end: () => {
      at = root
      return emit(heldFrom + held.length)
    },
  }
}

/** Adds a span; those that it overlaps become one with it. */
function hide(spans: Span[], start: number, end: number): void {
  let from = start
  for (let last = spans.at(-1); last && last.end > from; last = spans.at(-1)) {
    from = Math.min(from, last.start)
    spans.pop()
  }
  spans.push({start: from, end})
}
