// What a database's own catalogues say of `public`: every row that belongs to it or hangs on it, of
// every kind of thing, read generically. Object ids become names along the references that PostgreSQL
// declares between its catalogues (14 and later), so no kind can be forgotten, and two builds on one server
// read alike. Reads only; the caller's transaction gives one moment.

import {hash} from 'node:crypto'
import {
  type CatalogueColumn,
  type ComparedCatalogue,
  comparedCatalogues,
  relationOf,
} from './catalogue-columns.ts'
import {type KeptTexts, keepTexts} from './kept-texts.ts'
import type {DatabaseSession} from './session.ts'

export interface CatalogueRow {
  /** Of the values. */
  readonly digest: string
  /** Name of the fact of the relation that it is a part of. */
  readonly of: string | null
  /** The catalogue's columns, whose values lie at this place; null where only the digest was kept. */
  readonly columns: readonly string[]
  readonly kept: KeptTexts | null
  readonly place: number
  /** Of a NOT NULL constraint: what it is without its own name. */
  readonly unnamed?: {readonly name: string; readonly digest: string}
}

/** By the catalogue's own columns; empty where only a digest was kept. */
export const valuesOf = ({columns, kept, place}: CatalogueRow): ReadonlyMap<string, unknown> =>
  kept === null
    ? new Map()
    : new Map(listOfJson(kept.at(place)).map((value, index) => [columns[index] ?? '', value]))

/** By name, as `table public.units` or `table column public.units.code`. */
export type DatabaseCatalogue = ReadonlyMap<string, CatalogueRow>

/** Where policies of an application live that no reset takes away by itself. */
export const policySchemas = ['storage', 'realtime'] as const

/** Inside a transaction. `search_path` is empty until its end: expressions name what they use in full. */
export async function readCatalogue(session: DatabaseSession): Promise<DatabaseCatalogue> {
  const {client} = session
  await client.query(`set local search_path = ''; set local quote_all_identifiers = off`)
  const tables = await comparedCatalogues(session)
  const objects = await client.query<[string, string, string, string | null]>({
    text: `${closure()} ${namedObjects}`,
    rowMode: 'array',
  })
  const names: Names = new Map()
  for (const [of, oid, name] of objects.rows) named(names, of, oid, name)
  const facts = createFacts(tables, names)
  await client.query(declared(tables, objects.rows))
  for (let more = true; more; ) {
    const {rows} = await client.query<RowOfQuery>({
      text: `fetch ${fetchedAtOnce} from reading`,
      rowMode: 'array',
    })
    more = rows.length === fetchedAtOnce
    // Few at a time are taken apart: of a large schema all of them weigh more than what is kept.
    while (rows.length > 0) {
      const read = rows.splice(0, readAtOnce).map(([table, of, oid, label, text]) => {
        return {table, of, oid, label, values: listOfJson(text)}
      })
      await resolve(session, tables, read, names)
      for (const row of read) facts.add(row)
    }
  }
  await client.query('close reading')
  return facts.end()
}

const fetchedAtOnce = 1000
const readAtOnce = 250

/** By catalogue, then by object id. */
type Names = Map<string, Map<string, string>>

