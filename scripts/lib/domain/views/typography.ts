// French typography for a rendered document: a narrow no-break space before ; : ! ? % » and after «, so
// that no line begins with a lone sign. Code, comments and diagrams are left as they are.

const narrow = '\u202f'

/** The Markdown with its spaces put right; nothing but plain spaces beside those signs changes. */
export function frenchSpaces(markdown: string): string {
  let fence: string | null = null
  return markdown
    .split('\n')
    .map((line) => {
      const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1]
      if (fence !== null) {
        if (mark?.startsWith(fence)) fence = null
        return line
      }
      if (mark !== undefined) {
        fence = mark
        return line
      }
      return /^\|[\s:|-]+\|$/.test(line) ? line : prose(line)
    })
    .join('\n')
}

/** Outside code spans and comments. */
const prose = (line: string) =>
  line
    .split(/(`+[^`]+`+|<!--.*?-->)/)
    .map((part, index) => (index % 2 === 1 ? part : spaced(part, index === 0)))
    .join('')

/** At the start of a line a space is Markdown's, and stays. */
const spaced = (text: string, startsLine: boolean) =>
  text.replace(startsLine ? afterWord : anywhere, narrow).replace(/«\u0020(?=\S)/gu, `«${narrow}`)

const anywhere = /\u0020(?=[;:!?%»](?:[\s*),.]|$))/gu
const afterWord = /(?<=\S)\u0020(?=[;:!?%»](?:[\s*),.]|$))/gu
