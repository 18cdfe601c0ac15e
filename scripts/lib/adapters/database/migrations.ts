// The SQL migrations of the checkpoint: read and cut into statements before anything is dropped, then
// run in the reset's transaction.

import {readdir, readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {problem} from '../../domain/problem.ts'
import {copyIn} from './copy.ts'
import type {DatabaseSession} from './session.ts'
import {stateOf} from './session.ts'
import {type SqlStatement, sqlStatements} from './sql-statements.ts'

export interface SqlFile {
  /** Relative to the folder of the checkpoint. */
  readonly path: string
  /** The digits before the first `_`, else the name without `.sql`. */
  readonly version: string
  readonly name: string
  readonly statements: readonly SqlStatement[]
}

/** Every `.sql` file of `folder`, in the order of their names. Throws a `Problem` (2). */
export async function readMigrations(root: string, folder: string): Promise<readonly SqlFile[]> {
  const entries = await readdir(join(root, folder)).catch(() => null)
  if (entries === null) throw unreadable(folder)
  const names = entries.filter((name) => name.endsWith('.sql')).sort()
  const files: SqlFile[] = []
  for (const name of names) files.push(await readSqlFile(root, join(folder, name)))
  const twice = files.find((file, index) => files[index - 1]?.version === file.version)
  if (twice !== undefined) {
    throw problem({
      what: {
        fr: `${folder} a deux migrations ${twice.version}.`,
        en: `${folder} has two migrations ${twice.version}.`,
      },
      next: {fr: 'renommer l’une des deux', en: 'rename one of them'},
      exit: 2,
    })
  }
  return files
}

export async function readSqlFile(root: string, path: string): Promise<SqlFile> {
  const source = await readFile(join(root, path), 'utf8').catch(() => null)
  if (source === null) throw unreadable(path)
  const file = path.slice(path.lastIndexOf('/') + 1).replace(/\.sql$/, '')
  const [, version = file, name = ''] = /^(\d+)_(.*)$/.exec(file) ?? []
  return {path, version, name, statements: sqlStatements(source, path)}
}

function unreadable(path: string) {
  return problem({
    what: {fr: `${path} ne se lit pas.`, en: `${path} cannot be read.`},
    next: {
      fr: 'le remettre dans le projet, ou corriger `database` dans postgate.yaml ; rien n’a été supprimé',
      en: 'bring it back into the project, or correct `database` in postgate.yaml; nothing was dropped',
    },
    exit: 2,
  })
}

// What a migration made outside `public` is still there after the schema was dropped.
export const alreadyThere: ReadonlySet<string> = new Set([
  '42P06',
  '42P07',
  '42710',
  '42723',
  '42701',
])

// What a dump says again of a thing outside `public` that is as it was: a second primary key, a partition
// that is attached, an identity that is there, a thing of the platform that the role does not own.
const saidAgain = new Set(['42P16', '42809', '55000', '42501'])

/**
 * Runs a file inside the open transaction. `settle` brings the session's settings back to the reset's own.
 * Things outside `public` that exist already are left as they are: their lines are returned.
 * Throws a `Problem` (1) that names file and line; the caller rolls back.
 */
export async function runFile(
  session: DatabaseSession,
  file: SqlFile,
  settle: () => Promise<void>,
): Promise<readonly string[]> {
  await settle()
  const {client} = session
  const kept: string[] = []
  await client.query('savepoint file')
  try {
    for (const batch of batchesOf(file.statements)) await runBatch(session, batch)
    await client.query('release savepoint file')
  } catch {
    await client.query('rollback to savepoint file; release savepoint file')
    await settle()
    for (const statement of file.statements) await runOne(session, file, statement, kept)
  }
  await settle()
  return kept
}

/** Much at once: a remote database is a round trip away, and each answer is held. A COPY goes by itself. */
function batchesOf(statements: readonly SqlStatement[]): (readonly SqlStatement[])[] {
  const batches: SqlStatement[][] = []
  let length = 0
  for (const statement of statements) {
    const last = batches.at(-1)
    const full = length > batchLength || statement.rows !== undefined
    if (last === undefined || full || last[0]?.rows !== undefined) {
      batches.push([statement])
      length = 0
    } else last.push(statement)
    length += statement.sql.length
  }
  return batches
}

const batchLength = 64_000

async function runBatch(session: DatabaseSession, batch: readonly SqlStatement[]): Promise<void> {
  const [first] = batch
  if (first?.rows !== undefined) return copyIn(session, first.sql, first.rows)
  await session.client.query(batch.map((each) => `${runnable(each)}\n`).join(';'))
}

/** pg_dump writes this time limit since version 17; a server that does not know it has none. */
function runnable({sql, run = sql}: SqlStatement): string {
  const value = /^set\s+(?:session\s+)?transaction_timeout\s*(?:=|to)\s*'?(\w+)'?\s*$/i.exec(
    run,
  )?.[1]
  return value === undefined
    ? run
    : `select set_config('transaction_timeout', '${value}', false) where current_setting('transaction_timeout', true) is not null`
}

async function runOne(
  session: DatabaseSession,
  file: SqlFile,
  statement: SqlStatement,
  kept: string[],
) {
  const {client} = session
  await client.query('savepoint statement')
  try {
    await runBatch(session, [statement])
    await client.query('release savepoint statement')
  } catch (error) {
    const state = stateOf(error)
    const elsewhere =
      state === '23505' && error instanceof Error && 'schema' in error && error.schema !== 'public'
    const again = saidAgain.has(state) && isOutside(statement.sql)
    if (!alreadyThere.has(state) && !elsewhere && !again) throw failed(file, statement.line, error)
    await client.query('rollback to savepoint statement; release savepoint statement')
    kept.push(`${file.path}:${statement.line}`)
  }
}

const qualified = String.raw`("(?:[^"]|"")+"|[\w$\u0080-\uffff]+)\s*\.`
const ofSchema = [
  String.raw`^alter\s+(?:foreign\s+)?(?:table|view|materialized\s+view|sequence|index|type|domain|function|procedure|aggregate)\s+(?:if\s+exists\s+)?(?:only\s+)?${qualified}`,
  String.raw`^(?:create|alter|drop)\s+(?:or\s+replace\s+)?(?:constraint\s+)?(?:policy|trigger|rule|(?:unique\s+)?index)\b.*?\son\s+(?:only\s+)?${qualified}`,
  String.raw`^comment\s+on\s+(?:table|view|materialized\s+view|sequence|index|type|domain|function|procedure|aggregate|column)\s+${qualified}`,
  String.raw`^comment\s+on\s+(?:constraint|policy|trigger|rule)\b.*?\son\s+(?:domain\s+)?${qualified}`,
  String.raw`^(?:grant|revoke)\b.*?\son\s+(?:(?:table|sequence|function|procedure|type|domain)\s+)?${qualified}`,
  String.raw`^copy\s+${qualified}`,
].map((pattern) => new RegExp(pattern, 'is'))

// The platform's own, of no schema; `public` itself is the reset's.
const ofNone = new RegExp(
  [
    String.raw`^create\s+event\s+trigger\b`,
    String.raw`^alter\s+(?:event\s+trigger|publication|server|extension|schema|foreign\s+data\s+wrapper|default\s+privileges\s+for\s+role)\b`,
    String.raw`^comment\s+on\s+(?:event\s+trigger|publication|server|extension|schema|database)\b`,
    String.raw`^(?:grant|revoke)\b.*?\son\s+schema\s`,
  ].join('|'),
  'is',
)

/** Whether a statement is about a thing that `drop schema public` does not take away. */
export function isOutside(sql: string): boolean {
  const schema = ofSchema.map((pattern) => pattern.exec(sql)?.[1]).find((found) => found)
  return schema === undefined ? ofNone.test(sql) : !/^"?public"?$/i.test(schema)
}

function failed(file: SqlFile, line: number, error: unknown) {
  const state = stateOf(error)
  return problem({
    what: {
      fr: `${file.path}:${line} a échoué : tout a été annulé, la base est comme avant.`,
      en: `${file.path}:${line} failed: all was rolled back, the database is as it was.`,
    },
    why: `${state} ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : ''}`.trim(),
    next:
      state === '55P04'
        ? {
            fr: 'ajouter d’abord cette valeur à STAGING, hors du reset (alter type … add value if not exists …), puis relancer la même commande',
            en: 'add this value to STAGING first, outside the reset (alter type … add value if not exists …), then run the same command again',
          }
        : {
            fr: 'corriger la migration et refaire une gate, ou abandonner',
            en: 'correct the migration and make a new gate, or abort',
          },
    exit: 1,
    at: {path: file.path, line},
  })
}

/** Runs statements whose order is only roughly known: what fails is tried again after the others. */
export async function runInAnyOrder(
  session: DatabaseSession,
  statements: readonly string[],
): Promise<void> {
  const {client} = session
  let waiting = statements
  while (waiting.length > 0) {
    const failures: string[] = []
    let last: unknown
    for (const sql of waiting) {
      await client.query('savepoint statement')
      try {
        await client.query(sql)
        await client.query('release savepoint statement')
      } catch (error) {
        await client.query('rollback to savepoint statement')
        failures.push(sql)
        last ??= error
      }
    }
    if (failures.length === waiting.length) throw last
    waiting = failures
  }
}

/** Tells Supabase's own history which migrations the database has. */
export async function writeHistory(
  session: DatabaseSession,
  files: readonly SqlFile[],
): Promise<void> {
  const {client} = session
  await client.query(`
    create schema if not exists supabase_migrations;
    create table if not exists supabase_migrations.schema_migrations (version text not null primary key, statements text[], name text);
    delete from supabase_migrations.schema_migrations`)
  for (const {version, name, statements} of files) {
    await client.query(
      'insert into supabase_migrations.schema_migrations (version, name, statements) values ($1, $2, $3)',
      [version, name, statements.map(({sql}) => sql)],
    )
  }
}
