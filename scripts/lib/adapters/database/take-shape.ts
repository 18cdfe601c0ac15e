// Takes the shape of a database from its catalogue: reads only, one query for each kind of thing.

import {type OldShape as Shape, oldShapeSchema as shapeSchema} from './old-form.ts'
import type {DatabaseSession} from './session.ts'

/** The shape of the database behind `session`. Never fails for what other schemas do not let it see. */
export async function shapeFromCatalogue(
  session: DatabaseSession,
  source: Shape['source'],
  /** `nested`: inside a transaction that goes on afterwards. */
  options: {readonly nested?: boolean} = {},
): Promise<Shape> {
  const {rows} = session
  const nested = options.nested === true
  await session.client.query(nested ? 'savepoint shape' : 'begin isolation level repeatable read')
  // Expressions then name what they use in full, except what is in pg_catalog.
  try {
    await session.client.query(`set local search_path = ''`)
    const answer: Record<string, unknown> = {
      format: 1,
      source,
      migrations: await migrationsOf(session),
    }
    for (const [part, sql] of Object.entries(queries)) {
      const found = await rows<{name: string; value: unknown}>(sql)
      answer[part] = Object.fromEntries(found.map(({name, value}) => [name, value]))
    }
    const schema = answer.schema
    answer.schema =
      typeof schema === 'object' && schema !== null && 'public' in schema
        ? schema.public
        : {acl: {}}
    answer.extensions = Object.keys(answer.extensions ?? {})
    return normalised(shapeSchema.parse(answer))
  } finally {
    await session.client.query(nested ? 'rollback to savepoint shape' : 'rollback')
  }
}

async function migrationsOf({rows}: DatabaseSession): Promise<string[] | null> {
  const [there] = await rows<{there: boolean}>(
    `select coalesce(has_table_privilege(to_regclass('supabase_migrations.schema_migrations'), 'select'), false) as there`,
  )
  if (!there?.there) return null
  const found = await rows<{version: string}>(
    'select version::text as version from supabase_migrations.schema_migrations order by 1',
  )
  return found.map(({version}) => version)
}

// MAINTAIN came with PostgreSQL 17: two servers of different age must compare all the same.
const aclOf = (list: string, kind: string, owner: string) => `(
  select coalesce(jsonb_object_agg(grantee, privileges), '{}') from (
    select case when a.grantee = 0 then 'public' when a.grantee = ${owner} then '@owner'
      else pg_get_userbyid(a.grantee)::text end as grantee,
      jsonb_agg(distinct a.privilege_type || case when a.is_grantable and a.grantee <> ${owner} then '*' else '' end) as privileges
    from aclexplode(coalesce(${list}, acldefault('${kind}', ${owner}))) a
    where a.privilege_type <> 'MAINTAIN' group by 1) g)`

const explicitAcl = (list: string, owner: string) => `(
  select jsonb_object_agg(grantee, privileges) from (
    select case when a.grantee = 0 then 'public' when a.grantee = ${owner} then '@owner'
      else pg_get_userbyid(a.grantee)::text end as grantee,
      jsonb_agg(distinct a.privilege_type || case when a.is_grantable and a.grantee <> ${owner} then '*' else '' end) as privileges
    from aclexplode(${list}) a where a.privilege_type <> 'MAINTAIN' group by 1) g)`

