// Whether a command that a runbook lists is one whose program and shape are known. What is not known
// may be anything: the runbook's author says what it is, in the line above it.

import type {Text} from '../../domain/text.ts'
import {inGitFolder, nameOf} from '../forbidden/words.ts'
import {type CommandShape, carriers, known, runners} from './known-programs.ts'
import {type Assigned, marks, type Simple} from './words.ts'

/** Why a command is not known, and the program that its author would have to declare. */
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
  if (!declared.has(program)) {
    const set = assignments.find((each) => leads(each, program))
    if (set) return unknownWord(program, `${set.name}=`)
    // What is written may be what runs next, and a program's output may come from anywhere.
    const written = redirections.find(
      ({operator, target}) => operator.includes('>') && !/^(\d|\/dev\/null)$/.test(target),
    )
    if (written) return unknownWord(program, `${written.operator} ${written.target}`)
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
  const odd = own[name]?.(read, next) ?? oddWord(read, rest, shape, where.far)
  return odd === undefined ? null : unknownWord(name, odd)
}

// What the step of a host over SSH runs there, and what only looks.
const farPrograms = new Set('mkdir mv ln test ls cat stat df du sha256sum readlink'.split(' '))

/** What else a program's words have to be, where it brings things from elsewhere or starts another. */
const own: Readonly<Record<string, (given: Given, where: Where) => string | undefined>> = {
  rsync: ({values, rest}, where) => {
    const shell = values.find(({option}) => option === 'e' || option === 'rsh')?.value
    const [program, ...given] = shell?.split(' ') ?? ['ssh']
    if (program !== 'ssh' || overSsh(given, where, true)) return `--rsh=${shell}`
    const target = rest.at(-1) ?? ''
    const there = target.includes(':') || target.startsWith('/') || marks.test(target.charAt(0))
    return there || inside(target) ? rest.slice(0, -1).find((word) => word.includes(':')) : target
  },
  aws: ({rest}) => {
    const [service, , ...more] = rest
    const target = more.at(-1) ?? ''
    return service !== 's3' || /^s3:\/\//.test(target) || marks.test(target.charAt(0))
      ? undefined
      : target
  },
  curl: ({values}) =>
    values.find(
      ({option, value}) =>
        /^(X|request)$/.test(option) && !/^(GET|HEAD|PURGE|BAN|POST)$/.test(value),
    )?.value,
}

/** The first word that is not what the shape has there. */
function oddWord(
  {values, rest}: Given,
  all: readonly string[],
  {verbs, rest: wanted, alone = []}: CommandShape,
  far: boolean,
): string | undefined {
  const verb = verbs?.find((each) => each.split(' ').every((word, index) => rest[index] === word))
  if (verbs !== undefined && verb === undefined) return rest[0] ?? ''
  const words = verb === undefined ? rest : rest.slice(verb.split(' ').length)
  if (verb !== undefined && alone.includes(verb) && words.length > 0) return words[0]
  switch (wanted) {
    case 'any':
      return undefined
    case 'none':
      return words[0]
    case 'project':
      return all.find((word) => leadsOut(word) && !/^--(base\w*|base-href|public-\w+)=/i.test(word))
    case 'far':
      return far ? undefined : words.find((word) => !inside(word))
    case 'inside':
      return [...words, ...values.map(({value}) => value)].find(
        (word) => !inside(word) && !/^\w*$/.test(word),
      )
    case 'targets':
      return (
        words.find((word) => {
          const [name = '', value = ''] = word.split(/=(.*)/s)
          const plain = /^[\p{L}\p{N}_.:/@%+-]*$/u
          return !plain.test(name) || !plain.test(value) || leads({name, value}, 'make')
        }) ?? values.map(({value}) => value).find(leadsOut)
      )
    default:
      return never(wanted)
  }
}

const never = (wanted: never): string => wanted

/** `env A=1 COMMAND`, `timeout 5 COMMAND`, `npx COMMAND`. */
function carried(
  name: string,
  words: readonly string[],
  carrier: CommandShape & {readonly skip?: number},
  where: Where,
): Unknown | null {
  const read = options(words, carrier, true)
  if ('odd' in read) return unknownWord(name, read.odd)
  const folder = read.values.find(({option}) => option === 'C' || option === 'chdir')?.value
  if (folder !== undefined && !where.far && !inside(folder)) return unknownWord(name, folder)
  const inner = read.rest.slice(carrier.skip ?? 0)
  const at = name === 'env' ? inner.findIndex((word) => !/^\w+=/.test(word)) : 0
  const command = at < 0 ? [] : inner.slice(at)
  const [first] = command
  if (first === undefined) return unknownWord(name, name)
  const set = inner.slice(0, at).find((word) => {
    const [variable = '', value = ''] = word.split(/=(.*)/s)
    return leads({name: variable, value}, first)
  })
  if (set !== undefined) return unknownWord(name, set)
  if (name !== 'npx') return judge(command, where)
  // `npx vite@7 build` asks for a version of a program that is known; `npx owner/name` fetches a repository.
  const plain = first.replace(/(?<=.)@[\w.^~-]+$/, '')
  if (where.declared.has(plain)) return null
  if (plain.includes('/') && !plain.startsWith('./')) return unknownProgram(plain)
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
  const odd = read.values.find(
    ({option, value}) =>
      (option === 'o' && !plainSsh.test(value)) || (option === 'F' && !inside(value)),
  )
  if (odd) return unknownWord('ssh', `-${odd.option} ${odd.value}`)
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

/** Somewhere in the word begins a path that lies outside of the project. */
const leadsOut = (word: string) =>
  /(^|[=,]|:(?!\/\/))(~|\/|\.\.(\/|$))/.test(word) || /\/\.\.(\/|$)/.test(word)

/** Variables by which a program that is known is led to other code: by their name, or by a path or an
 * address in them. What a project's own file makes of its variables, the project knows. */
function leads({name, value}: Assigned, program: string): boolean {
  if (leading.some((pattern) => pattern.test(name))) return true
  const ownFile = program.includes('/') || runners.has(nameOf(program))
  return !ownFile && /[/\s]/.test(value)
}

const leading = [
  /^\.?(PATH|NODE_PATH|CLASSPATH|GOPATH|GOROOT|HOME|XDG_\w+|MAKE\w*|GOFLAGS|GOPROXY|CC|CXX|RUSTC)$/,
  /^(npm_config|yarn|java|jdk|ld|dyld|bash|git|ssh|docker|pip|pub)_/i,
  /^(python|perl5|ruby|less(open|close)|pgservice)/i,
  /(^|_|\.)(RSH|SHELL|SHELLFLAGS|EDITOR|PAGER|BROWSER|ASKPASS|WRAPPER|COMMAND|CMD|BIN|BINARY|RUNNER|LINKER|LAUNCHER|LOADER|PRELOAD|HOOKS|OPTIONS|OPTS?|\w*FLAGS)$/,
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
