// Whether a command that a runbook lists is one whose program and shape are known. What is not known
// may be anything: the runbook's author says what it is, in the line above it.

import type {Text} from '../../domain/text.ts'
import {inGitFolder, nameOf} from '../forbidden/words.ts'
import {type CommandShape, carriers, known, runners} from './known-programs.ts'
import {marks, type Simple} from './words.ts'

/** What nobody knows of a command, and the program to declare. */
export interface Unknown {
  readonly program: string
  readonly why: Text
}

const depthMax = 4

/** The first thing in the command that is neither known nor declared; null where all of it is. */
export function unknownIn(
  {assignments, words, redirections}: Simple,
  declared: ReadonlySet<string>,
): Unknown | null {
  const [program = ''] = words
  const leading = assignments.find(({name}) => leads(name))
  const outside = redirections.find(
    ({operator, target}) =>
      operator.includes('>') && !/^(\d|&\d|\/dev\/null)$/.test(target) && !inside(target),
  )
  if (!declared.has(program)) {
    if (leading) return unknownWord(program, `${leading.name}=`)
    if (outside) return unknownWord(program, `${outside.operator} ${outside.target}`)
  }
  return judge(words, {declared, far: false, depth: 0})
}

interface Where {
  readonly declared: ReadonlySet<string>
  /** The command runs on another machine. */
  readonly far: boolean
  readonly depth: number
}

function judge(words: readonly string[], where: Where): Unknown | null {
  const [program = '', ...rest] = words
  const name = nameOf(program)
  if (where.declared.has(program) || where.declared.has(name)) return null
  const next = {...where, depth: where.depth + 1}
  if (where.depth > depthMax) return unknownWord(program, program)
  // A file of the project: it stands in the checkpoint and is reviewed with the code.
  if (program.includes('/')) {
    return inside(program) && !where.far ? null : unknownProgram(program)
  }
  if (name === 'ssh') return overSsh(rest, next)
  const carrier = carriers.get(name)
  if (carrier) return carried(name, rest, carrier, next)
  const runner = runners.get(name)
  if (runner && !where.far) return runs(name, rest, runner)
  const shape = known.get(name)
  if (!shape) return unknownProgram(program)
  if (where.far && !farPrograms.has(name)) return unknownWord(name, 'ssh')
  const read = options(rest, shape, false)
  if ('odd' in read) return unknownWord(name, read.odd)
  const odd = name === 'rsync' ? oddForRsync(read, next) : undefined
  if (odd !== undefined) return unknownWord(name, odd)
  return others(name, read.rest, shape, where)
}

// What the step of a host over SSH runs there, and what only looks.
const farPrograms = new Set('mkdir mv ln test ls cat stat df du sha256sum readlink'.split(' '))

