// Empties `public` inside a reset's transaction. The schema itself stays: its owner may be nobody that this
// session can act for, and default privileges of the vendor's roles hang on it that nobody could give back.

import {changeOfRights, rightsOf} from './acl.ts'
import {closure, policySchemas, publicRoot} from './catalogue.ts'
import {type DatabaseSession, identifier} from './session.ts'
import type {Shape, ShapeSection} from './shape.ts'

/**
 * Tables and columns of other schemas that would go with `public`, rows and all: asked before anything is dropped.
 * What holds no rows of its own (a view, a trigger, a partition of a table of `public`) can be built again.
 */
export async function lostElsewhere(session: DatabaseSession): Promise<readonly string[]> {
  const rows = await session.rows<{name: string}>(`${closure(publicRoot)}
    select distinct case when hung.objsubid = 0 then format('table %I.%I', n.nspname, c.relname)
      else format('column %I.%I.%I', n.nspname, c.relname, a.attname) end as name
    from hung join pg_catalog.pg_class c on hung.classid = 'pg_catalog.pg_class'::regclass and c.oid = hung.objid
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = hung.objsubid and a.attgenerated = ''
    where n.nspname not in ('public', 'pg_toast') and c.relkind in ('r', 'p') and not c.relispartition
      and (hung.objsubid = 0 or a.attnum is not null) order by 1`)
  return rows.map(({name}) => name)
}

/** Drops all of it, and what an extension that PROD lacks has brought. Throws the server's error. */
export async function clearPublic(session: DatabaseSession, shape: Shape): Promise<void> {
  const {client} = session
  const wanted = shape.sections.flatMap(({type, name}) => (type === 'EXTENSION' ? [name] : []))
  const statements = [
    ...(await session.rows<{sql: string}>(hangingElsewhere)).map(({sql}) => sql),
    ...(await session.rows<{name: string}>(extensions)).flatMap(({name}) =>
      wanted.includes(name) ? [] : [`drop extension if exists ${identifier(name)} cascade`],
    ),
    ...(await session.rows<{sql: string}>(members)).map(({sql}) => sql),
  ]
  await client.query(statements.join(';\n'))
  const left = await session.rows<{sql: string}>(members)
  if (left.length > 0) throw new Error(`public still holds: ${left[0]?.sql}`)
}

const extensions = `select e.extname as name from pg_catalog.pg_extension e where e.extnamespace = 'public'::regnamespace`

// Policies of an application that a reset does not take along are compared all the same, so both builds
// start without them; a publication keeps its membership of a schema that stays.
const hangingElsewhere = `
  select format('drop policy %I on %s', p.polname, p.polrelid::regclass) as sql
  from pg_catalog.pg_policy p join pg_catalog.pg_class c on c.oid = p.polrelid
  where c.relnamespace::regnamespace::text in (${policySchemas.map((name) => `'${name}'`).join(', ')})
  union all select format('alter publication %I drop tables in schema public', b.pubname)
  from pg_catalog.pg_publication_namespace m join pg_catalog.pg_publication b on b.oid = m.pnpubid
  where m.pnnspid = 'public'::regnamespace`

// One statement for all things of a kind; what hangs on them goes along.
const members = `
  select format('drop %s if exists %s cascade', kind, string_agg(identity, ', ')) as sql from (
    select case i.type when 'function' then 'routine' when 'procedure' then 'routine' when 'aggregate' then 'routine'
        when 'composite type' then 'type' when 'statistics object' then 'statistics' else i.type end as kind, i.identity
    from pg_catalog.pg_depend d cross join lateral pg_catalog.pg_identify_object(d.classid, d.objid, 0) i
    where d.refclassid = 'pg_catalog.pg_namespace'::regclass and d.refobjid = 'public'::regnamespace
      and d.classid not in ('pg_catalog.pg_extension'::regclass, 'pg_catalog.pg_default_acl'::regclass,
        'pg_catalog.pg_publication_namespace'::regclass)
      and not exists (select from pg_catalog.pg_depend e
        where e.classid = d.classid and e.objid = d.objid and (e.deptype = 'e'
          or (e.deptype = 'i' and (e.refclassid, e.refobjid) <> (e.classid, e.objid))))
    ) m group by kind, case when kind in ('table', 'view', 'materialized view', 'foreign table', 'sequence', 'type', 'routine') then '' else identity end
    order by case kind when 'table' then 0 when 'operator family' then 2 else 1 end`

