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
      return [table, {table, columns}]
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

// A definition that PostgreSQL writes, in place of a tree of nodes or a list of numbers.
const definitions: Readonly<Record<string, string>> = {
  'pg_rewrite.ev_action': 'pg_catalog.pg_get_ruledef(x.oid)',
  'pg_proc.prosqlbody': 'pg_catalog.pg_get_function_sqlbody(x.oid)',
  'pg_proc.proargdefaults': 'pg_catalog.pg_get_function_arguments(x.oid)',
  'pg_constraint.conbin': 'pg_catalog.pg_get_constraintdef(x.oid)',
  'pg_trigger.tgname': 'pg_catalog.pg_get_triggerdef(x.oid)',
  'pg_statistic_ext.stxkind': 'pg_catalog.pg_get_statisticsobjdef(x.oid)',
  'pg_partitioned_table.partattrs': 'pg_catalog.pg_get_partkeydef(x.partrelid)',
  'pg_attrdef.adbin': 'pg_catalog.pg_get_expr(x.adbin, x.adrelid)',
  'pg_class.relpartbound': 'pg_catalog.pg_get_expr(x.relpartbound, x.oid)',
  'pg_policy.polqual': 'pg_catalog.pg_get_expr(x.polqual, x.polrelid)',
  'pg_policy.polwithcheck': 'pg_catalog.pg_get_expr(x.polwithcheck, x.polrelid)',
  'pg_index.indexprs': 'pg_catalog.pg_get_expr(x.indexprs, x.indrelid)',
  'pg_index.indpred': 'pg_catalog.pg_get_expr(x.indpred, x.indrelid)',
  'pg_publication_rel.prqual': 'pg_catalog.pg_get_expr(x.prqual, x.prrelid)',
  'pg_index.indkey': columnNames('x.indkey', 'x.indrelid'),
  'pg_publication_rel.prattrs': `case when x.prattrs is not null then ${columnNames('x.prattrs', 'x.prrelid', 'k.n')} end`,
}

function columnNames(numbers: string, relation: string, order = 'k.o'): string {
  return `(select json_agg(coalesce(a.attname::text, '') order by ${order}) from unnest(${numbers}::int2[]) with ordinality k(n, o)
    left join pg_catalog.pg_attribute a on a.attrelid = ${relation} and a.attnum = k.n)`
}

// What nobody granted or revoked is written out: a default and the same rights granted by hand are equal.
const defaultRights: Readonly<Record<string, string>> = {
  relacl: `coalesce(x.relacl, pg_catalog.acldefault(case x.relkind when 'S' then 's' else 'r' end::"char", x.relowner))`,
  proacl: `coalesce(x.proacl, pg_catalog.acldefault('f', x.proowner))`,
  typacl: `coalesce(x.typacl, pg_catalog.acldefault('T', x.typowner))`,
  nspacl: `coalesce(x.nspacl, pg_catalog.acldefault('n', x.nspowner))`,
}

/** Null where the column is not compared. */
function comparedAs(table: string, name: string, type: string): string | null {
  const defined = definitions[`${table}.${name}`]
  if (defined !== undefined) return defined
  if (unlike.has(name) || type === 'pg_node_tree') return null
  if (type === 'aclitem[]')
    return `case when ${defaultRights[name] ?? `x.${name}`} is not null then
      (select json_agg(i::text order by i::text) from unnest(${defaultRights[name] ?? `x.${name}`}) i) end`
  if (type === 'bigint') return `x.${name}::text`
  if (type === 'oidvector') return `x.${name}::oid[]`
  return type.startsWith('reg') ? `x.${name}::oid` : `x.${name}`
}
