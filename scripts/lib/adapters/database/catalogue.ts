// What a database's own catalogues say of `public`: every row that belongs to it or hangs on it, of
// every kind of thing, read generically. Object ids become names along the references that PostgreSQL
// declares between its catalogues (14 and later), so no kind can be forgotten, and two builds on one server
// read alike. Reads only; the caller's transaction gives one moment.

import {
  type CatalogueColumn,
  type ComparedCatalogue,
  comparedCatalogues,
} from './catalogue-columns.ts'
import type {DatabaseSession} from './session.ts'

export interface CatalogueRow {
  /** The catalogue's columns that the text holds the values of, in order. */
  readonly columns: readonly string[]
  /** A JSON array. */
  readonly text: string
  /** Name of the fact of the relation that it is a part of. */
  readonly of: string | null
}

/** By name, as `table public.units` or `table column public.units.code`. */
export type DatabaseCatalogue = ReadonlyMap<string, CatalogueRow>

/** Where policies of an application live that no reset takes away by itself. */
export const policySchemas = ['storage', 'realtime'] as const

/** Inside a transaction. `search_path` is empty until its end: expressions name what they use in full. */
export async function readCatalogue(session: DatabaseSession): Promise<DatabaseCatalogue> {
  await session.client.query(`set local search_path = ''; set local quote_all_identifiers = off`)
  const tables = await comparedCatalogues(session)
  const objects = await session.rows<ObjectRow>(`${closure()} ${namedObjects}`)
  const names = new Map(objects.map(({class: of, oid, name}) => [`${of} ${oid}`, name]))
  const rows = await readRows(session, tables, objects)
  await resolve(session, tables, rows, names)
  return assemble(tables, rows, names)
}

interface ObjectRow {
  readonly class: string
  readonly oid: string
  readonly name: string
  /** A relation's kind. */
  readonly kind: string | null
}

/**
 * What goes with the roots, as `hung(classid, objid, objsubid)`: of `public`, all that `drop schema public cascade`
 * takes. A part that goes takes its whole along (the rule of a view, the view); what an extension owns stays with it. A column
 * alone has a number, a whole thing 0.
 */
export const closure = (roots = allRoots): string => `
  with recursive hung(classid, objid, objsubid) as (
    ${roots}
    union select d.* from hung cross join lateral (
      select d.classid, d.objid, d.objsubid from pg_catalog.pg_depend d
        where d.refclassid = hung.classid and d.refobjid = hung.objid and (hung.objsubid = 0 or d.refobjsubid = hung.objsubid)
      union all select d.refclassid, d.refobjid, d.refobjsubid from pg_catalog.pg_depend d
        where d.classid = hung.classid and d.objid = hung.objid and d.objsubid = hung.objsubid and d.deptype = 'i') d
    where not exists (select from pg_catalog.pg_depend e
      where e.classid = d.classid and e.objid = d.objid and e.deptype = 'e'))`

export const publicRoot = `select 'pg_catalog.pg_namespace'::regclass::oid, oid, 0 from pg_catalog.pg_namespace where nspname = 'public'`

const allRoots = `${publicRoot}
    union select 'pg_catalog.pg_publication'::regclass, oid, 0 from pg_catalog.pg_publication
    union select 'pg_catalog.pg_policy'::regclass, p.oid, 0 from pg_catalog.pg_policy p
      join pg_catalog.pg_class c on c.oid = p.polrelid
      where c.relnamespace::regnamespace::text in (${policySchemas.map((name) => `'${name}'`).join(', ')})`

// Toast tables, the triggers of foreign keys, and the types that come with tables and types are implied.
const namedObjects = `
  select r.relname as class, h.objid::text as oid, i.type || ' ' || i.identity as name, c.relkind as kind
  from hung h join pg_catalog.pg_class r on r.oid = h.classid
    left join pg_catalog.pg_class c on h.classid = 'pg_catalog.pg_class'::regclass and c.oid = h.objid
    left join pg_catalog.pg_type t on h.classid = 'pg_catalog.pg_type'::regclass and t.oid = h.objid
    left join pg_catalog.pg_trigger g on h.classid = 'pg_catalog.pg_trigger'::regclass and g.oid = h.objid
    cross join lateral pg_catalog.pg_identify_object(h.classid, h.objid, 0) i
  where h.objsubid = 0 and not coalesce(g.tgisinternal, false)
    and (c.oid is null or c.relnamespace <> 'pg_toast'::regnamespace)
    and (t.oid is null or (t.typsubscript::oid <> 'array_subscript_handler'::regproc::oid
      and not exists (select from pg_catalog.pg_class y where y.oid = t.typrelid and y.relkind <> 'c')))`

