// What of `public` a backup without pg_dump holds besides the rows, from the catalogue: reads only, one query for
// each kind of thing, in the order in which things were made.

import {type Definitions, definitionsSchema} from './old-form.ts'
import type {DatabaseSession} from './session.ts'

/** Inside a look, which goes on afterwards. */
export async function readDefinitions({client, rows}: DatabaseSession): Promise<Definitions> {
  await client.query('savepoint definitions')
  try {
    // Expressions then name what they use in full, except what is in pg_catalog.
    await client.query(`set local search_path = ''`)
    const answer: Record<string, unknown> = {}
    for (const [part, sql] of Object.entries(queries)) {
      const found = await rows<{name: string; value: unknown}>(sql)
      answer[part] = Object.fromEntries(found.map(({name, value}) => [name, value]))
    }
    return definitionsSchema.parse({...answer, extensions: Object.keys(answer.extensions ?? {})})
  } finally {
    await client.query('rollback to savepoint definitions; release savepoint definitions')
  }
}

const inPublic = (alias: string, name: string, catalogue: string) =>
  `${alias}.${name} = 'public'::regnamespace and not exists (select from pg_depend e
    where e.classid = '${catalogue}'::regclass and e.objid = ${alias}.oid and e.deptype = 'e') order by ${alias}.oid`

/** Names to values of a sub-query, `{}` where there are none. */
const objectOf = (name: string, value: string, rest: string) =>
  `(select coalesce(jsonb_object_agg(${name}, ${value}), '{}') ${rest})`

const triggersOf = (table: string) =>
  objectOf(
    't.tgname',
    `pg_get_triggerdef(t.oid) || case t.tgenabled when 'O' then '' else ' -- ' || t.tgenabled::text end`,
    `from pg_trigger t where t.tgrelid = ${table} and not t.tgisinternal and t.tgparentid = 0`,
  )

// Indexes that a constraint owns come with the constraint.
const indexesOf = (table: string) =>
  objectOf(
    'i.relname',
    'pg_get_indexdef(x.indexrelid)',
    `from pg_index x join pg_class i on i.oid = x.indexrelid where x.indrelid = ${table} and not i.relispartition
      and not exists (select from pg_constraint k where k.conindid = x.indexrelid and k.conrelid = x.indrelid)`,
  )

const policyValue = `jsonb_build_object('permissive', p.polpermissive,
  'command', case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
  'roles', (select jsonb_agg(case when r = 0 then 'public' else pg_get_userbyid(r)::text end order by 1) from unnest(p.polroles) r),
  'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid))`

const columns = `(select coalesce(jsonb_agg(jsonb_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
    'notNull', a.attnotnull, 'default', pg_get_expr(d.adbin, d.adrelid), 'generated', a.attgenerated <> '',
    'identity', case a.attidentity when 'a' then 'always' when 'd' then 'by default' end,
    'collation', case when a.attcollation <> ty.typcollation then (select quote_ident(n.nspname) || '.' || quote_ident(co.collname)
      from pg_collation co join pg_namespace n on n.oid = co.collnamespace where co.oid = a.attcollation) end) order by a.attnum), '[]')
  from pg_attribute a join pg_type ty on ty.oid = a.atttypid
  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)`

const queries = {
  extensions: `select extname as name, true as value from pg_extension where extnamespace = 'public'::regnamespace`,
  enums: `select t.typname as name, jsonb_build_object('labels', (select jsonb_agg(e.enumlabel order by e.enumsortorder)
      from pg_enum e where e.enumtypid = t.oid)) as value
    from pg_type t where t.typtype = 'e' and ${inPublic('t', 'typnamespace', 'pg_type')}`,
  composites: `select t.typname as name, jsonb_build_object('definition', (select string_agg(quote_ident(a.attname) || ' ' ||
      format_type(a.atttypid, a.atttypmod), ', ' order by a.attnum) from pg_attribute a
      where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped)) as value
    from pg_type t join pg_class c on c.oid = t.typrelid and c.relkind = 'c' where ${inPublic('t', 'typnamespace', 'pg_type')}`,
  domains: `select t.typname as name, jsonb_build_object('definition', format_type(t.typbasetype, t.typtypmod)
      || coalesce(' default ' || t.typdefault, '') || case when t.typnotnull then ' not null' else '' end
      || coalesce((select string_agg(' constraint ' || quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid), '' order by k.conname)
        from pg_constraint k where k.contypid = t.oid and k.contype = 'c'), '')) as value
    from pg_type t where t.typtype = 'd' and ${inPublic('t', 'typnamespace', 'pg_type')}`,
  sequences: `select c.relname as name, jsonb_build_object('definition', format('as %s increment by %s minvalue %s maxvalue %s start with %s cache %s%s',
      format_type(s.seqtypid, null), s.seqincrement, s.seqmin, s.seqmax, s.seqstart, s.seqcache, case when s.seqcycle then ' cycle' else '' end),
      'identity', exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'i'),
      'ownedBy', (select quote_ident(o.relname) || '.' || quote_ident(a.attname) from pg_depend d join pg_class o on o.oid = d.refobjid
        join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
        where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')
          and o.relnamespace = 'public'::regnamespace limit 1)) as value
    from pg_class c join pg_sequence s on s.seqrelid = c.oid where ${inPublic('c', 'relnamespace', 'pg_class')}`,
  tables: `select c.relname as name, jsonb_build_object('columns', ${columns},
      'partitionKey', pg_get_partkeydef(c.oid),
      'partitionOf', case when c.relispartition then (select jsonb_build_object('parent', p.relname, 'bound', pg_get_expr(c.relpartbound, c.oid))
        from pg_inherits h join pg_class p on p.oid = h.inhparent where h.inhrelid = c.oid) end,
      'rowSecurity', c.relrowsecurity, 'forceRowSecurity', c.relforcerowsecurity,
      'constraints', ${objectOf(
        'k.conname',
        'pg_get_constraintdef(k.oid)',
        `from pg_constraint k where k.conrelid = c.oid and k.contype in ('p', 'u', 'f', 'c', 'x') and k.conparentid = 0 and not (k.contype <> 'f' and k.coninhcount > 0)`,
      )},
      'indexes', ${indexesOf('c.oid')}, 'triggers', ${triggersOf('c.oid')},
      'policies', ${objectOf('p.polname', policyValue, 'from pg_policy p where p.polrelid = c.oid')}) as value
    from pg_class c where c.relkind in ('r', 'p') and ${inPublic('c', 'relnamespace', 'pg_class')}`,
  views: `select c.relname as name, jsonb_build_object('definition', pg_get_viewdef(c.oid), 'materialized', c.relkind = 'm',
      'options', (select coalesce(jsonb_agg(o order by o), '[]') from unnest(c.reloptions) o),
      'indexes', ${indexesOf('c.oid')}, 'triggers', ${triggersOf('c.oid')}) as value
    from pg_class c where c.relkind in ('v', 'm') and ${inPublic('c', 'relnamespace', 'pg_class')}`,
  functions: `select p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' as name,
      jsonb_build_object('definition', case when p.prokind in ('f', 'p', 'w') then pg_get_functiondef(p.oid) else '' end,
      'procedure', case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end) as value
    from pg_proc p where ${inPublic('p', 'pronamespace', 'pg_proc')}`,
} as const
