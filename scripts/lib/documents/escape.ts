// Values that come from outside, written so that Markdown shows them and does nothing with them: no list, heading,
// emphasis, table cell, entity, link or HTML can begin or end in a value. Each place has its own writer.

/** What stands where a value is empty. */
export const emptyValue = '—'

// Invisible: keeps `https://`, `www.` and `a@b` from becoming links, which no backslash does.
const wordJoiner = '\u2060'

const directionMarks = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to go.
const controls = /[\u0000-\u0008\u000E-\u001F\u007F-\u0084\u0086-\u009F\uFEFF\uFFF9-\uFFFB]/g
const loneSurrogates = /\p{Surrogate}/gu
const lineBreaks = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/g

/** A value on one line, without control characters and direction marks. */
export function oneLine(value: string): string {
  return clean(value).replace(lineBreaks, ' ').replace(/\s+/gu, ' ').trim()
}

/** Text for a paragraph, item, task, heading, table cell, link text or the text of an HTML element; always one line. */
export function escapeProse(value: string): string {
  const line = oneLine(value)
  if (line === '') return emptyValue
  return line
    .replace(/[\\`|<>&*_~[\]#!]/g, escapeCharacter)
    .replace(/^(?:[-+=:.)]|\d{1,9}[.)](?= |$))/, escapeStart)
    .replace(/:(?=\/\/)/g, `:${wordJoiner}`)
    .replace(/(www)(?=\.)/gi, `$1${wordJoiner}`)
    .replace(/@(?=[\w-])/g, `@${wordJoiner}`)
}

/** Like `escapeProse`, with `<br>` for each line break: for table cells only. */
export function escapeCell(value: string): string {
  const lines = clean(value).split(lineBreaks)
  const written = lines.filter((line) => oneLine(line) !== '').map(escapeProse)
  return written.length === 0 ? emptyValue : written.join('<br>')
}

/** An inline code span; a value with `|` becomes a `<code>` element, which is safe inside and outside tables. */
export function codeSpan(value: string): string {
  const line = oneLine(value)
  if (line === '') return emptyValue
  if (line.includes('|')) return `<code>${escapeProse(line)}</code>`
  const ticks = '`'.repeat(longestRun(line, '`') + 1)
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : ''
  return `${ticks}${pad}${line}${pad}${ticks}`
}

/** A whole fenced block, delimiters included, longer than any fence within the value. Stands at the start of a line. */
export function fence(value: string, language = ''): string {
  const text = clean(value).replace(lineBreaks, '\n').replace(/\n+$/, '')
  const ticks = '`'.repeat(Math.max(3, longestRun(text, '`') + 1))
  const info = language.replace(/[^\w+-]/g, '')
  return `${ticks}${info}\n${text === '' ? emptyValue : text}\n${ticks}`
}

/** A link's destination: http and https only; anything else is `#`. */
export function escapeUrl(value: string): string {
  const url = webAddress(value)
  return url === null ? '#' : encodeDestination(url)
}

/** `[label](url)` for http and https, else the label alone; without a label, the address itself. */
export function link(label: string, url: string): string {
  const words = oneLine(label) === '' ? url : label
  return webAddress(url) === null
    ? escapeProse(words)
    : `[${escapeProse(words)}](${escapeUrl(url)})`
}

/** The destination of a link inside the repository; one that could leave it for another host is `#`. */
export function escapePath(value: string): string {
  const path = oneLine(value)
  if (path === '' || /^[a-z][a-z0-9+.-]*:|^[/\\]{2}/i.test(path)) return '#'
  return encodeDestination(encodeURI(path).replace(/%25(?=[0-9a-f]{2})/gi, '%'))
}

/** Words within a Mermaid diagram: all that Mermaid could read as syntax becomes its own `#NN;` code. */
export function escapeMermaid(value: string): string {
  const line = oneLine(value)
  if (line === '') return emptyValue
  return line.replace(/[^\p{L}\p{N}\p{M} .,/+'’«»—–…-]|-(?=[->.])/gu, (character) => {
    return `#${character.codePointAt(0) ?? 0};`
  })
}

/** Text with what the reader does not see taken out: what two renderings of one value have in common. */
export function withoutWordJoiners(text: string): string {
  return oneLine(text).replace(/\u2060/g, '')
}

function clean(value: string): string {
  return value
    .replace(loneSurrogates, '\uFFFD')
    .replace(directionMarks, '')
    .replace(controls, '\uFFFD')
}

function escapeCharacter(character: string, offset: number, line: string): string {
  switch (character) {
    case '<':
      return '&lt;'
    case '>':
      return '&gt;'
    case '&':
      return '&amp;'
    // A backslash protects neither of these everywhere: code spans end at an escaped backtick, cells at an escaped bar.
    case '`':
      return '&#96;'
    case '|':
      return '&#124;'
    case '\\':
      return '&#92;'
    case '_':
      return isLetter(line.charAt(offset - 1)) && isLetter(line.charAt(offset + 1)) ? '_' : '\\_'
    case '!':
      // Before a bracket that the template writes, it would make an image.
      return offset === line.length - 1 ? '\\!' : '!'
    default:
      return `\\${character}`
  }
}

function escapeStart(start: string): string {
  return `${start.slice(0, -1)}\\${start.slice(-1)}`
}

function isLetter(character: string): boolean {
  return /[A-Za-z0-9]/.test(character)
}

function longestRun(text: string, character: string): number {
  let longest = 0
  let run = 0
  for (const at of text) {
    run = at === character ? run + 1 : 0
    if (run > longest) longest = run
  }
  return longest
}

function webAddress(value: string): string | null {
  if (!URL.canParse(oneLine(value))) return null
  const url = new URL(oneLine(value))
  return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : null
}

function encodeDestination(url: string): string {
  return url.replace(/[\s()<>[\]\\`|*_~"'!&]/g, (character) => {
    if (character === '&') return '&amp;'
    if (character === '_') return '\\_'
    if (character === '~') return '\\~'
    return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
  })
}

/**
 * Rendered Markdown for a place that shows plain text, such as a chat: without the backslashes that keep
 * values from being read as Markdown, and with addresses that can be followed. Entities stay, and so does
 * what keeps `@name` from calling people: chats read those themselves.
 */
export function chatText(markdown: string): string {
  return markdown
    .replace(/\\([\\`*_~[\]#!+=:.)(-])/g, '$1')
    .replaceAll('&#96;', '`')
    .replace(/:\u2060(?=\/\/)/g, ':')
}
