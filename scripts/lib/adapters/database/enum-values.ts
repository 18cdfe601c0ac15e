// Values that a later migration adds to an enum. PostgreSQL lets nobody use such a value in the transaction
// that added it (55P04), and a reset is one transaction: so the type is made with all its values at once,
// in their order, and what adds them finds them there.

import type {SqlFile} from './migrations.ts'
import type {SqlStatement} from './sql-statements.ts'

interface Value {
  /** As the type was, or will be, made with it. */
  readonly born: string
  /** After the renames so far. */
  name: string
}

interface EnumType {
  readonly made: {readonly statement: SqlStatement} & Part
  readonly values: Value[]
  grown: boolean
}

interface Edit {
  readonly statement: SqlStatement
  readonly at: number
  readonly length: number
  readonly text: string
}

/** The same files; statements that make an enum, or add to one, get the text that a reset runs. */
export function withLaterValues<File extends Pick<SqlFile, 'statements'>>(
  files: readonly File[],
): readonly File[] {
  const edits = editsOf(files.flatMap(({statements}) => statements))
  if (edits.size === 0) return files
  return files.map((file) => ({
    ...file,
    statements: file.statements.map((statement) => {
      const own = edits.get(statement)
      return own === undefined ? statement : {...statement, run: edited(statement.sql, own)}
    }),
  }))
}

function editsOf(statements: readonly SqlStatement[]): Map<SqlStatement, Edit[]> {
  const types = new Map<string, EnumType>()
  const all: EnumType[] = []
  const additions: Edit[] = []
  for (const statement of statements) {
    for (const command of commandsIn(statement.sql)) {
      const type = types.get(command.type)
      switch (command.kind) {
        case 'create':
          // Made again only where it is not there: the first one counts.
          if (type === undefined) {
            const values = command.values.map((name) => ({born: name, name}))
            const {at, length} = command
            const made = {made: {statement, at, length}, values, grown: false}
            types.set(command.type, made)
            all.push(made)
          }
          break
        case 'add':
          if (type !== undefined && grow(type, command)) {
            const {at, length} = command
            additions.push({statement, at, length, text: 'add value if not exists'})
          }
          break
        case 'rename-value':
          for (const value of type?.values ?? [])
            if (value.name === command.from) value.name = command.to
          break
        case 'move':
          types.delete(command.type)
          if (type !== undefined) types.set(command.to, type)
          break
        case 'drop':
          types.delete(command.type)
          break
        default:
          command satisfies never
      }
    }
  }
  const edits = new Map<SqlStatement, Edit[]>()
  const keep = (edit: Edit) =>
    edits.set(edit.statement, [...(edits.get(edit.statement) ?? []), edit])
  for (const {made, values, grown} of all) {
    const text = values.map(({born}) => quoted(born)).join(', ')
    if (grown) keep({...made, text})
  }
  for (const edit of additions) keep(edit)
  return edits
}

/** Whether the value could take its place: not where the type was born with a value of that name. */
function grow(type: EnumType, {value, place}: Extract<Command, {kind: 'add'}>): boolean {
  if (type.values.some(({name, born}) => name === value || born === value)) return false
  const near = place === null ? -1 : type.values.findIndex(({name}) => name === place.value)
  if (place !== null && near < 0) return false
  const at = place === null ? type.values.length : place.before ? near : near + 1
  type.values.splice(at, 0, {born: value, name: value})
  type.grown = true
  return true
}

/** Where the part stands that a reset writes otherwise: the values of a type, the words `ADD VALUE`. */
interface Part {
  readonly at: number
  readonly length: number
}

type Command =
  | ({kind: 'create'; type: string; values: readonly string[]} & Part)
  | ({
      kind: 'add'
      type: string
      value: string
      place: {before: boolean; value: string} | null
    } & Part)
  | {kind: 'rename-value'; type: string; from: string; to: string}
  | {kind: 'move'; type: string; to: string}
  | {kind: 'drop'; type: string}

