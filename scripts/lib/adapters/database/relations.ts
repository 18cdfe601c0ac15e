// The relations of `public` and their columns, as the catalogue has them: one reading for all that a reset, a backup
// and the proofs ask of tables and views.

import type {DatabaseSession} from './session.ts'

export interface Relation {
  readonly name: string
  /** `r` a table, `p` a partitioned one, `v` a view, `m` a materialized one. */
  readonly kind: string
  readonly isPartition: boolean
  /** Of an extension: no part of any shape. */
  readonly isExtensions: boolean
  readonly rowSecurity: boolean
  /** As `security_invoker=true`. */
  readonly options: readonly string[]
  readonly populated: boolean
  /** By what a publication tells which row is meant: `n` nothing, `d` the primary key. */
  readonly identity: string
  readonly keyed: boolean
  /** Whether this session may change its rows. */
  readonly writable: boolean
}

/** By name; partitions count as tables of their own. */
export const relationsOf = ({rows}: DatabaseSession, kinds = 'rp'): Promise<Relation[]> =>
  rows<Relation & {name: string}>(
    `select c.relname as name, c.relkind as kind, c.relispartition as "isPartition", c.relrowsecurity as "rowSecurity",
       coalesce(c.reloptions, '{}') as options, c.relispopulated as populated, c.relreplident as identity,
       exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e') as "isExtensions",
       exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary) as keyed, has_table_privilege(c.oid, 'insert, update, delete, truncate') as writable
     from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = any ($1) order by c.relname`,
    [[...kinds]],
  )

export interface Column {
  readonly name: string
  /** With its modifier, as SQL writes it. */
  readonly type: string
  readonly generated: boolean
}

/** The columns of these tables of `public`, each table's in their order. */
export async function columnsOf(
  {rows}: DatabaseSession,
  tables: readonly string[],
): Promise<ReadonlyMap<string, readonly Column[]>> {
  if (tables.length === 0) return new Map()
  const found = await rows<Column & {table: string}>(
    `select c.relname as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.attgenerated <> '' as generated
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname = any ($1) order by a.attnum`,
    [tables],
  )
  const byTable = new Map<string, Column[]>()
  for (const {table, ...column} of found) {
    const known = byTable.get(table)
    if (known === undefined) byTable.set(table, [column])
    else known.push(column)
  }
  return byTable
}

/** Names of the tables that a project knows: partitions count with their parent, an extension's not at all. */
export const tablesOf = (relations: readonly Relation[]): readonly Relation[] =>
  relations.filter(
    ({kind, isPartition, isExtensions}) => 'rp'.includes(kind) && !isPartition && !isExtensions,
  )