// Rows that are no objects of their own: by the object that they belong to.
const satellites: readonly {
  table: string
  key: string
  of: string
  label?: string
  where?: string
}[] = [
  {
    table: 'pg_attribute',
    key: 'attrelid',
    of: 'pg_class',
    label: 'x.attname',
    where: 'x.attnum > 0 and not x.attisdropped',
  },
  {table: 'pg_index', key: 'indexrelid', of: 'pg_class'},
  {table: 'pg_sequence', key: 'seqrelid', of: 'pg_class'},
  {table: 'pg_inherits', key: 'inhrelid', of: 'pg_class', label: 'x.inhseqno'},
  {table: 'pg_partitioned_table', key: 'partrelid', of: 'pg_class'},
  {table: 'pg_foreign_table', key: 'ftrelid', of: 'pg_class'},
  {table: 'pg_enum', key: 'enumtypid', of: 'pg_type', label: 'x.enumlabel'},
  {table: 'pg_range', key: 'rngtypid', of: 'pg_type'},
  {table: 'pg_aggregate', key: 'aggfnoid', of: 'pg_proc'},
  {
    table: 'pg_ts_config_map',
    key: 'mapcfg',
    of: 'pg_ts_config',
    label: `x.maptokentype || ' ' || x.mapseqno`,
  },
]

interface Row {
  readonly table: string
  /** The object that the row is, or belongs to. */
  readonly of: string
  readonly oid: string
  readonly label: string | null
  readonly place: number
  /** A JSON array; taken apart where it is needed, since thousands of them are held at once. */
  readonly text: string
}

const valuesOf = ({text}: Row): unknown[] => {
  const values: unknown = JSON.parse(text)
  return Array.isArray(values) ? values : []
}

/** One statement for all of them: a remote database is a round trip away. */
async function readRows(
  session: DatabaseSession,
  tables: ReadonlyMap<string, ComparedCatalogue>,
  objects: readonly ObjectRow[],
): Promise<Row[]> {
  const oids = new Map<string, string[]>()
  const add = (group: string, oid: string) => {
    const list = oids.get(group)
    if (list === undefined) oids.set(group, [oid])
    else list.push(oid)
  }
  for (const {class: of, oid, kind} of objects) {
    add(of, oid)
    // Columns of an index are said by the index; those of a sequence are always the same.
    if (kind !== null && !'iIS'.includes(kind)) add('with columns', oid)
  }
  const parts: string[] = []
  const values: string[][] = []
  const part = (sql: (any: string) => string, group: string) => {
    const list = oids.get(group)
    if (list === undefined) return
    values.push(list)
    parts.push(sql(`any($${values.length}::oid[])`))
  }
  for (const [table, {columns}] of tables) {
    part(
      (any) =>
        `select '${table}', '${table}', x.oid, null, 0, ${array(columns)} from pg_catalog.${table} x where x.oid = ${any}`,
      table,
    )
  }
  for (const {table, key, of, label, where} of satellites) {
    const {columns} = tables.get(table) ?? {columns: []}
    const place = {pg_attribute: 'x.attnum', pg_enum: 'x.enumsortorder'}[table] ?? '0'
    part(
      (
        any,
      ) => `select '${table}', '${of}', x.${key}::oid, ${label === undefined ? 'null' : `${label}::text`}, ${place}::float8, ${array(columns)}
        from pg_catalog.${table} x where x.${key}::oid = ${any}${where === undefined ? '' : ` and ${where}`}`,
      table === 'pg_attribute' ? 'with columns' : of,
    )
  }
  for (const of of oids.keys()) {
    if (of === 'with columns') continue
    part((any) => attached('pg_description', of, any, 'json_build_array(x.description)'), of)
    part((any) => attached('pg_seclabel', of, any, 'json_build_array(x.provider, x.label)'), of)
  }
  part(
    (
      any,
    ) => `select 'owned by', 'pg_class', d.objid, null, 0, json_build_array(d.refobjid, a.attname)::text from pg_catalog.pg_depend d
      join pg_catalog.pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
      join pg_catalog.pg_class c on c.oid = d.objid and c.relkind = 'S'
      where d.classid = 'pg_catalog.pg_class'::regclass and d.refclassid = d.classid and d.deptype in ('a', 'i') and d.objid = ${any}`,
    'pg_class',
  )
  const {rows} = await session.client.query<
    [string, string, string, string | null, number, string]
  >({
    text: parts.join('\nunion all '),
    values,
    rowMode: 'array',
  })
  return rows.map(([table, of, oid, label, place, text]) => ({
    ...{table, of, label, place, text},
    oid: String(oid),
  }))
}

/** A function takes at most a hundred arguments; no catalogue has as many columns. */
const array = (columns: readonly CatalogueColumn[]): string =>
  `json_build_array(${columns.map(({sql}) => sql).join(', ')})::text`

const attached = (table: string, of: string, any: string, value: string): string => `
  select '${table}', '${of}', x.objoid, (select a.attname::text from pg_catalog.pg_attribute a
    where '${of}' = 'pg_class' and a.attrelid = x.objoid and a.attnum = x.objsubid and x.objsubid > 0), 0, ${value}::text
  from pg_catalog.${table} x where x.classoid = 'pg_catalog.${of}'::regclass and x.objoid = ${any}`

