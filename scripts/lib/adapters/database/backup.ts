// A backup of `public` in one file outside git, mode 0600: by pg_dump where there is one and the runbook
// authorises it, else table by table. Read back before it counts.

import {createHash} from 'node:crypto'
import {accessSync, constants, createReadStream} from 'node:fs'
import {mkdir, open, rename, rm, stat} from 'node:fs/promises'
import {delimiter, dirname, join} from 'node:path'
import {createInterface} from 'node:readline'
import {problem} from '../../domain/problem.ts'
import {join as joined, type Text} from '../../domain/text.ts'
import {fail, type Judgement, pass, unknown} from '../../domain/verdict.ts'
import type {Shell} from '../../guard/shell.ts'
import {counted, tableCount, words} from '../../words/observed.ts'
import {type Connection, libpqVariables} from './connection.ts'
import {copyOut} from './copy.ts'
import {ddlParts} from './ddl.ts'
import {readDefinitions} from './definitions.ts'
import type {Definitions} from './old-form.ts'
import {refuseTransactionPool} from './pool.ts'
import {rowsToCompare, type Trial, type TrialInput, tryRestore} from './restore-trial.ts'
import {type DatabaseSession, identifier, literal, type Reader} from './session.ts'

export interface BackupTools {
  readonly reader: Reader
  readonly connection: Connection
  readonly $: Shell
  readonly trial: TrialInput['tools']
  /** What the environment is called: STAGING, PROD. */
  readonly name: string
  /** PATH of the steps' commands. */
  readonly path: string
}

export interface BackupResult {
  readonly bytes: number
  readonly sha256: string
  readonly tables: number
  /** How far it was tried: restored, or read back only and why. */
  readonly checked: Text
}

/** Writes `file` (absolute), which must not exist. Throws a `Problem` (1) where neither way works, or nothing can be restored from it. */
export async function takeBackup(tools: BackupTools, file: string): Promise<BackupResult> {
  await mkdir(dirname(file), {recursive: true, mode: 0o700})
  const aside = `${file}.part`
  await rm(aside, {force: true})
  // Made before anything is written into it, so that nobody else ever reads it.
  await (await open(aside, 'wx', 0o600)).close()
  const before = await rowsToCompare(tools.reader)
  const form = (await dump(tools, aside)) ? 'pg_dump' : 'copies'
  if (form === 'copies') await copyTables(tools, aside)
  const read = await readBackup(tools, aside)
  const {reader, connection, trial} = tools
  const tried =
    read === null
      ? null
      : await tryRestore({tools: trial, reader, connection, file: aside, form, before})
  if (read === null || tried === null || tried.result === 'broken') {
    await rm(aside, {force: true})
    throw tried?.result === 'broken' ? notRestorable(tried.why, form) : notReadable()
  }
  await rename(aside, file)
  const {size} = await stat(file)
  return {bytes: size, sha256: await digestOf(file), tables: read, checked: wordsOf(tried)}
}

function wordsOf(tried: Exclude<Trial, {result: 'broken'}>): Text {
  if (tried.result === 'unknown') {
    const read: Text = {fr: 'relue, non restaurée ici : ', en: 'read back, not restored here: '}
    return joined([read, tried.why], '')
  }
  const compared: Text = {
    fr: 'restaurée dans une base d’essai et comparée :',
    en: 'restored into a scratch database and compared:',
  }
  const names = tried.moved.join(', ')
  const parts: Text[] = [words`${compared} ${tableCount(tried.tables)}`]
  if (names !== '')
    parts.push({fr: ` ; modifiées entre-temps : ${names}`, en: `; changed meanwhile: ${names}`})
  if (tried.hanging > 0)
    parts.push(
      words`${{fr: ' ; ', en: '; '}}${counted(
        tried.hanging,
        [
          'clé ou règle vers un autre schéma non rejouée',
          'clés ou règles vers d’autres schémas non rejouées',
        ],
        [
          'key or rule on another schema not replayed',
          'keys or rules on other schemas not replayed',
        ],
      )}`,
    )
  return joined(parts, '')
}

function notRestorable(why: Text, form: 'pg_dump' | 'copies') {
  return problem({
    what: {
      fr: 'La sauvegarde ne se restaure pas : elle est supprimée.',
      en: 'The backup cannot be restored: it is removed.',
    },
    why,
    next:
      form === 'copies'
        ? {
            fr: 'installer pg_dump de la version du serveur (paquet postgresql-client) et l’autoriser dans le runbook, puis relancer',
            en: 'install pg_dump of the server’s version (package postgresql-client), authorise it in the runbook, then run again',
          }
        : {
            fr: 'corriger ce que la cause nomme, puis relancer',
            en: 'mend what the cause names, then run again',
          },
    exit: 1,
  })
}

const notReadable = () =>
  problem({
    what: {fr: 'La sauvegarde ne se relit pas.', en: 'The backup cannot be read back.'},
    next: {
      fr: 'vérifier la place sur le disque, puis relancer',
      en: 'check the space on the disk, then run again',
    },
    exit: 1,
  })

/** True once pg_dump has written the file; false where it is missing, not authorised, or too old for the server. */
async function dump(tools: BackupTools, file: string): Promise<boolean> {
  if (!has(tools.path, 'pg_dump') || !has(tools.path, 'pg_restore')) return false
  const {connection} = tools
  // The connection reaches this one child only, and never a command line.
  const $ = tools.$.with({
    env: libpqVariables(connection),
  })
  const extensions = await tools.reader.look(extensionsOfPublic)
  const {dump: plain, dumpWith, list, read} = backupCommands($, file, extensions.join('|'))
  // Types and functions of an extension in `public` are no part of a dump that leaves it out.
  const command = extensions.length === 0 ? plain : dumpWith
  const authorisations = [command, list, read].map((one) => one.authorisation())
  if ((await Promise.all(authorisations)).some(({ok}) => !ok)) return false
  await refuseTransactionPool(connection, tools.name)
  const {exitCode} = await command.run()
  return exitCode === 0
}

