// Tries whether a backup can be restored: into an empty database of this machine, which gets the roles, schemas
// and extensions of the source first, and then the backup. What comes out is compared with the rows of the source.

import {mkdtemp, readFile, rm, stat} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {Text} from '../../domain/text.ts'
import {askProgram} from '../../guard/ask-program.ts'
import type {ProgramAnswer} from '../../guard/process/run-program.ts'
import type {AdapterTools} from '../../kit/adapter-tools.ts'
import type {TableState} from '../../kit/ports/database.ts'
import type {ScratchDatabase} from '../../kit/ports/scratch-database.ts'
import {type Connection, libpqVariables} from './connection.ts'
import {copyIn} from './copy.ts'
import {
  type DatabaseSession,
  identifier,
  openDatabaseSession,
  openReader,
  type Reader,
} from './session.ts'
import {sqlStatements} from './sql-statements.ts'
import {readTables} from './tables.ts'

export type Trial =
  | {
      readonly result: 'restored'
      readonly tables: number
      /** Tables that changed in the source meanwhile. */
      readonly moved: readonly string[]
      /** Keys, triggers and the like that hang on other schemas, whose rows are no part of the backup. */
      readonly hanging: number
    }
  /** Not tried, or this machine lacks what the source has: nothing is known. */
  | {readonly result: 'unknown'; readonly why: Text}
  /** It cannot be restored, or not all of it came back. */
  | {readonly result: 'broken'; readonly why: Text}

export interface TrialInput {
  readonly tools: Pick<AdapterTools, 'world' | 'signal' | 'scratchDatabase'>
  readonly reader: Reader
  readonly connection: Connection
  readonly file: string
  readonly form: 'pg_dump' | 'copies'
  /** The rows of the source just before the backup was made; null where that was too much to read. */
  readonly before: Readonly<Record<string, TableState>> | null
}

interface Trying extends TrialInput {
  readonly before: Readonly<Record<string, TableState>>
}

/** What lies around `public` in the source, by name. */
interface Surroundings {
  readonly major: number
  readonly roles: readonly string[]
  readonly schemas: readonly string[]
  readonly extensions: readonly {readonly name: string; readonly schema: string}[]
}

// Larger ones would keep a release waiting.
const bytesMax = 1 << 28

/** What a backup will be compared with; null for a database that is too large to be tried. */
export function rowsToCompare(reader: Reader): Promise<TrialInput['before']> {
  return reader.look(async (session) => {
    const [row] = await session.rows<{bytes: string}>(
      `select coalesce(sum(pg_total_relation_size(oid)), 0)::text as bytes from pg_class
       where relnamespace = 'public'::regnamespace and relkind in ('r', 'm')`,
    )
    return Number(row?.bytes) > bytesMax ? null : readTables(session, {checksums: 'all'})
  })
}

/** Never throws for what a machine can lack. */
export async function tryRestore(input: TrialInput): Promise<Trial> {
  const open = input.tools.scratchDatabase
  if (open === undefined) return unknown(noServer)
  const {before} = input
  if (before === null || (await stat(input.file)).size > bytesMax) return unknown(tooLarge)
  const around = await input.reader.look(surroundingsOf)
  const scratch = await open(around.major)
  if (scratch === null) return unknown(noServer)
  try {
    return await restoreInto(scratch, around, {...input, before})
  } finally {
    await scratch.close()
  }
}

async function restoreInto(
  scratch: ScratchDatabase,
  around: Surroundings,
  input: Trying,
): Promise<Trial> {
  const target: Connection = {...scratch, ssl: false}
  const session = await openDatabaseSession({connection: target, name: 'scratch'})
  try {
    const lacking = await surround(session, around)
    if (input.form === 'pg_dump') await schemasOf(input, target)
    await session.client.query('drop schema public cascade')
    const errors =
      input.form === 'pg_dump'
        ? await byPgRestore(input, target)
        : await byStatements(session, input.file)
    if (errors === null) return unknown(tooLong)
    const hanging = errors.filter(({sql}) => hangsOn(around.schemas).test(sql))
    const own = errors.filter((error) => !hanging.includes(error))
    const [first] = own
    const verdict: Trial = first === undefined ? await compare(input, target) : broken(first.words)
    if (verdict.result === 'restored') return {...verdict, hanging: hanging.length}
    // What is missing here may be why; what failed first did not fail for want of another thing.
    if (lacking.length > 0) return unknown(lacks(lacking))
    const [before] = hanging
    return before === undefined || first === errors[0] ? verdict : unknown(before.words)
  } finally {
    await session.close()
  }
}

async function surroundingsOf({rows}: DatabaseSession): Promise<Surroundings> {
  const names = async (sql: string) => (await rows<{name: string}>(sql)).map(({name}) => name)
  const [server] = await rows<{version: string}>(
    `select current_setting('server_version_num') as version`,
  )
  return {
    major: Math.floor(Number(server?.version) / 10_000),
    roles: await names(`select rolname as name from pg_roles where rolname !~ '^pg_'`),
    schemas: await names(
      `select nspname as name from pg_namespace where nspname !~ '^pg_' and nspname not in ('public', 'information_schema')`,
    ),
    extensions: await rows<{name: string; schema: string}>(
      `select extname as name, nspname as schema from pg_extension e join pg_namespace n on n.oid = e.extnamespace where extname <> 'plpgsql'`,
    ),
  }
}