/** Asks for the names of things outside that the rows point at, all at once. */
async function resolve(
  session: DatabaseSession,
  tables: ReadonlyMap<string, ComparedCatalogue>,
  rows: readonly Row[],
  names: Map<string, string>,
): Promise<void> {
  const missing = new Map<string, [string, string]>()
  for (const row of rows) {
    const values = valuesOf(row)
    for (const [index, {points}] of (tables.get(row.table)?.columns ?? []).entries()) {
      if (points === null) continue
      for (const oid of listOf(values[index])) {
        const key = `${points} ${oid}`
        if (oid !== '0' && !names.has(key)) missing.set(key, [points, oid])
      }
    }
  }
  const asked = [...missing.values()]
  const found = await session.rows<{class: string; oid: string; name: string | null}>(
    `select k.class, k.oid::text as oid, i.type || ' ' || i.identity as name
     from unnest($1::text[], $2::oid[]) k(class, oid)
     cross join lateral pg_catalog.pg_identify_object(('pg_catalog.' || k.class)::regclass, k.oid, 0) i`,
    [asked.map(([of]) => of), asked.map(([, oid]) => oid)],
  )
  for (const {class: of, oid, name} of found) names.set(`${of} ${oid}`, name ?? '')
}

/** The values of a row, names in place of object ids. */
function namedValues(
  row: Row,
  columns: readonly CatalogueColumn[],
  names: ReadonlyMap<string, string>,
): unknown[] {
  const values = valuesOf(row)
  columns.forEach(({points}, index) => {
    if (points === null) return
    const value = values[index]
    const name = (oid: string) => (oid === '0' ? null : (names.get(`${points} ${oid}`) ?? null))
    values[index] = Array.isArray(value) ? listOf(value).map(name) : name(String(value ?? 0))
  })
  return values
}

/** One id, or a list of them. */
function listOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String)
  return value === null || value === undefined ? [] : [String(value)]
}

// The relation that a row is a part of, by the catalogue's own column; an index's is said by pg_index.
const parts = new Set([
  'conrelid',
  'indrelid',
  'tgrelid',
  'polrelid',
  'ev_class',
  'adrelid',
  'prrelid',
  'stxrelid',
])

function assemble(
  tables: ReadonlyMap<string, ComparedCatalogue>,
  rows: readonly Row[],
  names: ReadonlyMap<string, string>,
): DatabaseCatalogue {
  const labels = new Map(
    [...tables].map(([table, {columns}]) => [table, columns.map(({name}) => name)]),
  )
  const facts = new Map<string, CatalogueRow>()
  const owners = new Map<string, string>()
  const ranks = new Map<string, string[]>()
  const ranked = rows.filter(({table}) => table === 'pg_attribute' || table === 'pg_enum')
  for (const {table, of, oid, label} of ranked.toSorted((one, other) => one.place - other.place)) {
    const name = `${table === 'pg_enum' ? 'order of values of' : 'order of columns of'} ${names.get(`${of} ${oid}`)}`
    ranks.set(name, [...(ranks.get(name) ?? []), label ?? ''])
  }
  for (const row of rows) {
    const own = names.get(`${row.of} ${row.oid}`) ?? `${row.of} ${row.oid}`
    const columns = labels.get(row.table) ?? ['value']
    const read = namedValues(row, tables.get(row.table)?.columns ?? [], names)
    const values = row.table === 'owned by' ? [names.get(`pg_class ${read[0]}`), read[1]] : read
    const owner = columns.findIndex((column) => parts.has(column))
    const relation = owner < 0 ? null : values[owner]
    if (row.table === 'pg_index' && typeof relation === 'string') owners.set(own, relation)
    const name = nameOf(row, own)
    facts.set(facts.has(name) ? `${name} (${row.table})` : name, {
      columns,
      text: JSON.stringify(values),
      of: row.table === row.of ? (typeof relation === 'string' ? relation : null) : own,
    })
  }
  for (const [name, labels] of ranks) {
    facts.set(name, {
      columns: ['order'],
      text: JSON.stringify([labels]),
      of: name.replace(/^order of \w+ of /, ''),
    })
  }
  for (const [index, table] of owners) {
    const fact = facts.get(index)
    if (fact !== undefined) facts.set(index, {...fact, of: table})
  }
  return facts
}

const satelliteWords: Readonly<Record<string, string>> = {
  pg_index: 'index of',
  pg_sequence: 'values of',
  pg_inherits: 'inheritance of',
  pg_partitioned_table: 'partitioning of',
  pg_foreign_table: 'server of',
  pg_range: 'range of',
  pg_aggregate: 'aggregate of',
  pg_ts_config_map: 'mapping of',
  pg_enum: 'value of',
  pg_description: 'comment on',
  pg_seclabel: 'security label on',
  'owned by': 'owner of',
}

function nameOf({table, of, label}: Row, own: string): string {
  const suffix = label === null ? '' : `.${label}`
  if (table === 'pg_attribute')
    return `${own.replace(/^(materialized view|foreign table|composite type|\S+) /, '$1 column ')}${suffix}`
  return table === of ? own : `${satelliteWords[table] ?? table} ${own}${suffix}`
}
