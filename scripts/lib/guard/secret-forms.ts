// The forms in which a secret can stand in a text: raw, its lines, its parts, and as URLs, JSON, HTML, base64
// and dumps write them.

/** What is looked for: as it stands, in base64 that is broken into lines, and in the columns of a dump. */
export interface SecretForms {
  readonly plain: ReadonlySet<string>
  /** As it stands too, but in a digest by chance: `3000` and `cafe1` stand in every thousandth. */
  readonly short: ReadonlySet<string>
  readonly wrapped: ReadonlySet<string>
  readonly dumped: ReadonlySet<string>
  /** How many values were too short or too common to be looked for. */
  readonly ignored: number
}

/** The forms of all these values. Values under 4 characters would blacken every page, and are ignored. */
export function secretForms(secrets: Iterable<string>): SecretForms {
  const plain = new Set<string>()
  const short = new Set<string>()
  const wrapped = new Set<string>()
  const dumped = new Set<string>()
  let ignored = 0
  for (const secret of secrets) {
    if (!worthy(secret.trim())) ignored++
    const values = [secret, ...unescaped(secret), ...insideBase64(secret)]
    for (const part of values.flatMap(partsOf)) {
      if (!worthy(part)) continue
      for (const form of formsOf(part)) (byChance.test(form) ? short : plain).add(form)
      for (const form of base64(part)) if (form.length >= 10) wrapped.add(form)
      for (const form of windows(part)) dumped.add(form)
    }
  }
  return {plain, short, wrapped, dumped, ignored}
}

const partsOf = (value: string): readonly string[] => [
  ...[value, value.trim()],
  ...lines(value),
  ...passwords(value),
  ...insideJson(value),
]

const byChance = /^[0-9a-f]{4,9}$/

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

/** As whoever reads the env file makes it of `\n` and the like: a private key on one line, most of all. */
const unescaped = (secret: string): readonly string[] =>
  /\\[nrt"'\\]/.test(secret)
    ? [
        secret.replace(
          /\\([nrt"'\\])/g,
          (_, char: string) => ({n: '\n', r: '\r', t: '\t'})[char] ?? char,
        ),
      ]
    : []

/** A text that the value is the base64 of (a service account, as CI variables hold it). */
function insideBase64(secret: string): readonly string[] {
  const packed = secret.replace(/\s+/g, '')
  if (packed.length < 16 || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(packed)) return []
  const text = Buffer.from(packed, 'base64').toString('utf8')
  return /^[\t\n\r\u0020-\u007e\u00a0-\ufffc]+$/.test(text) ? [text] : []
}

/** What a value of JSON holds (a service account, say): its texts, but for names and plain addresses. */
function insideJson(secret: string): readonly string[] {
  if (!/^\s*[{[]/.test(secret)) return []
  const found: string[] = []
  const collect = (value: unknown, key: string): void => {
    if (typeof value === 'object' && value !== null)
      for (const [name, each] of Object.entries(value)) collect(each, name)
    if (typeof value !== 'string' || named.test(key)) return
    if (value.length < (sensitive.test(key) ? 4 : 8)) return
    if (!/^https?:\/\/[^@]*$/.test(value)) found.push(value, value.trim(), ...lines(value))
  }
  try {
    collect(JSON.parse(secret), '')
  } catch {
    return [] // no JSON
  }
  return found
}

// What a service account says of itself stands in addresses and reports by right.
const named = /^(type|project_?id|client_email|client_?id|universe_domain)$/i

const sensitive = /PASS|PWD|SECRET|TOKEN|KEY|PIN$/i

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
  const lower = (url: string) => url.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())
  return [
    secret,
    // Its bytes, taken for those of an older code page.
    Buffer.from(secret).toString('latin1'),
    json,
    json.replaceAll('/', '\\/'),
    ascii(json),
    ascii(json, true),
    escapeJson(json),
    ...urls,
    ...urls.map(lower),
    ...urls.flatMap((url) => [url, lower(url)]).map((url) => url.replaceAll('%', '%25')),
    whole.replaceAll('%20', '+'),
    whole.replaceAll('%20', '+').replaceAll('%', '%25').replaceAll('+', '%2B'),
    secret.replaceAll("'", "'\\''"),
    json.replaceAll("'", "\\'").replaceAll('\\"', '"'),
    ...entities(secret),
    ...base64(secret),
    ...hex(secret),
  ].filter((form) => form.length >= 4)
}

/** As HTML and XML write it: by name, by number, the quotes either way or not at all. */
function entities(secret: string): readonly string[] {
  // A longer value comes by its lines.
  if (secret.length > longest) return []
  const named = secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  const numbered = (which: RegExp, write: (code: number) => string) =>
    secret.replace(which, (char) => write(char.codePointAt(0) ?? 0))
  const special = /[^\w\s]|[\u0080-\u{10ffff}]/gu
  const decimal = (code: number) => `&#${code};`
  const hexadecimal = (code: number) => `&#x${code.toString(16)};`
  const upper = (code: number) => `&#x${code.toString(16).toUpperCase()};`
  return [
    named,
    ...['&#39;', '&#x27;', '&apos;', '&#039;'].flatMap((quote) => {
      const single = named.replaceAll("'", quote)
      return [single, single.replaceAll('"', '&quot;'), single.replaceAll('"', '&#34;')]
    }),
    named.replaceAll('"', '&quot;'),
    ...[decimal, hexadecimal, upper].flatMap((write) => [
      numbered(special, write),
      numbered(/[\s\S]/gu, write),
      named
        .replaceAll('"', '&quot;')
        .replaceAll("'", '&#39;')
        .replace(/[\u0080-\u{10ffff}]/gu, (char) => write(char.codePointAt(0) ?? 0)),
    ]),
  ]
}

/** Every six bytes as a dump prints them, in order and as words of two that begin with the second: a line
 * of a dump holds some of them, wherever the value begins. Fewer would be found in a digest by chance: four
 * bytes of a few long keys are, in one of some thousand. */
function windows(secret: string): readonly string[] {
  const digits = Buffer.from(secret).toString('hex')
  const found: string[] = []
  if (digits.length > 2 * longest) return found
  for (let at = 0; at + 12 <= digits.length; at += 2) {
    const bytes = digits.slice(at, at + 12).match(/../g) ?? []
    const swapped = [1, 0, 3, 2, 5, 4].map((index) => bytes[index])
    // The last one as in `0x61, 0x62`.
    found.push(bytes.join(''), swapped.join(''), bytes.map((byte) => `0${byte}`).join(''))
  }
  return found
}

const longest = 512

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
