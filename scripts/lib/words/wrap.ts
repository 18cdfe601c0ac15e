// Lines that fit a terminal: broken between words, what follows standing under what it belongs to.

import {commandsWhole} from './commands.ts'

/** The text in lines of at most `width` columns, those after the first indented by `indent` spaces. */
export const wrapped = (text: string, width: number, indent = 0): string =>
  commandsWhole(text, (whole) => wrappedWords(whole, width, indent))

function wrappedWords(text: string, width: number, indent: number): string {
  const room = Math.max(20, width)
  const gap = ' '.repeat(indent)
  return text
    .split('\n')
    .flatMap((paragraph) => {
      const [lead = ''] = /^\s*/.exec(paragraph) ?? []
      const lines: string[] = []
      let line = lead
      for (const word of paragraph.trim().split(/ +/)) {
        const next = line.trim() === '' ? `${line}${word}` : `${line} ${word}`
        if (columns(next) <= room || line.trim() === '') line = next
        else {
          lines.push(line)
          line = `${lead}${gap}${word}`
        }
      }
      return [...lines, line]
    })
    .join('\n')
}

/** Columns on a terminal: a combining mark takes none. */
export const columns = (text: string): number => [...text.replace(/\p{M}/gu, '')].length