/** Makes what the backup rests on; the extensions that this machine does not have. */
async function surround({client}: DatabaseSession, around: Surroundings): Promise<string[]> {
  const quietly = (sql: string) =>
    client.query(sql).then(
      () => true,
      () => false,
    )
  // Owners check the keys of what they own, whatever row security says.
  for (const role of around.roles) await quietly(`create role ${identifier(role)} bypassrls`)
  for (const schema of around.schemas) await quietly(`create schema ${identifier(schema)}`)
  const lacking: string[] = []
  for (const {name, schema} of around.extensions) {
    // One of `public` is in the backup itself; here only whether this machine has it is asked.
    const {rowCount} = await client.query('select from pg_available_extensions where name = $1', [
      name,
    ])
    const made =
      (rowCount ?? 0) > 0 &&
      (schema === 'public' ||
        (await quietly(
          `create extension if not exists ${identifier(name)} with schema ${identifier(schema)} cascade`,
        )))
    if (!made) lacking.push(name)
  }
  return lacking
}

/** Tables, types and functions of the other schemas, as far as the role may see them. */
async function schemasOf({tools, connection}: TrialInput, target: Connection): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'postgate-around-'))
  try {
    const file = join(folder, 'around.dump')
    const words = ['--format=custom', '--schema-only', '--exclude-schema=public', '--no-password']
    await askProgram(tools, {
      program: 'pg_dump',
      args: [...words, `--file=${file}`],
      variables: libpqVariables(connection),
    })
    await pgRestore(tools, target, [file])
  } finally {
    await rm(folder, {recursive: true, force: true})
  }
}

const pgRestore = (
  tools: TrialInput['tools'],
  target: Connection,
  args: readonly string[],
): Promise<ProgramAnswer> =>
  askProgram(tools, {
    program: 'pg_restore',
    args: [`--dbname=${target.database}`, '--no-password', ...args],
    variables: libpqVariables(target),
  })

interface RestoreError {
  readonly words: string
  readonly sql: string
}

/** null where it did not end. */
async function byPgRestore(
  {tools, file}: TrialInput,
  target: Connection,
): Promise<readonly RestoreError[] | null> {
  const {exit, stderr} = await pgRestore(tools, target, [file])
  if (exit === null) return null
  const blocks = stderr.split(/^pg_restore: error: /m).slice(1)
  return blocks.map((block) => {
    const [words = '', ...rest] = block.split('\n')
    return {words: words.replace(/^could not execute query: /, ''), sql: rest.join('\n')}
  })
}

async function byStatements(
  session: DatabaseSession,
  file: string,
): Promise<readonly RestoreError[]> {
  const errors: RestoreError[] = []
  await session.client.query('create schema public')
  for (const {sql, line, rows} of sqlStatements(await readFile(file, 'utf8'), 'backup')) {
    try {
      await (rows === undefined ? session.client.query(sql) : copyIn(session, sql, rows))
    } catch (error) {
      const words = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
      errors.push({words: `${line}: ${words}`, sql})
    }
  }
  return errors
}

/** Finds a name of another schema in a statement. */
function hangsOn(schemas: readonly string[]): RegExp {
  const names = schemas.map((name) => name.replace(/[^\w]/g, '\\$&')).join('|')
  return names === '' ? /(?!)/ : new RegExp(`(?:\\b|")(?:${names})"?\\.`)
}

/** A table that changed in the source meanwhile proves nothing, and is told. */
async function compare({reader, before}: Trying, target: Connection): Promise<Trial> {
  const restored = await openReader({connection: target, name: 'scratch'})
  try {
    const there = await restored.look((session) => readTables(session, {checksums: 'all'}))
    const same = (one?: TableState, other?: TableState) =>
      one !== undefined && one.sha256 === other?.sha256 && one.rows === other.rows
    const unlike = Object.keys(before).filter((name) => !same(there[name], before[name]))
    if (unlike.length === 0)
      return {result: 'restored', tables: Object.keys(there).length, moved: [], hanging: 0}
    const now = await reader.look((session) =>
      readTables(session, {checksums: unlike, only: unlike}),
    )
    const lost = unlike.filter((name) => same(now[name], before[name]))
    return lost.length === 0
      ? {result: 'restored', tables: Object.keys(there).length, moved: unlike, hanging: 0}
      : broken({
          fr: `lignes non retrouvées : ${lost.join(', ')}`,
          en: `rows did not come back: ${lost.join(', ')}`,
        })
  } finally {
    await restored.close()
  }
}

const unknown = (why: Text): Trial => ({result: 'unknown', why})
const broken = (why: Text): Trial => ({result: 'broken', why})

const noServer: Text = {
  fr: 'cette machine n’a pas de PostgreSQL de cette version',
  en: 'this machine has no PostgreSQL of that version',
}
const tooLarge: Text = {fr: 'plus de 256 Mo', en: 'more than 256 MB'}
const tooLong: Text = {fr: 'pas de fin en une minute', en: 'no end within a minute'}
const lacks = (names: readonly string[]): Text => ({
  fr: `cette machine n’a pas l’extension ${names.join(', ')}`,
  en: `this machine lacks the extension ${names.join(', ')}`,
})