async function extensionsOfPublic({rows}: DatabaseSession): Promise<string[]> {
  const found = await rows<{name: string}>(
    `select extname as name from pg_extension where extnamespace = 'public'::regnamespace order by 1`,
  )
  return found.map(({name}) => name)
}

/** What a backup runs where the runbook lists it; lint compares the two. */
export const backupCommands = ($: Shell, file: string, extensions = 'name') => ({
  dump: $`pg_dump --format=custom --schema=public --no-password --file=${file}`,
  dumpWith: $`pg_dump --format=custom --schema=public --extension=${extensions} --no-password --file=${file}`,
  list: $`pg_restore --list ${file}`,
  // The list stands at the file's head: only this reads every row.
  read: $`pg_restore --file=/dev/null ${file}`,
})

const has = (path: string, program: string): boolean =>
  path.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })

const header = '-- postgate backup 1'
const footer = (tables: number, rows: number) => `-- end of backup: ${tables} tables, ${rows} rows`

/** One SQL file that psql can run: the shape as statements, the rows as COPY, all of one look. */
async function copyTables({reader}: BackupTools, file: string): Promise<void> {
  const out = await open(file, 'w', 0o600)
  const write = async (text: string | Buffer) => {
    await out.write(typeof text === 'string' ? Buffer.from(text) : text)
  }
  try {
    await reader.look(async (session) => writeCopies(session, write))
    await out.sync()
  } finally {
    await out.close()
  }
}

async function writeCopies(
  session: DatabaseSession,
  write: (text: string | Buffer) => Promise<void>,
): Promise<void> {
  const shape = await readDefinitions(session)
  const {before, after} = ddlParts(shape)
  await write(`${header}\nset check_function_bodies = off;\n`)
  for (const statement of before) await write(`${statement};\n`)
  let rows = 0
  const tables = Object.entries(shape.tables).filter(([, {partitionKey}]) => partitionKey === null)
  for (const [name, table] of tables) {
    const columns = table.columns.filter(({generated}) => !generated)
    const list = columns.map((column) => identifier(column.name)).join(', ')
    await write(`copy public.${identifier(name)} (${list}) from stdin;\n`)
    await copyOut(session, `copy public.${identifier(name)} (${list}) to stdout`, async (chunk) => {
      rows++
      await write(chunk)
    })
    await write('\\.\n')
  }
  for (const statement of [...after, ...(await sequenceStatements(session, shape))]) {
    await write(`${statement};\n`)
  }
  await write(`${footer(tables.length, rows)}\n`)
}

async function sequenceStatements(session: DatabaseSession, shape: Definitions): Promise<string[]> {
  const statements: string[] = []
  for (const name of Object.keys(shape.sequences)) {
    const sequence = `public.${identifier(name)}`
    const [state] = await session.rows<{last: string; called: boolean}>(
      `select last_value::text as last, is_called as called from ${sequence}`,
    )
    if (state === undefined) continue
    statements.push(
      `select pg_catalog.setval(${literal(sequence)}, ${state.last}, ${state.called})`,
    )
  }
  return statements
}

/** The number of tables of a whole backup, or null where it is not whole. */
async function readBackup(tools: Pick<BackupTools, '$'>, file: string): Promise<number | null> {
  const handle = await open(file, 'r')
  const {buffer, bytesRead} = await handle.read(Buffer.alloc(32), 0, 32, 0)
  await handle.close()
  const head = buffer.subarray(0, bytesRead).toString('latin1')
  if (head.startsWith('PGDMP')) {
    const {list, read} = backupCommands(tools.$, file)
    const listed = await list.run()
    const whole = listed.exitCode === 0 && (await read.run()).exitCode === 0
    const lines = listed.stdout.split('\n')
    return whole ? lines.filter((line) => /^\d+; \d+ \d+ TABLE public /.test(line)).length : null
  }
  return head.startsWith(header) ? readCopies(file) : null
}

/** Counts tables and rows, and compares with what the last line says. */
async function readCopies(file: string): Promise<number | null> {
  let [tables, rows, inside, last] = [0, 0, false, '']
  for await (const line of createInterface({
    input: createReadStream(file),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    if (inside && line === '\\.') inside = false
    else if (inside) rows++
    else if (/^copy public\..* from stdin;$/.test(line)) {
      inside = true
      tables++
    }
    last = line
  }
  return !inside && last === footer(tables, rows) ? tables : null
}

/** Whether a backup of an earlier step can still be read. */
export async function judgeBackup(tools: Pick<BackupTools, '$'>, file: string): Promise<Judgement> {
  const info = await stat(file).catch(() => null)
  if (info === null) return fail({fr: 'la sauvegarde n’existe plus', en: 'the backup is gone'})
  if ((info.mode & 0o077) !== 0) {
    return fail(
      {fr: 'la sauvegarde est lisible par d’autres', en: 'the backup can be read by others'},
      {next: {fr: 'chmod 600 sur ce fichier', en: 'chmod 600 on this file'}},
    )
  }
  const tables = await readBackup(tools, file)
  if (tables === null)
    return unknown({fr: 'la sauvegarde ne se relit pas', en: 'the backup cannot be read back'})
  const read = {fr: 'relue :', en: 'read back:'}
  return pass(
    words`${read} ${tableCount(tables)}, ${counted(info.size, ['octet', 'octets'], ['byte', 'bytes'])}`,
  )
}

export async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk)
  return hash.digest('hex')
}
