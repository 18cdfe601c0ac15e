// Which columns of PostgreSQL's catalogues are compared, and as what: a number that differs from one build to
// the next says nothing, the name or the definition that it stands for does.

import type {DatabaseSession} from './session.ts'

export interface CatalogueColumn {
  readonly name: string
  readonly sql: string
  /** The catalogue that the value is an object id of. */
  readonly points: string | null
}

export interface ComparedCatalogue {
  readonly table: string
  readonly columns: readonly CatalogueColumn[]
  readonly names: readonly string[]
  /** Which values are object ids, and of which catalogue. */
  readonly pointers: readonly {readonly index: number; readonly to: string}[]
}

/** Every catalogue with what of its columns is compared; which columns point where is PostgreSQL's own word. */
export async function comparedCatalogues(
  session: DatabaseSession,
): Promise<Map<string, ComparedCatalogue>> {
  const rows = await session.rows<{
    table: string
    names: string[]
    types: string[]
    points: string[]
  }>(`
    with keys as (select fktable, fkcols[1] as fkcol, pktable
      from pg_catalog.pg_get_catalog_foreign_keys() where cardinality(fkcols) = 1)
    select c.relname as table, array_agg(a.attname::text order by a.attnum) as names,
      array_agg(a.atttypid::regtype::text order by a.attnum) as types,
      array_agg(coalesce(k.pktable::text, '') order by a.attnum) as points
    from pg_catalog.pg_class c join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      left join keys k on k.fktable = c.oid and k.fkcol = a.attname
    where c.relnamespace = 'pg_catalog'::regnamespace and c.relkind = 'r' group by c.relname`)
  return new Map(
    rows.map(({table, names, types, points}) => {
      const columns = names.flatMap((name, index) => {
        const points_ = points[index]?.replace(/^pg_catalog\./, '') || null
        const sql = comparedAs(table, name, types[index] ?? '')
        return sql === null ? [] : [{name, sql, points: points_}]
      })
      const pointers = columns.flatMap(({points: to}, index) => (to === null ? [] : [{index, to}]))
      return [table, {table, columns, names: columns.map(({name}) => name), pointers}]
    }),
  )
}

// Storage, statistics and numbers that differ from one build to the next; the names that numbers stand
// for are compared in their place, where a definition does not say them already.
const unlike = new Set(
  `oid tableoid xmin relfilenode reltoastrelid relpages reltuples relallvisible relallfrozen relfrozenxid relminmxid
  relrewrite relhastriggers relhassubclass relhasindex relhasrules relispopulated relchecks relnatts reltype attcacheoff attmissingval
  atthasmissing atthasdef attnum attndims attlen attbyval attalign attrelid indcheckxmin indislive indexrelid typarray typdefaultbin
  enumsortorder enumtypid tgconstrindid tgconstraint conkey confkey conpfeqop conppeqop conffeqop conexclop confdelsetcols connoinherit conindid
  ev_qual tgattr tgargs tgqual adnum inhrelid partrelid ftrelid seqrelid rngtypid aggfnoid mapcfg stxkeys stxexprs prattrs_`.split(
    /\s+/,
  ),
)

// A definition that PostgreSQL writes (`pg_get_…`), in place of a tree of nodes or a list of numbers.
const definitions: Readonly<Record<string, string>> = {
  'pg_rewrite.ev_action': 'ruledef(x.oid)',
  'pg_proc.prosqlbody': 'function_sqlbody(x.oid)',
  'pg_proc.proargdefaults': 'function_arguments(x.oid)',
  'pg_constraint.conbin': 'constraintdef(x.oid)',
  'pg_trigger.tgname': 'triggerdef(x.oid)',
  'pg_statistic_ext.stxkind': 'statisticsobjdef(x.oid)',
  'pg_partitioned_table.partattrs': 'partkeydef(x.partrelid)',
}

/** The relation that a row is a part of, by the catalogue's own column; an index's is said by pg_index. */
export const relationOf: Readonly<Record<string, string>> = {
  pg_constraint: 'conrelid',
  pg_index: 'indrelid',
  pg_trigger: 'tgrelid',
  pg_policy: 'polrelid',
  pg_rewrite: 'ev_class',
  pg_attrdef: 'adrelid',
  pg_publication_rel: 'prrelid',
  pg_statistic_ext: 'stxrelid',
}

/** Lists of numbers of columns, as names; `sorted`: their order says nothing. */
const numbered: Readonly<Record<string, {sorted: boolean}>> = {
  'pg_index.indkey': {sorted: false},
  'pg_publication_rel.prattrs': {sorted: true},
}

function columnNames(numbers: string, relation: string, sorted: boolean): string {
  return `case when ${numbers} is not null then (select json_agg(coalesce(a.attname::text, '') order by ${sorted ? 'k.n' : 'k.o'})
    from unnest(${numbers}::int2[]) with ordinality k(n, o) left join pg_catalog.pg_attribute a on a.attrelid = ${relation} and a.attnum = k.n) end`
}

// What nobody granted or revoked is written out: a default and the same rights granted by hand are equal.
const defaultRights: Readonly<Record<string, {kind: string; owner: string}>> = {
  relacl: {kind: `case x.relkind when 'S' then 's' else 'r' end::"char"`, owner: 'relowner'},
  proacl: {kind: `'f'`, owner: 'proowner'},
  typacl: {kind: `'T'`, owner: 'typowner'},
  nspacl: {kind: `'n'`, owner: 'nspowner'},
}

function rightsOf(name: string): string {
  const usual = defaultRights[name]
  const acl = usual
    ? `coalesce(x.${name}, pg_catalog.acldefault(${usual.kind}, x.${usual.owner}))`
    : `x.${name}`
  return `case when ${acl} is not null then (select json_agg(i::text order by i::text) from unnest(${acl}) i) end`
}

/** Null where the column is not compared. */
function comparedAs(table: string, name: string, type: string): string | null {
  const [key, relation] = [`${table}.${name}`, table === 'pg_class' ? 'oid' : relationOf[table]]
  const [defined, numbers] = [definitions[key], numbered[key]]
  if (defined !== undefined) return `pg_catalog.pg_get_${defined}`
  if (numbers !== undefined) return columnNames(`x.${name}`, `x.${relation}`, numbers.sorted)
  if (unlike.has(name)) return null
  if (type === 'pg_node_tree')
    return relation === undefined ? null : `pg_catalog.pg_get_expr(x.${name}, x.${relation})`
  if (type === 'aclitem[]') return rightsOf(name)
  if (type === 'bigint') return `x.${name}::text`
  if (type === 'oidvector') return `x.${name}::oid[]`
  return type.startsWith('reg') ? `x.${name}::oid` : `x.${name}`
}