function named(names: Names, of: string, oid: string, name: string): void {
  const within = names.get(of)
  if (within === undefined) names.set(of, new Map([[oid, name]]))
  else within.set(oid, name)
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

/** Rows that are no objects of their own: by the object that they belong to. */
interface Satellite {
  readonly table: string
  readonly key: string
  readonly of: string
  readonly label?: string
  readonly values?: string
  readonly where?: string
}

const present = 'x.attnum > 0 and not x.attisdropped'

const satellites: readonly Satellite[] = [
  {table: 'pg_attribute', key: 'attrelid', of: 'with columns', label: 'x.attname', where: present},
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

/** Where the numbers of its columns or values stand, an order has no meaning of its own. */
const orders: readonly (Satellite & {readonly by: string})[] = [
  {
    ...{table: 'pg_attribute', key: 'attrelid', of: 'with columns'},
    values: 'x.attname',
    by: 'x.attnum',
    where: present,
  },
  {
    ...{table: 'pg_enum', key: 'enumtypid', of: 'pg_type'},
    values: 'x.enumlabel',
    by: 'x.enumsortorder',
  },
]

type RowOfQuery = [table: string, of: string, oid: string, label: string | null, text: string]

interface Row {
  readonly table: string
  /** The catalogue of the object that the row is, or belongs to. */
  readonly of: string
  readonly oid: string
  readonly label: string | null
  readonly values: unknown[]
}

const listOfJson = (text: string): unknown[] => {
  const values: unknown = JSON.parse(text)
  return Array.isArray(values) ? values : []
}

/** One cursor for all rows of all catalogues: a remote database is a round trip away. */
function declared(
  tables: ReadonlyMap<string, ComparedCatalogue>,
  objects: readonly (readonly [string, string, string, string | null])[],
): {text: string; values: string[][]} {
  const oids = new Map<string, string[]>()
  const add = (group: string, oid: string) => {
    const list = oids.get(group)
    if (list === undefined) oids.set(group, [oid])
    else list.push(oid)
  }
  for (const [of, oid, , kind] of objects) {
    add(of, oid)
    // Columns of an index are said by the index; those of a sequence are always the same.
    if (kind !== null && !'iIS'.includes(kind)) add('with columns', oid)
  }
  const values = [...oids.values()]
  const place = new Map(
    [...oids.keys()].map((group, index) => [group, `any($${index + 1}::oid[])`]),
  )
  const part = (
    name: string,
    {table, key, of, label = 'null', values: what = '', where = 'true'}: Satellite,
    more = '',
  ) => {
    const any = place.get(of)
    const owner = of === 'with columns' ? 'pg_class' : of
    return any === undefined
      ? []
      : [
          `select '${name}', '${owner}', x.${key}::oid::text, ${label}::text, ${what}::text from pg_catalog.${table} x where x.${key}::oid = ${any} and ${where} ${more}`,
        ]
  }
  const whole = (table: string) => array(tables.get(table)?.columns ?? [])
  const own = [...oids.keys()].filter((of) => of !== 'with columns')
  const parts = [
    ...own.flatMap((table) => part(table, {table, key: 'oid', of: table, values: whole(table)})),
    ...satellites.flatMap((each) => part(each.table, {...each, values: whole(each.table)})),
    ...orders.flatMap((each) =>
      part(
        `order of ${each.table}`,
        {...each, values: `json_build_array(json_agg(${each.values} order by ${each.by}))`},
        `group by x.${each.key}`,
      ),
    ),
    ...own.flatMap((of) => [
      ...part('pg_description', said('pg_description', of, 'x.description')),
      ...part('pg_seclabel', said('pg_seclabel', of, 'x.provider, x.label')),
    ]),
    ...part('owned by', ownedBy),
  ]
  return {text: `declare reading cursor for ${parts.join(' union all ')}`, values}
}

/** A function takes at most a hundred arguments; no catalogue has as many columns. */
const array = (columns: readonly CatalogueColumn[]): string =>
  `json_build_array(${columns.map(({sql}) => sql).join(', ')})`

/** What is said of an object or of one of its columns. */
const said = (table: string, of: string, what: string): Satellite => ({
  ...{table, key: 'objoid', of, values: `json_build_array(${what})`},
  label:
    of === 'pg_class'
      ? `(select a.attname from pg_catalog.pg_attribute a where a.attrelid = x.objoid and a.attnum = x.objsubid and a.attnum > 0)`
      : 'null',
  where: `x.classoid = 'pg_catalog.${of}'::regclass`,
})

/** The column whose sequence it is. */
const ownedBy: Satellite = {
  ...{table: 'pg_depend', key: 'objid', of: 'pg_class'},
  values: `(select json_build_array(x.refobjid, a.attname) from pg_catalog.pg_attribute a where a.attrelid = x.refobjid and a.attnum = x.refobjsubid)`,
  where: `x.classid = 'pg_catalog.pg_class'::regclass and x.refclassid = x.classid and x.refobjsubid > 0 and x.deptype in ('a', 'i')
    and exists (select from pg_catalog.pg_sequence s where s.seqrelid = x.objid)`,
}

/** Asks for the names of things outside that the rows point at, all at once. */
async function resolve(
  session: DatabaseSession,
  tables: ReadonlyMap<string, ComparedCatalogue>,
  rows: readonly Row[],
  names: Names,
): Promise<void> {
  const missing = new Map<string, Set<string>>()
  for (const {table, values} of rows) {
    for (const {index, to} of tables.get(table)?.pointers ?? []) {
      const known = names.get(to)
      for (const oid of listOf(values[index])) {
        if (oid === '0' || known?.has(oid)) continue
        const asked = missing.get(to)
        if (asked === undefined) missing.set(to, new Set([oid]))
        else asked.add(oid)
      }
    }
  }
  if (missing.size === 0) return
  const asked = [...missing].flatMap(([of, oids]) => [...oids].map((oid) => [of, oid] as const))
  const found = await session.rows<{class: string; oid: string; name: string | null}>(
    `select k.class, k.oid::text as oid, i.type || ' ' || i.identity as name from unnest($1::text[], $2::oid[]) k(class, oid)
     cross join lateral pg_catalog.pg_identify_object(('pg_catalog.' || k.class)::regclass, k.oid, 0) i`,
    [asked.map(([of]) => of), asked.map(([, oid]) => oid)],
  )
  for (const {class: of, oid, name} of found) named(names, of, oid, name ?? '')
}

/** Names in place of object ids. */
function nameValues({table, values}: Row, {pointers}: ComparedCatalogue, names: Names): void {
  for (const {index, to} of pointers) {
    const value = values[index]
    const known = names.get(to)
    const name = (oid: string) => (oid === '0' ? null : (known?.get(oid) ?? null))
    values[index] = Array.isArray(value) ? listOf(value).map(name) : name(String(value ?? 0))
  }
  if (table === 'owned by') values[0] = names.get('pg_class')?.get(String(values[0]))
}

const nothing: readonly string[] = []

/** One id, or a list of them. */
function listOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.map(String)
  return value === null || value === undefined ? nothing : [String(value)]
}

const alone = (name: string): ComparedCatalogue => ({
  ...{table: '', columns: [], names: [name], pointers: []},
})
/** What has no columns of its own. */
const saidOf = {order: alone('order'), value: alone('value')}

/** Gathers rows as facts: a digest of each, and its text packed away until somebody asks what differs. */
function createFacts(tables: ReadonlyMap<string, ComparedCatalogue>, names: Names) {
  const facts = new Map<string, CatalogueRow>()
  const owners = new Map<string, string>()
  const kept = keepTexts()
  return {
    add: (row: Row) => {
      const own = names.get(row.of)?.get(row.oid) ?? `${row.of} ${row.oid}`
      const table =
        tables.get(row.table) ?? saidOf[row.table.startsWith('order ') ? 'order' : 'value']
      const {names: columns} = table
      const {values} = row
      nameValues(row, table, names)
      const relation = values[columns.indexOf(relationOf[row.table] ?? '')]
      if (row.table === 'pg_index' && typeof relation === 'string') owners.set(own, relation)
      const of = row.table !== row.of ? own : typeof relation === 'string' ? relation : null
      const name = nameOf(row, own)
      const text = JSON.stringify(values)
      const fact = {digest: digestOf(text), of, columns, kept, place: kept.add(text)}
      facts.set(
        facts.has(name) ? `${name} (${row.table})` : name,
        values[columns.indexOf('contype')] === 'n' && of !== null
          ? {...fact, unnamed: unnamed(columns, values, of)}
          : fact,
      )
    },
    end: (): DatabaseCatalogue => {
      for (const [index, table] of owners) {
        const fact = facts.get(index)
        if (fact !== undefined) facts.set(index, {...fact, of: table})
      }
      return facts
    },
  }
}

export const digestLength = 11

const digestOf = (text: string) => hash('sha256', text, 'base64').slice(0, digestLength)

/** A NOT NULL by its column instead of by its own name, which servers before 18 do not keep. */
function unnamed(columns: readonly string[], values: readonly unknown[], of: string) {
  const definition = values[columns.indexOf('conbin')]
  const rest = values.map((value, index) => (columns[index] === 'conname' ? '' : value))
  return {name: `table constraint ${definition} on ${of}`, digest: digestOf(JSON.stringify(rest))}
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
  'order of pg_attribute': 'order of columns of',
  'order of pg_enum': 'order of values of',
}

function nameOf({table, of, label}: Row, own: string): string {
  const suffix = label === null ? '' : `.${label}`
  if (table === 'pg_attribute')
    return `${own.replace(/^(materialized view|foreign table|composite type|\S+) /, '$1 column ')}${suffix}`
  return table === of ? own : `${satelliteWords[table] ?? table} ${own}${suffix}`
}