/**
 * Owner, rights, comment and default privileges of the schema as a dump takes them for granted in a new database,
 * then as the shape has them. Default privileges of roles that this session cannot act for stay as they are.
 */
export async function schemaLike(session: DatabaseSession, shape: Shape): Promise<void> {
  const head = shape.sections.filter(isOfSchema)
  const owner = head.find(({type}) => type === 'SCHEMA')?.owner ?? 'pg_database_owner'
  const within = await reachable(session)
  const own = head.filter(({type, owner: role}) => type !== 'DEFAULT ACL' || within.has(role))
  const statements = [...(await asInNewDatabase(session, owner)), ...own.map(({sql}) => sql)]
  await session.client.query(statements.join(';\n'))
}

async function asInNewDatabase(
  session: DatabaseSession,
  owner: string,
): Promise<readonly string[]> {
  const [schema] = await session.rows<{owner: string; acl: string[] | null}>(
    `select pg_get_userbyid(nspowner)::text as owner, nspacl::text[] as acl from pg_namespace where nspname = 'public'`,
  )
  const defaults = await defaultsOf(session)
  // What the new owner has follows from who it is.
  const [none, usual] = [
    new Map(),
    new Map([
      [owner, 'UC'],
      ['', 'U'],
    ]),
  ]
  const on = 'schema public'
  return [
    ...(schema?.owner === owner ? [] : [`alter ${on} owner to ${identifier(owner)}`]),
    ...changeOfRights({on}, none, new Map([...rightsOf(schema?.acl), [owner, 'UC']])),
    ...changeOfRights({on}, usual, none),
    `comment on ${on} is 'standard public schema'`,
    ...defaults.flatMap(({before, on, everywhere, acl}) =>
      everywhere ? [] : changeOfRights({on, before}, none, rightsOf(acl)),
    ),
  ]
}

/** Default privileges that this session may change. */
async function defaultsOf({rows}: DatabaseSession) {
  const found = await rows<{
    role: string
    own: boolean
    kind: string
    everywhere: boolean
    acl: string[]
    usual: string[]
  }>(
    `select pg_get_userbyid(defaclrole)::text as role, pg_get_userbyid(defaclrole) = current_user as own, defaclobjtype as kind, defaclnamespace = 0 as everywhere,
       defaclacl::text[] as acl, acldefault(case defaclobjtype when 'S' then 's' else defaclobjtype end, defaclrole)::text[] as usual
     from pg_default_acl where defaclnamespace in (0, 'public'::regnamespace) and pg_has_role(defaclrole, 'member')`,
  )
  const kinds: Readonly<Record<string, string>> = {
    r: 'tables',
    S: 'sequences',
    f: 'functions',
    T: 'types',
  }
  return found.flatMap(({role, kind, ...rest}) => {
    const where = rest.everywhere ? '' : ' in schema public'
    const before = `alter default privileges for role ${identifier(role)}${where} `
    const on = kinds[kind]
    // Of schemas, large objects and what may come: nothing of `public` is made with them.
    return on === undefined ? [] : [{...rest, before, on}]
  })
}

/** What is said of the schema itself. */
export const isOfSchema = ({type, schema, name}: ShapeSection): boolean =>
  type === 'SCHEMA' ||
  (type === 'DEFAULT ACL' && schema === 'public') ||
  (['ACL', 'COMMENT'].includes(type) && name === 'SCHEMA public')

/** Roles that this session may act for. */
export async function reachable(session: DatabaseSession): Promise<ReadonlySet<string>> {
  const rows = await session.rows<{name: string}>(
    `select rolname as name from pg_catalog.pg_roles where pg_catalog.pg_has_role(oid, 'member')`,
  )
  return new Set(rows.map(({name}) => name))
}

/** Takes back what this session's role gives by default in every schema; answers the statements that give it again. */
export async function withoutDefaultRights(session: DatabaseSession): Promise<readonly string[]> {
  const own = (await defaultsOf(session)).filter(({own, everywhere}) => own && everywhere)
  const change = (to: 'acl' | 'usual', from: 'acl' | 'usual') =>
    own.flatMap((one) => changeOfRights(one, rightsOf(one[to]), rightsOf(one[from])))
  for (const sql of change('usual', 'acl')) await session.client.query(sql)
  return change('acl', 'usual')
}