const inPublic = (alias: string, name: string, catalogue: string) =>
  `${alias}.${name} = 'public'::regnamespace and not exists (select from pg_depend e
    where e.classid = '${catalogue}'::regclass and e.objid = ${alias}.oid and e.deptype = 'e')`

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
      from pg_collation co join pg_namespace n on n.oid = co.collnamespace where co.oid = a.attcollation) end,
    'acl', ${explicitAcl('a.attacl', 'c.relowner')}) order by a.attnum), '[]')
  from pg_attribute a join pg_type ty on ty.oid = a.atttypid
  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)`

const queries = {
  schema: `select nspname as name, jsonb_build_object('acl', ${aclOf('n.nspacl', 'n', 'n.nspowner')}) as value
    from pg_namespace n where nspname = 'public'`,
  extensions: `select extname as name, true as value from pg_extension where extnamespace = 'public'::regnamespace`,
  enums: `select t.typname as name, jsonb_build_object('labels', (select jsonb_agg(e.enumlabel order by e.enumsortorder)
      from pg_enum e where e.enumtypid = t.oid), 'acl', ${aclOf('t.typacl', 'T', 't.typowner')}) as value
    from pg_type t where t.typtype = 'e' and ${inPublic('t', 'typnamespace', 'pg_type')}`,
  composites: `select t.typname as name, jsonb_build_object('definition', (select string_agg(quote_ident(a.attname) || ' ' ||
      format_type(a.atttypid, a.atttypmod), ', ' order by a.attnum) from pg_attribute a
      where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped), 'acl', ${aclOf('t.typacl', 'T', 't.typowner')}) as value
    from pg_type t join pg_class c on c.oid = t.typrelid and c.relkind = 'c' where ${inPublic('t', 'typnamespace', 'pg_type')}`,
  domains: `select t.typname as name, jsonb_build_object('definition', format_type(t.typbasetype, t.typtypmod)
      || coalesce(' default ' || t.typdefault, '') || case when t.typnotnull then ' not null' else '' end
      || coalesce((select string_agg(' constraint ' || quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid), '' order by k.conname)
        from pg_constraint k where k.contypid = t.oid and k.contype = 'c'), ''), 'acl', ${aclOf('t.typacl', 'T', 't.typowner')}) as value
    from pg_type t where t.typtype = 'd' and ${inPublic('t', 'typnamespace', 'pg_type')}`,
  sequences: `select c.relname as name, jsonb_build_object('definition', format('as %s increment by %s minvalue %s maxvalue %s start with %s cache %s%s',
      format_type(s.seqtypid, null), s.seqincrement, s.seqmin, s.seqmax, s.seqstart, s.seqcache, case when s.seqcycle then ' cycle' else '' end),
      'identity', exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'i'),
      'ownedBy', (select quote_ident(o.relname) || '.' || quote_ident(a.attname) from pg_depend d join pg_class o on o.oid = d.refobjid
        join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
        where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')
          and o.relnamespace = 'public'::regnamespace limit 1),
      'acl', ${aclOf('c.relacl', 's', 'c.relowner')}) as value
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
      'policies', ${objectOf('p.polname', policyValue, 'from pg_policy p where p.polrelid = c.oid')},
      'acl', ${aclOf('c.relacl', 'r', 'c.relowner')}) as value
    from pg_class c where c.relkind in ('r', 'p') and ${inPublic('c', 'relnamespace', 'pg_class')}`,
  views: `select c.relname as name, jsonb_build_object('definition', pg_get_viewdef(c.oid), 'materialized', c.relkind = 'm',
      'options', (select coalesce(jsonb_agg(o order by o), '[]') from unnest(c.reloptions) o),
      'indexes', ${indexesOf('c.oid')}, 'triggers', ${triggersOf('c.oid')}, 'acl', ${aclOf('c.relacl', 'r', 'c.relowner')}) as value
    from pg_class c where c.relkind in ('v', 'm') and ${inPublic('c', 'relnamespace', 'pg_class')}`,
  functions: `select p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' as name,
      jsonb_build_object('definition', case when p.prokind in ('f', 'p', 'w') then pg_get_functiondef(p.oid) else '' end,
      'procedure', case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end,
      'acl', ${aclOf('p.proacl', 'f', 'p.proowner')}) as value
    from pg_proc p where ${inPublic('p', 'pronamespace', 'pg_proc')}`,
  defaults: `select pg_get_userbyid(d.defaclrole) || ' ' || case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences'
      when 'f' then 'functions' when 'T' then 'types' else d.defaclobjtype::text end as name, ${explicitAcl('d.defaclacl', 'd.defaclrole')} as value
    from pg_default_acl d where d.defaclnamespace = 'public'::regnamespace and cardinality(d.defaclacl) > 0`,
  foreignTriggers: `select format('%I.%I %I', n.nspname, c.relname, t.tgname) as name, pg_get_triggerdef(t.oid) as value
    from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace join pg_proc p on p.oid = t.tgfoid
    where not t.tgisinternal and n.nspname <> 'public' and p.pronamespace = 'public'::regnamespace`,
  foreignPolicies: `select format('%I.%I %I', n.nspname, c.relname, p.polname) as name, ${policyValue} as value
    from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('storage', 'realtime') or (n.nspname <> 'public' and exists (select from pg_depend d
      where d.classid = 'pg_policy'::regclass and d.objid = p.oid and (
        d.refobjid in (select oid from pg_proc where pronamespace = 'public'::regnamespace) or
        d.refobjid in (select oid from pg_class where relnamespace = 'public'::regnamespace))))`,
  publications: `select p.pubname as name, (select coalesce(jsonb_agg(c.relname order by c.relname), '[]') from pg_publication_rel r
      join pg_class c on c.oid = r.prrelid where r.prpubid = p.oid and c.relnamespace = 'public'::regnamespace) as value
    from pg_publication p where not p.puballtables`,
} as const

/** Sorted keys: two takes of one database are the same text. */
function normalised(shape: Shape): Shape {
  return shapeSchema.parse(sorted(shape))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, inner]): [string, unknown] => [
    key,
    sorted(inner),
  ])
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)))
}
