// What a person sees while a run goes on: aligned lines on a terminal, plain lines with UTC times
// elsewhere. Every line passes through the mask.

import type {JsonOutput, JsonOutputName} from '../domain/json-outputs.ts'
import {inLang, type Lang, spoken, type Text} from '../domain/text.ts'
import type {Evidence, ItemVerdict} from '../domain/verdict.ts'
import {columns, wrapped} from '../words/wrap.ts'

export interface Terminal {
  readonly lang: Lang
  readonly json: boolean
  readonly say: (text: Text) => void
  readonly heading: (text: Text) => void
  /** One judged item or step. */
  readonly outcome: (line: OutcomeLine) => void
  /** What is being looked at right now: on a live terminal only. */
  readonly doing: (title: string) => void
  /** Long work: what, and how far (0 to 1). */
  readonly progress: (text: Text, fraction?: number) => void
  readonly warn: (text: Text) => void
  /** Keeps lines back while a person is asked; the function that it returns prints them and ends that. */
  readonly hold: () => () => void
  /** Prints what `--json` publishes under that name; nothing without it. */
  readonly result: <N extends JsonOutputName>(name: N, value: JsonOutput<N>) => void
}

export interface OutcomeLine {
  readonly verdict: ItemVerdict | 'waiting'
  readonly title: string
  readonly observed: Text
  readonly next?: Text | undefined
  /** Where it can be looked at: shown for what did not pass. */
  readonly evidence?: readonly Evidence[]
}

export interface TerminalOptions {
  readonly lang: Lang
  readonly json: boolean
  readonly mask: (text: string) => string
  /** Commands in what is said, as they can be pasted. */
  readonly complete?: (text: string) => string
  /** Moments in what is said, with the local time beside UTC. */
  readonly local?: (text: string) => string
  readonly now: () => Date
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly stream?: Screen
}

/** What is asked of standard output. */
interface Screen {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly write: (text: string) => unknown
}

const marks = {pass: '✓', fail: '✗', unknown: '?', 'not-applicable': '–', waiting: '…'} as const
const colours = {pass: 32, fail: 31, unknown: 33, 'not-applicable': 90, waiting: 36} as const
const spelled = {
  fr: {
    pass: 'OK',
    fail: 'ÉCHEC',
    unknown: 'INCONNU',
    'not-applicable': 'SANS OBJET',
    waiting: 'ATTENDU',
  },
  en: {pass: 'OK', fail: 'FAILED', unknown: 'UNKNOWN', 'not-applicable': 'N/A', waiting: 'AWAITED'},
} as const

/** The column of the verdicts: as wide as a language's longest, and never narrower than this. */
const verdictColumn = 8
const verdictWidth = (lang: Lang) =>
  Math.max(verdictColumn, ...Object.values(spelled[lang]).map((word) => word.length))

