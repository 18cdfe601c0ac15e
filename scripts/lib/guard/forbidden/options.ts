// Reads a command line the way git and most tools do: clusters of short options, long ones that may
// be abbreviated, values apart or attached, `--` before the rest.

/** A word, or null where only the shell could know it. */
export type Arg = string | null

export interface Grammar {
  /** Short options that take a value. */
  readonly short?: string
  /** Long options that take a value in the next word. */
  readonly long?: readonly string[]
  /** Options end at the first positional word (wrappers such as `env`). */
  readonly stopAtFirst?: boolean
}

export interface Scanned {
  readonly shorts: ReadonlySet<string>
  /** As written, without `--` and without a value. */
  readonly longs: readonly string[]
  readonly values: readonly {readonly option: string; readonly value: Arg}[]
  readonly positionals: readonly Arg[]
  /** A word that only the shell knows could have been anything. */
  readonly unknown: boolean
}

export function scan(args: readonly Arg[], grammar: Grammar = {}): Scanned {
  const shorts = new Set<string>()
  const longs: string[] = []
  const values: {option: string; value: Arg}[] = []
  const positionals: Arg[] = []
  let unknown = false
  for (let index = 0; index < args.length; index++) {
    const word = args[index] ?? null
    if (word === null) {
      unknown = true
      positionals.push(null)
      if (grammar.stopAtFirst) return done(index)
    } else if (word === '--') {
      return done(index + 1)
    } else if (word.startsWith('--')) {
      const equals = word.indexOf('=')
      const name = word.slice(2, equals < 0 ? undefined : equals)
      longs.push(name)
      if (equals >= 0) values.push({option: name, value: word.slice(equals + 1)})
      else if (takesValue(name, grammar.long)) {
        values.push({option: name, value: args[++index] ?? null})
      }
    } else if (/^-./.test(word)) {
      for (let at = 1; at < word.length; at++) {
        const option = word.charAt(at)
        shorts.add(option)
        if (!grammar.short?.includes(option)) continue
        const attached = word.slice(at + 1)
        values.push({option, value: attached === '' ? (args[++index] ?? null) : attached})
        break
      }
    } else if (grammar.stopAtFirst) {
      return done(index)
    } else {
      positionals.push(word)
    }
  }
  return done(args.length)

  function done(from: number): Scanned {
    const rest = args.slice(from)
    const all = grammar.stopAtFirst && positionals.length > 0 ? rest : [...positionals, ...rest]
    return {shorts, longs, values, positionals: all, unknown: unknown || rest.includes(null)}
  }
}

/** In full, or as the beginning that getopt completes. */
const takesValue = (name: string, long: readonly string[] = []) =>
  long.includes(name) || (name.length > 1 && long.some((option) => option.startsWith(name)))

/** Whether one of the options was given, in full or as a beginning that git would complete. */
export function has(scanned: Scanned, short: string, ...long: readonly string[]): boolean {
  return (
    [...short].some((option) => scanned.shorts.has(option)) ||
    scanned.longs.some((given) => given !== '' && long.some((option) => option.startsWith(given)))
  )
}
