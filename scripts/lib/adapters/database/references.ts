// The rows of the reference tables, kept through a reset inside its own transaction: as texts, since a
// type of `public` goes with its schema, and back in an order that foreign keys accept.

import {problem} from '../../domain/problem.ts'
import {identifier, type Session} from './session.ts'

interface Kept {
  readonly table: string
  readonly columns: readonly string[]
  readonly copy: string
  readonly rows: number
  readonly sequences: readonly {
    readonly column: string
    readonly last: string
    readonly called: boolean
  }[]
}

export interface KeptRows {
  readonly tables: readonly Kept[]
  /** Puts the rows back where a table had any; the rest of it goes. */
  readonly restore: () => Promise<void>
}

/** Copies the rows of `tables` (all of `public`, all existing) into temporary tables of this transaction. */
export async function keepRows(
  session: Session,
  tables: readonly string[],
  mark: string,
): Promise<KeptRows> {
  const kept: Kept[] = []
  for (const [index, table] of tables.entries()) {
    const copy = `pg_temp.${identifier(`postgate_${mark}_${index}`)}`
    const columns = await writableColumns(session, table)
    const texts = columns.map((column) => `${identifier(column)}::text as ${identifier(column)}`)
    const from = `from public.${identifier(table)}`
    await session.client.query(
      `create temp table ${copy.slice(8)} on commit drop as select ${texts.join(', ')} ${from}`,
    )
    const [count] = await session.rows<{n: string}>(`select count(*)::text as n from ${copy}`)
    kept.push({
      table,
      columns,
      copy,
      rows: Number(count?.n ?? 0),
      sequences: await sequencesOf(session, table),
    })
  }
  return {tables: kept, restore: () => restore(session, kept)}
}

async function restore(session: Session, kept: readonly Kept[]): Promise<void> {
  const filled = kept.filter(({rows}) => rows > 0)
  const order = await inOrderOfKeys(
    session,
    filled.map(({table}) => table),
  )
  const sorted = order.flatMap((table) => filled.filter((one) => one.table === table))
  const all = sorted.map(({table}) => `public.${identifier(table)}`)
  // Triggers of the application would write to the audit log, or change what is put back.
  for (const table of all) await session.client.query(`alter table ${table} disable trigger user`)
  for (const table of [...all].reverse()) await session.client.query(`delete from ${table}`)
  for (const one of sorted) await putBack(session, one)
  for (const table of all) await session.client.query(`alter table ${table} enable trigger user`)
}

async function putBack(session: Session, {table, columns, copy, sequences}: Kept): Promise<void> {
  const types = await typesOf(session, table)
  const gone = columns.filter((column) => !types.has(column))
  if (gone.length > 0) {
    throw problem({
      what: {
        fr: `Le référentiel ${table} n’a plus la colonne ${gone.join(', ')} : tout a été annulé.`,
        en: `The reference table ${table} has lost the column ${gone.join(', ')}: all was rolled back.`,
      },
      next: {
        fr: 'aligner le schéma de STAGING sur celui de PROD (scripts/snapshot.ts), ou corriger la migration',
        en: 'bring the schema of STAGING in line with PROD (scripts/snapshot.ts), or correct the migration',
      },
      exit: 1,
    })
  }
  const names = columns.map(identifier).join(', ')
  const values = columns.map((column) => `${identifier(column)}::${types.get(column)}`).join(', ')
  await session.client.query(
    `insert into public.${identifier(table)} (${names}) overriding system value select ${values} from ${copy}`,
  )
  for (const {column, last, called} of sequences) {
    await session.client.query(
      `select setval(pg_get_serial_sequence($1, $2)::regclass, $3::bigint, $4) where pg_get_serial_sequence($1, $2) is not null`,
      [`public.${identifier(table)}`, column, last, called],
    )
  }
}

/** Generated columns make themselves. */
async function writableColumns(session: Session, table: string): Promise<string[]> {
  const rows = await session.rows<{name: string}>(
    `select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 0
     and not attisdropped and attgenerated = '' order by attnum`,
    [`public.${identifier(table)}`],
  )
  return rows.map(({name}) => name)
}

async function typesOf(session: Session, table: string): Promise<Map<string, string>> {
  const rows = await session.rows<{name: string; type: string}>(
    `select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped`,
    [`public.${identifier(table)}`],
  )
  return new Map(rows.map(({name, type}) => [name, type]))
}

async function sequencesOf(session: Session, table: string): Promise<Kept['sequences']> {
  const found = await session.rows<{column: string; sequence: string}>(
    `select attname as column, pg_get_serial_sequence($1, attname) as sequence from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and pg_get_serial_sequence($1, attname) is not null`,
    [`public.${identifier(table)}`],
  )
  const sequences: {column: string; last: string; called: boolean}[] = []
  for (const {column, sequence} of found) {
    const [state] = await session.rows<{last: string; called: boolean}>(
      `select last_value::text as last, is_called as called from ${sequence}`,
    )
    if (state !== undefined) sequences.push({column, ...state})
  }
  return sequences
}

/** Tables that others point at come first. Cycles are left to the database to refuse. */
async function inOrderOfKeys(session: Session, tables: readonly string[]): Promise<string[]> {
  const keys = await session.rows<{child: string; parent: string}>(
    `select c.relname as child, p.relname as parent from pg_constraint k
     join pg_class c on c.oid = k.conrelid join pg_class p on p.oid = k.confrelid
     where k.contype = 'f' and c.relnamespace = 'public'::regnamespace and c.oid <> p.oid`,
  )
  const order: string[] = []
  const visit = (table: string, path: readonly string[]) => {
    if (order.includes(table) || path.includes(table) || !tables.includes(table)) return
    for (const {child, parent} of keys) if (child === table) visit(parent, [...path, table])
    order.push(table)
  }
  for (const table of tables) visit(table, [])
  return order
}

/** Rows of reference tables that point at tables which a reset empties: asked before anything is dropped. */
export async function danglingReferences(
  session: Session,
  tables: readonly string[],
): Promise<string[]> {
  const keys = await session.rows<{name: string; child: string; parent: string; columns: string[]}>(
    `select k.conname as name, c.relname as child, p.relname as parent,
       (select array_agg(a.attname::text) from pg_attribute a where a.attrelid = c.oid and a.attnum = any (k.conkey)) as columns
     from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class p on p.oid = k.confrelid
     where k.contype = 'f' and c.relnamespace = 'public'::regnamespace and p.relnamespace = 'public'::regnamespace
       and c.relname = any ($1) and not p.relname = any ($1)`,
    [[...tables]],
  )
  const dangling: string[] = []
  for (const {child, parent, columns} of keys) {
    const set = columns.map((column) => `${identifier(column)} is not null`).join(' and ')
    const rows = await session.rows(
      `select 1 from public.${identifier(child)} where ${set} limit 1`,
    )
    if (rows.length > 0) dangling.push(`${child} → ${parent}`)
  }
  return dangling
}