const word = String.raw`(?:"(?:[^"]|"")+"|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)`
const type = String.raw`(?<type>${word}(?:\s*\.\s*${word})?)`
const text = `'(?:[^']|'')*'`
const gap = String.raw`(?:\s|--[^\n]*\n)*`
const list = `(?:${gap}${text}${gap}(?:,${gap}${text}${gap})*|${gap})`

const patterns = {
  create: String.raw`create\s+type\s+${type}\s+as\s+enum\s*\((?<part>${list})\)`,
  add: String.raw`alter\s+type\s+${type}\s+(?<part>add\s+value(?:\s+if\s+not\s+exists)?)\s+(?<value>${text})(?:\s+(?<side>before|after)\s+(?<near>${text}))?`,
  'rename-value': String.raw`alter\s+type\s+${type}\s+rename\s+value\s+(?<value>${text})\s+to\s+(?<near>${text})`,
  rename: String.raw`alter\s+type\s+${type}\s+rename\s+to\s+(?<to>${word})`,
  schema: String.raw`alter\s+type\s+${type}\s+set\s+schema\s+(?<to>${word})`,
  drop: String.raw`drop\s+type\s+(?:if\s+exists\s+)?${type}`,
} as const
const kinds = ['create', 'add', 'rename-value', 'rename', 'schema', 'drop'] as const

/** What a statement, or a block that is run at once, does to types; the body of a function is no such block. */
function commandsIn(sql: string): Command[] {
  if (!/^(?:create\s+type|alter\s+type|drop\s+type|do)\b/i.test(sql)) return []
  const found = kinds.flatMap((kind) =>
    [...sql.matchAll(new RegExp(String.raw`\b${patterns[kind]}`, 'gid'))].map((match) => ({
      ...{kind, index: match.index, groups: match.groups ?? {}},
      at: match.indices?.groups?.part?.[0] ?? 0,
    })),
  )
  return found
    .sort((one, other) => one.index - other.index)
    .map(({kind, groups, at}) => commandOf(kind, groups, at))
}

function commandOf(
  kind: (typeof kinds)[number],
  groups: Readonly<Record<string, string | undefined>>,
  at: number,
): Command {
  const {type: written = '', part = '', value = '', side = '', near, to = ''} = groups
  const key = keyOf(written)
  const [schema, own] = partsOf(written)
  switch (kind) {
    case 'create':
      return {kind, type: key, values: valuesIn(part), at, length: part.length}
    case 'add':
      return {
        ...{kind, type: key, value: plain(value), at, length: part.length},
        place: near === undefined ? null : {before: /before/i.test(side), value: plain(near)},
      }
    case 'rename-value':
      return {kind, type: key, from: plain(value), to: plain(near ?? '')}
    case 'rename':
      return {kind: 'move', type: key, to: `${schema}.${identifierOf(to)}`}
    case 'schema':
      return {kind: 'move', type: key, to: `${identifierOf(to)}.${own}`}
    case 'drop':
      return {kind, type: key}
    default:
      return kind satisfies never
  }
}

/** The value of a quoted text. */
const plain = (written: string) => written.slice(1, -1).replaceAll("''", "'")
const quoted = (value: string) => `'${value.replaceAll("'", "''")}'`
const valuesIn = (part: string) =>
  [...part.replace(/--[^\n]*\n/g, '\n').matchAll(new RegExp(text, 'g'))].map(([each]) =>
    plain(each),
  )

/** Schema and name; a name without a schema is one of `public`. */
function partsOf(written: string): [string, string] {
  const found = [...written.matchAll(new RegExp(word, 'g'))].map(([each]) => identifierOf(each))
  const [first = '', second] = found
  return second === undefined ? ['public', first] : [first, second]
}

const keyOf = (written: string) => partsOf(written).join('.')

const identifierOf = (written: string) =>
  written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written.toLowerCase()

/** From the end, so that places before it stay where they are. */
const edited = (sql: string, edits: readonly Edit[]) =>
  [...edits]
    .sort((one, other) => other.at - one.at)
    .reduce((done, {at, length, text}) => done.slice(0, at) + text + done.slice(at + length), sql)
