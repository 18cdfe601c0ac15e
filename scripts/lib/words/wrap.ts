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
      let line = ''
      // What aligns columns stays, as long as the line does.
      for (const word of paragraph.trimEnd().match(/\s*\S+/g) ?? []) {
        const next = `${line}${word}`
        if (columns(next) <= room || onlyMarks(line)) line = next
        else {
          lines.push(line)
          line = `${lead}${gap}${word.trimStart()}`
        }
      }
      return [...lines, line]
    })
    .join('\n')
}

/** A mark that opens a line (`-`, `→`) never stands alone on it. */
const onlyMarks = (line: string) => !/[\p{L}\p{N}]/u.test(line)

/** Lines in at most `room` columns: those that are too long are broken between words, under what they belong
 * to. */
export const fitted = (text: string, room: number): string =>
  text
    .split('\n')
    .map((line) =>
      columns(line) <= room ? line : wrapped(line, room, under(line, room) - leadOf(line)),
    )
    .join('\n')

/** A page whose lines were broken at a hundred columns: each paragraph of it is broken anew. */
export function fittedPage(text: string, room: number): string {
  const lines = text.split('\n')
  if (lines.every((line) => columns(line) <= room)) return text
  return fitted(joined(lines).join('\n'), room)
}

const leadOf = (line: string) => line.length - line.trimStart().length

/** The column in which what follows stands: that of the text behind a name, where there is room for it. */
function under(line: string, room: number): number {
  const [name] = /^\s*\S.*?\S {2,}(?=\S)/.exec(line) ?? []
  const behind = name === undefined ? 0 : columns(name)
  const longest = Math.max(0, ...line.slice(name?.length).split(' ').map(columns))
  if (behind > 0 && behind <= room / 2 && behind + longest <= room) return behind
  return leadOf(line) + 2
}

/** From this many columns on a line may have been broken for want of room. */
const brokenFrom = 80

function joined(lines: readonly string[]): string[] {
  const whole: string[] = []
  let last = ''
  for (const line of lines) {
    const before = whole.at(-1)
    const goesOn =
      before !== undefined &&
      columns(last) >= brokenFrom &&
      /^\s*[\p{L}\p{N}«“"(`]/u.test(line) &&
      !/\S {2,}\S/.test(line) &&
      [leadOf(last), under(last, 200)].includes(leadOf(line))
    if (goesOn) whole[whole.length - 1] = `${before} ${line.trim()}`
    else whole.push(line)
    last = line
  }
  return whole
}

/** Columns on a terminal: a combining mark takes none. */
export const columns = (text: string): number => [...text.replace(/\p{M}/gu, '')].length
