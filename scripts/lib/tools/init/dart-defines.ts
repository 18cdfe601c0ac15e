// The names that Dart code takes at build time: `fromEnvironment(` and `hasEnvironment(` calls, whose name
// and default may be constants that stand elsewhere.

import type {Files} from './findings.ts'

export interface DefineRead {
  readonly name: string
  readonly hasDefault: boolean
  /** What the code takes where nothing is given; null where it is no literal. */
  readonly fallback: string | null
}

export interface DartReads {
  readonly reads: readonly DefineRead[]
  /** `path:line` of calls whose name could not be told. */
  readonly unnamed: readonly string[]
  /** Every text and every enum's value that the code holds: what a define may be compared with. */
  readonly words: ReadonlySet<string>
}

const text = String.raw`r?'''[\s\S]*?'''|r?"""[\s\S]*?"""|r'[^'\n]*'|r"[^"\n]*"|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"`
const comment = String.raw`\/\/[^\n]*|\/\*[\s\S]*?\*\/`
const commentOrText = new RegExp(`(${text})|${comment}`, 'g')
const path = String.raw`[A-Za-z_$][\w$]*(?:\s*\.\s*[A-Za-z_$][\w$]*)*`
const call = new RegExp(
  String.raw`(?:\b(String|bool|int)\s*|(?<![\w$)\]]\s*))\.\s*(from|has)Environment\s*\(\s*(${text}|${path})?\s*(?:,\s*defaultValue\s*:\s*(${text}|-?[\w.$]+)?)?`,
  'g',
)
const constant = new RegExp(
  String.raw`\bconst\s+(?:String\s+)?([A-Za-z_$][\w$]*)\s*=\s*(${text})`,
  'g',
)
const enumeration = /\benum\s+\w+[^{]*\{([^};]*)/g

/** Of all Dart code that goes into an application: whatever lies in a `lib/`, packages too. */
export async function dartReads(files: Files): Promise<DartReads> {
  const sources: {path: string; code: string}[] = []
  for (const each of files.paths) {
    if (!/(^|\/)lib\/.*\.dart$/.test(each) || /(^|\/)(build|test|\.dart_tool)\//.test(each))
      continue
    const code = ((await files.text(each)) ?? '').replace(commentOrText, (all, literal?: string) =>
      literal === undefined ? all.replace(/[^\n]/g, ' ') : all,
    )
    sources.push({path: each, code})
  }
  const own = new Map(sources.map((source) => [source.path, constantsIn(source.code)]))
  const everywhere = new Map<string, Set<string>>()
  for (const constants of own.values())
    for (const [name, value] of constants)
      everywhere.set(name, (everywhere.get(name) ?? new Set()).add(value))
  /** What an argument says: a text, or the constant of that name in the file, else the only one anywhere. */
  const said = (argument: string | undefined, file: string): string | null => {
    if (argument === undefined) return null
    const constants = own.get(file)
    const known = (word: string): string | null => {
      const [only, ...others] = everywhere.get(word) ?? []
      return constants?.get(word) ?? (others.length === 0 ? (only ?? null) : null)
    }
    if (!isText(argument)) return known(argument.replace(/^.*\.\s*/, ''))
    const inside = literal(argument)
    if (argument.startsWith('r')) return inside
    let open = false
    const filled = inside.replace(
      /\$(?:\{\s*([\w$.]+)\s*\}|(\w+))/g,
      (_, long = '', short = '') => {
        const value = known(String(long || short).replace(/^.*\./, ''))
        open ||= value === null
        return value ?? ''
      },
    )
    return open || /\$\{/.test(filled) ? null : filled
  }
  const reads = new Map<string, DefineRead>()
  const unnamed: string[] = []
  const words = new Set<string>()
  for (const {path: file, code} of sources) {
    for (const match of code.matchAll(call)) {
      const [, type, kind, argument, own] = match
      // `Config.fromEnvironment()` of the application's own, and a call that is put together.
      if (argument === undefined) continue
      const name = said(argument, file)
      if (name === null || !/^\w+$/.test(name)) {
        unnamed.push(`${file}:${code.slice(0, match.index).split('\n').length}`)
        continue
      }
      // Dart's own: a switch that nobody names is off, a number 0; a text that is empty serves nobody.
      const usual = kind === 'has' ? null : type === 'bool' ? 'false' : type === 'int' ? '0' : null
      const hasDefault = kind === 'has' || usual !== null || /defaultValue\s*:/.test(match[0])
      const fallback =
        own === undefined ? usual : isText(own) ? said(own, file) : (said(own, file) ?? plain(own))
      const before = reads.get(name)
      reads.set(name, {
        name,
        hasDefault: hasDefault && (before?.hasDefault ?? true),
        fallback: fallback ?? before?.fallback ?? null,
      })
    }
    for (const [each] of code.matchAll(new RegExp(text, 'g'))) words.add(literal(each))
    for (const [, values = ''] of code.matchAll(enumeration))
      for (const [value] of values.matchAll(/\b[A-Za-z]\w*\b/g)) words.add(value)
  }
  return {reads: [...reads.values()], unnamed, words}
}

function constantsIn(code: string): ReadonlyMap<string, string> {
  return new Map(
    [...code.matchAll(constant)].map(([, name = '', value = '']) => [name, literal(value)]),
  )
}

const isText = (word: string) => /^r?['"]/.test(word)

const literal = (word: string) =>
  word.replace(/^r?('''|"""|'|")([\s\S]*)\1$/, '$2').replace(/\\(.)/g, '$1')

/** A number, true or false; null for what has to be computed. */
const plain = (word: string) => (/^(?:-?\d[\d._]*|true|false)$/.test(word) ? word : null)