/** With `--json` the lines go to standard error, so that standard output holds one document. */
export function createTerminal({
  lang,
  json,
  mask,
  complete = (text) => text,
  local = (text) => text,
  now,
  environment,
  stream,
}: TerminalOptions): Terminal {
  const out: Screen = stream ?? (json ? process.stderr : process.stdout)
  const dumb = environment.TERM === 'dumb'
  const live = out.isTTY === true && !dumb && environment.CI === undefined
  const words = (text: Text) => local(complete(inLang(text, lang)))
  const coloured = live && (environment.NO_COLOR ?? '') === ''
  const paint = (code: number, text: string) =>
    coloured ? `\u001B[${code}m${text}\u001B[0m` : text
  let pending = ''
  let held: string[] | null = null
  const clear = () => {
    if (pending !== '') out.write('\r\u001B[2K')
    pending = ''
  }
  const write = (line: string) => {
    const whole = `${mask(live ? line : stamped(line, now()))}\n`
    if (held !== null) return void held.push(whole)
    clear()
    out.write(whole)
  }
  const width = () => Math.max(40, out.columns ?? 100)
  // Without a terminal nobody knows how wide lines may be: they stay whole.
  const folded = (text: string, indent = 0) => (live ? wrapped(text, width() - 1, indent) : text)
  let lastProgress = ''
  return {
    lang,
    json,
    say: (text) => write(folded(words(text), 2)),
    heading: (text) => write(live ? `\n${paint(1, folded(words(text)))}` : `== ${words(text)}`),
    warn: (text) => write(paint(33, folded(`! ${words(text)}`, 2))),
    outcome: ({verdict, title, observed, next, evidence = []}) => {
      const said = words(observed).replace(/\s*\n\s*/g, ' ')
      const calm = verdict === 'pass' || verdict === 'not-applicable'
      if (!live) write(`  ${spelled[lang][verdict].padEnd(verdictWidth(lang))} ${title} : ${said}`)
      else {
        const wide = width() >= 90
        const room = width() - (wide ? 15 : 6)
        const at = wide ? `${paint(90, now().toISOString().slice(11, 19))} ` : ''
        const mark = `  ${at}${paint(colours[verdict], marks[verdict])} `
        if (calm || fitsWhole(title, said, room)) write(`${mark}${fit(title, said, room)}`)
        else {
          // What has to be acted on is never cut.
          write(`${mark}${wrapped(title, room, 4)}`)
          write(folded(`      ${said}`))
        }
      }
      if (calm) return
      if (next !== undefined) write(folded(`      → ${words(next)}`, 2))
      for (const {label, link} of evidence)
        if (link !== undefined) write(`      ${inLang(label, lang)}: ${link}`)
    },
    doing: (title) => {
      if (!live || held !== null) return
      clear()
      pending = mask(`  … ${title}`).slice(0, width() - 1)
      out.write(pending)
    },
    progress: (text, fraction) => {
      const part =
        fraction === undefined
          ? ''
          : ` ${bar(fraction)} ${String(Math.floor(fraction * 100)).padStart(3)} %`
      const line = `  … ${inLang(text, lang)}${part}`
      if (live) {
        if (held !== null) return
        clear()
        pending = mask(line).slice(0, width() - 1)
        out.write(pending)
      } else if (fraction === undefined && line !== lastProgress) write(line)
      lastProgress = line
    },
    hold: () => {
      clear()
      held = []
      return () => {
        const kept = held ?? []
        held = null
        for (const line of kept) out.write(line)
      }
    },
    result: (_name, value) => {
      clear()
      if (!json) return
      const said = JSON.stringify(
        spoken(value, lang),
        (_key, each: unknown) => (typeof each === 'string' ? complete(each) : each),
        2,
      )
      process.stdout.write(`${mask(said)}\n`)
    },
  }
}

function stamped(line: string, now: Date): string {
  return `${now.toISOString().slice(0, 19).replace('T', ' ')} ${line}`
}

/** Below this two columns would both be cut: a whole name says more than two halves. */
const narrow = 50

const titleColumn = (width: number) => Math.min(34, Math.floor(width / 2))

const fitsWhole = (title: string, observed: string, width: number): boolean =>
  width < narrow
    ? columns(`${title} · ${observed}`) <= width
    : columns(title) <= titleColumn(width) && columns(observed) < width - titleColumn(width)

function fit(title: string, observed: string, width: number): string {
  if (width < narrow) return cut(`${title} · ${observed}`, width)
  const column = titleColumn(width)
  const left = cut(title, column)
  return `${left}${' '.repeat(column - columns(left))} ${cut(observed, width - column - 1)}`
}

const cut = (text: string, width: number): string =>
  columns(text) > width ? `${[...text].slice(0, Math.max(0, width - 1)).join('')}…` : text

function bar(fraction: number): string {
  const full = Math.round(Math.min(1, Math.max(0, fraction)) * 20)
  return `${'█'.repeat(full)}${'░'.repeat(20 - full)}`
}
