// Sentences in both languages, put together from parts.

import {Problem} from '../domain/problem.ts'
import {inLang, type Lang, type Text} from '../domain/text.ts'

/** A template whose values may be `Text`: the same sentence in both languages, a colon and a semicolon spaced
 * as French does; English stands closer. */
export function words(pieces: TemplateStringsArray, ...values: (Text | number)[]): Text {
  const said = (lang: Lang) =>
    pieces
      .map((piece) => (lang === 'en' ? piece.replace(/ (?=[:;])/g, '') : piece))
      .reduce((sentence, piece, index) => {
        const value = values[index - 1]
        return `${sentence}${typeof value === 'number' ? value : inLang(value ?? '', lang)}${piece}`
      })
  return {fr: said('fr'), en: said('en')}
}

/** A process that holds a project; 0: it did not say, as one that is suspended cannot. */
export function processWords({pid, since, what = ''}: Holding): Text {
  if (pid === 0)
    return {
      fr: 'un processus qui ne répond pas : suspendu par Ctrl-Z (« fg » le reprend), ou très occupé',
      en: 'a process that does not answer: suspended by Ctrl-Z (“fg” resumes it), or very busy',
    }
  const holder = what === '' ? pid : `${pid} (${what})`
  return {fr: `processus ${holder}, depuis ${since}`, en: `process ${holder}, since ${since}`}
}

interface Holding {
  readonly pid: number
  readonly since: string
  /** The command that it is. */
  readonly what?: string
}

/** The first `most` of these, separated by commas, and how many more there are. */
export function shortList(texts: readonly Text[], most: number): Text {
  const said = (lang: Lang) => {
    const first = texts.slice(0, most).map((text) => inLang(text, lang))
    const more = texts.length - first.length
    return `${first.join(', ')}${more === 0 ? '' : `, … (+${more})`}`
  }
  return {fr: said('fr'), en: said('en')}
}

/** `1 cycle vert`, `3 cycles verts`: the count with the word that fits it, in both languages. */
export function counted(
  count: number,
  fr: readonly [one: string, many: string],
  en: readonly [one: string, many: string],
): Text {
  const sentence = (lang: Lang, [one, many]: readonly [string, string]) =>
    // French counts none as one: "0 erreur".
    `${count} ${count === 1 || (lang === 'fr' && count === 0) ? one : many}`
  return {fr: sentence('fr', fr), en: sentence('en', en)}
}

export const tableCount = (count: number): Text =>
  counted(count, ['table', 'tables'], ['table', 'tables'])
export const rowCount = (count: number): Text =>
  counted(count, ['ligne', 'lignes'], ['row', 'rows'])
export const migrationCount = (count: number): Text =>
  counted(count, ['migration', 'migrations'], ['migration', 'migrations'])

/** `14 tables, 1 migration, 4 référentiels`. */
export function resetSize(
  made: Readonly<Record<'tables' | 'migrations' | 'references', number>>,
): Text {
  const references = counted(
    made.references,
    ['référentiel conservé', 'référentiels conservés'],
    ['reference table kept', 'reference tables kept'],
  )
  return words`${tableCount(made.tables)}, ${migrationCount(made.migrations)}, ${references}`
}

/** GitHub's words for how a run of the nightly ended. */
export const conclusionWords: Readonly<Record<string, Text>> = {
  success: {fr: 'réussie', en: 'success'},
  failure: {fr: 'en échec', en: 'failure'},
  cancelled: {fr: 'annulée', en: 'cancelled'},
  timed_out: {fr: 'trop longue', en: 'timed out'},
}

/** 0.195 to `19,50 %` / `19.50%`. */
export function percents(ratio: number, digits = 0): Text {
  const value = (ratio * 100).toFixed(digits)
  return {fr: `${value.replace('.', ',')} %`, en: `${value}%`}
}

/** `31.4 MB` / `31,4 Mo`. */
export function sizes(bytes: number): Text {
  const steps: readonly (readonly [number, string, string])[] = [
    [1e9, 'Go', 'GB'],
    [1e6, 'Mo', 'MB'],
    [1e3, 'ko', 'kB'],
    [1, 'octets', 'bytes'],
  ]
  const [unit, fr, en] = steps.find(([least]) => bytes >= least) ?? [1, 'octets', 'bytes']
  const value = (bytes / unit).toFixed(unit === 1 ? 0 : 1)
  return {fr: `${value.replace('.', ',')} ${fr}`, en: `${value} ${en}`}
}

/** What went wrong, for an observation: the message of an error, without its stack. */
export const cause = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof AggregateError && error.message === '') return cause(error.errors[0])
  return error.cause instanceof Error && error.message === 'fetch failed'
    ? cause(error.cause)
    : error.message
}

/** Why a question had no answer: a problem's own reason, else what was thrown. */
export const reasonOf = (error: unknown): Text =>
  error instanceof Problem ? (error.parts.why ?? error.parts.what) : cause(error)

/** Who found what nobody declared. */
export const byMachine: Text = {fr: 'automatique', en: 'by itself'}

/** A row of figures as one short word: `▁▂▅█`. A missing one stays a gap. */
export function sparkline(values: readonly (number | null)[]): string {
  const most = Math.max(1, ...values.map((value) => value ?? 0))
  return values
    .map((value) =>
      value === null ? ' ' : (bars[Math.min(7, Math.floor((value / most) * 7.99))] ?? ' '),
    )
    .join('')
}

const bars = '▁▂▃▄▅▆▇█'