/** A local folder that is the project or lies above it, or another program than ssh underneath. */
function oddForRsync({values, rest}: Given, where: Where): string | undefined {
  const shell = values.find(({option}) => option === 'e' || option === 'rsh')?.value
  const [program, ...given] = shell?.split(' ') ?? ['ssh']
  if (program !== 'ssh' || overSsh(given, where, true)) return `--rsh=${shell}`
  return rest.find((word) => !word.includes(':') && /^(\.?\/*|(.*\/)?\.\.(\/.*)?)$/.test(word))
}

function others(
  name: string,
  rest: readonly string[],
  {verbs, rest: wanted}: CommandShape,
  {far}: Where,
): Unknown | null {
  const verb = verbs?.find((each) => each.split(' ').every((word, index) => rest[index] === word))
  if (verbs !== undefined && verb === undefined) return unknownWord(name, rest[0] ?? name)
  const words = verb === undefined ? rest : rest.slice(verb.split(' ').length)
  const odd = words.find((word) => {
    if (wanted === 'none') return true
    if (wanted === 'inside' || (wanted === 'far' && !far)) return !inside(word)
    if (wanted === 'targets') return !/^[\p{L}\p{N}_.:/@%+-]+(=[\p{L}\p{N}_.:/@%+-]*)?$/u.test(word)
    return false
  })
  if (odd !== undefined) return unknownWord(name, odd)
  const set =
    wanted === 'targets' ? words.find((word) => leads(word.split('=')[0] ?? '')) : undefined
  return set === undefined ? null : unknownWord(name, set)
}

/** `env A=1 COMMAND`, `timeout 5 COMMAND`, `npx COMMAND`. */
function carried(
  name: string,
  words: readonly string[],
  carrier: CommandShape & {readonly skip?: number},
  where: Where,
): Unknown | null {
  const read = options(words, carrier, true)
  if ('odd' in read) return unknownWord(name, read.odd)
  const inner = read.rest.slice(carrier.skip ?? 0)
  const at = name === 'env' ? inner.findIndex((word) => !/^\w+=/.test(word)) : 0
  const leading = inner.slice(0, Math.max(at, 0)).find((word) => leads(word.split('=')[0] ?? ''))
  if (leading !== undefined) return unknownWord(name, leading)
  const command = at < 0 ? [] : inner.slice(at)
  const [first] = command
  if (first === undefined) return unknownWord(name, name)
  // `npx vite@7 build` asks for a version of a program that is known.
  const plain = name === 'npx' ? first.replace(/(?<=.)@[\w.^~-]+$/, '') : first
  return judge([plain, ...command.slice(1)], where)
}

/** An interpreter with a file of the project. */
function runs(name: string, words: readonly string[], runner: CommandShape): Unknown | null {
  const read = options(words, runner, true)
  if ('odd' in read) return unknownWord(name, read.odd)
  const [file] = read.rest
  return file !== undefined && inside(file) ? null : unknownWord(name, file ?? name)
}

const sshOptions: CommandShape = {
  flags: ['T', 'n', 'q', '4', '6', 'C'],
  values: ['F', 'p', 'l', 'i', 'o'],
  rest: 'any',
}
const plainSsh =
  /^(BatchMode|ConnectTimeout|ServerAliveInterval|ServerAliveCountMax|StrictHostKeyChecking|IdentitiesOnly|LogLevel)[= ]\w+(-\w+)?$/i

/** `ssh OPTIONS HOST COMMAND`; `bare`: the options alone, as rsync is given them. */
function overSsh(words: readonly string[], where: Where, bare = false): Unknown | null {
  const read = options(words, sshOptions, true)
  if ('odd' in read) return unknownWord('ssh', read.odd)
  const odd = read.values.find(({option, value}) => option === 'o' && !plainSsh.test(value))
  if (odd) return unknownWord('ssh', `-o ${odd.value}`)
  const [host, ...command] = read.rest
  if (bare) return host === undefined ? null : unknownWord('ssh', host)
  if (host === undefined || command.length === 0) return unknownWord('ssh', host ?? 'ssh')
  // The shell over there reads the words anew.
  const reread = command.find((word) => !/^[\p{L}\p{N}\p{Co}_.,:/@%+=-]+$/u.test(word))
  if (reread !== undefined) return unknownWord('ssh', reread)
  return judge(command, {...where, far: true})
}

interface Given {
  readonly values: readonly {readonly option: string; readonly value: string}[]
  readonly rest: readonly string[]
}

/** Parts options from the rest; `odd`: an option that the shape does not have. */
function options(
  words: readonly string[],
  {flags, values}: CommandShape,
  stopAtFirst: boolean,
): Given | {readonly odd: string} {
  const found: {option: string; value: string}[] = []
  const rest: string[] = []
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? ''
    if (word === '--') return {values: found, rest: [...rest, ...words.slice(index + 1)]}
    if (!/^-./.test(word)) {
      if (stopAtFirst) return {values: found, rest: words.slice(index)}
      rest.push(word)
      continue
    }
    const [, name = '', attached] = /^--?([^=]*)(?:=(.*))?$/s.exec(word) ?? []
    if (values.includes(name)) {
      found.push({option: name, value: attached ?? words[++index] ?? ''})
      continue
    }
    if (flags === 'any' || flags.includes(name)) continue
    if (word.startsWith('--')) return {odd: word}
    // `-rf`, `-n5`: letters, the last of which may hold a value.
    const letters = [...word.slice(1)]
    const at = letters.findIndex((letter) => !flags.includes(letter))
    const option = letters[at]
    if (option === undefined) continue
    if (!values.includes(option)) return {odd: word}
    const value = letters.slice(at + 1).join('')
    found.push({option, value: value === '' ? (words[++index] ?? '') : value})
  }
  return {values: found, rest}
}

/** A path below the project, and not the project itself, its history or what a person fills in. */
function inside(path: string): boolean {
  return (
    /^[^/~-]/.test(path) &&
    !path.includes(':/') &&
    !marks.test(path.charAt(0)) &&
    !path.split('/').includes('..') &&
    !/^(\.\/*)+$/.test(path) &&
    !inGitFolder.test(path)
  )
}

/** Variables by which a program that is known is led to another one. */
const leads = (name: string) => leading.some((pattern) => pattern.test(name))
const leading = [
  /^\.?(PATH|NODE_PATH|CLASSPATH|GOPATH|HOME|XDG_\w+|MAKE\w*|GOFLAGS|RUBY\w*|LESS\w*|PG(SYS)?SERVICE\w*)$/,
  /^(npm_config|yarn|python|perl|java|jdk|ld|dyld|bash|git|ssh|docker)_?/i,
  /(^|_|\.)(RSH|SHELL|SHELLFLAGS|EDITOR|PAGER|BROWSER|ASKPASS|WRAPPER|COMMAND|PRELOAD|HOOKS|OPTIONS|OPTS?|\w*FLAGS)$/,
]

const unknownProgram = (program: string): Unknown => ({
  program,
  why: {
    fr: `« ${program} » n’est pas un programme connu`,
    en: `"${program}" is not a program that is known`,
  },
})

const unknownWord = (program: string, word: string): Unknown => {
  const shown = word === program ? '' : ` (${word})`
  return {
    program,
    why: {
      fr: `« ${program} » est connu, mais pas sous cette forme${shown}`,
      en: `"${program}" is known, but not in this shape${shown}`,
    },
  }
}
