// The rows of the reference tables, kept through a reset inside its own transaction: as texts, since a
// type of `public` goes with its schema, and back in an order that foreign keys accept.

import {problem} from '../../domain/problem.ts'
import {columnsOf, type Relation, relationsOf} from './relations.ts'
import {type DatabaseSession, identifier} from './session.ts'

interface Kept {
  readonly table: string
  readonly columns: readonly string[]
  readonly copy: string
  readonly rows: number
  readonly sequences: readonly {
    readonly column: string
    readonly sequence: string
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
  session: DatabaseSession,
  tables: readonly string[],
  mark: string,
): Promise<KeptRows> {
  const kept: Kept[] = []
  const relations = new Map((await relationsOf(session)).map((each) => [each.name, each]))
  const present = await columnsOf(session, tables)
  for (const [index, table] of tables.entries()) {
    const copy = `pg_temp.${identifier(`postgate_${mark}_${index}`)}`
    // Generated columns make themselves.
    const columns = (present.get(table) ?? []).flatMap(({name, generated}) =>
      generated ? [] : [name],
    )
    const texts = columns.map((column) => `${identifier(column)}::text as ${identifier(column)}`)
    // Its own rows: those of tables that inherit from it are theirs.
    const alone = relations.get(table)?.kind === 'r' ? 'only ' : ''
    const from = `from ${alone}public.${identifier(table)}`
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

async function restore(session: DatabaseSession, kept: readonly Kept[]): Promise<void> {
  const filled = kept.filter(({rows}) => rows > 0)
  if (filled.length === 0) return
  const names = filled.map(({table}) => table)
  const {order, against} = await inOrderOfKeys(session, names)
  const sorted = order.flatMap((table) => filled.filter((one) => one.table === table))
  const aside = await setAside(session, names, against)
  await session.client.query(['set constraints all immediate', ...aside.before].join('; '))
  const relations = new Map((await relationsOf(session)).map((each) => [each.name, each]))
  for (const {table} of [...sorted].reverse())
    await emptyTable(session, table, relations.get(table))
  await session.client.query('set constraints all deferred')
  const present = await columnsOf(session, names)
  for (const one of sorted) {
    const columns = present.get(one.table) ?? []
    await putBack(session, one, new Map(columns.map(({name, type}) => [name, type])))
  }
  await session.client.query(
    ['set constraints all immediate', ...aside.after, 'set constraints all deferred'].join('; '),
  )
  const again = await setAside(session, names, against)
  if ([...aside.after].sort().join() !== [...again.after].sort().join())
    throw new Error(`not as it was: ${again.after.find((one) => !aside.after.includes(one))}`)
}

/** Rows that migrations put there. Where a publication sends deletions, it must know which row is meant. */
async function emptyTable(
  {client, rows}: DatabaseSession,
  table: string,
  relation: Relation | undefined,
): Promise<void> {
  const name = `public.${identifier(table)}`
  const [row] = await rows<{filled: boolean}>(`select exists (select from ${name}) as filled`)
  if (!row?.filled) return
  const {identity, keyed} = relation ?? {identity: '', keyed: true}
  const former = identity === 'n' ? 'nothing' : identity === 'd' && !keyed ? 'default' : null
  const around = (sql: string) =>
    former === null ? '' : `alter table ${name} replica identity ${sql}; `
  await client.query(`${around('full')}delete from ${name}; ${around(former ?? '')}`)
}

async function putBack(
  session: DatabaseSession,
  {table, columns, copy, sequences}: Kept,
  types: ReadonlyMap<string, string>,
): Promise<void> {
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
  for (const {column, sequence, last, called} of sequences) {
    if (!types.has(column)) continue
    // Behind the greatest value, where somebody gave one by hand.
    await session.client.query(
      `with s as (select s.* from pg_sequence s where s.seqrelid = coalesce(pg_get_serial_sequence($1, $2), $3)::regclass),
         top as (select case when s.seqincrement > 0 then max(t.v) else min(t.v) end as v from s, (select ${identifier(column)}::numeric as v from public.${identifier(table)}) t group by s.seqincrement)
       select setval(s.seqrelid, case when behind.it then top.v::bigint else $4::bigint end, behind.it or $5)
       from s left join top on true, lateral (select coalesce(top.v between s.seqmin and s.seqmax and top.v = trunc(top.v)
         and (top.v - $4::bigint) * sign(s.seqincrement) > case when $5 then 0 else -1 end, false) as it) behind`,
      [`public.${identifier(table)}`, column, sequence, last, called],
    )
  }
}

/** Sequences that number a column: its own, or one of `public` that its default takes the next value of. */
async function sequencesOf(session: DatabaseSession, table: string): Promise<Kept['sequences']> {
  const found = await session.rows<{column: string; sequence: string}>(
    `select distinct a.attname as column, format('%I.%I', n.nspname, s.relname) as sequence
     from pg_attribute a left join pg_attrdef f on f.adrelid = a.attrelid and f.adnum = a.attnum
       join pg_depend d on (d.classid = 'pg_attrdef'::regclass and d.objid = f.oid and d.refclassid = 'pg_class'::regclass)
         or (d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = a.attrelid
           and d.refobjsubid = a.attnum and d.deptype in ('a', 'i'))
       join pg_class s on s.relkind = 'S' and s.oid = case when d.classid = 'pg_class'::regclass then d.objid else d.refobjid end
       join pg_namespace n on n.oid = s.relnamespace and n.nspname = 'public'
     where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped and a.atttypid in (20, 21, 23, 1700)`,
    [`public.${identifier(table)}`],
  )
  const sequences: Kept['sequences'][number][] = []
  for (const {column, sequence} of found) {
    const [state] = await session.rows<{last: string; called: boolean}>(
      `select last_value::text as last, is_called as called from ${sequence}`,
    )
    if (state !== undefined) sequences.push({column, sequence, ...state})
  }
  return sequences
}

/** Tables that others point at come first; `against` are the keys that no order satisfies, by their ids. */
async function inOrderOfKeys(
  session: DatabaseSession,
  tables: readonly string[],
): Promise<{readonly order: readonly string[]; readonly against: readonly string[]}> {
  const within = (await foreignKeys(session, tables)).filter(
    ({child, parent, inherited}) => child !== parent && tables.includes(parent) && !inherited,
  )
  const parents = new Map<string, string[]>()
  for (const {child, parent} of within) parents.set(child, [...(parents.get(child) ?? []), parent])
  const order = new Set<string>()
  const visit = (table: string, path: ReadonlySet<string>) => {
    if (order.has(table) || path.has(table)) return
    for (const parent of parents.get(table) ?? []) visit(parent, new Set([...path, table]))
    order.add(table)
  }
  for (const table of tables) visit(table, new Set())
  const place = new Map([...order].map((table, index) => [table, index]))
  const against = within.filter(
    ({child, parent}) => (place.get(parent) ?? 0) > (place.get(child) ?? 0),
  )
  return {order: [...order], against: against.map(({key}) => key)}
}

/**
 * Statements that set aside what would change, log or refuse rows that were there before (triggers and rules of the
 * application, keys in a circle, constraints that old rows never had to satisfy), and those that bring each back as it was.
 */
async function setAside(
  session: DatabaseSession,
  tables: readonly string[],
  keys: readonly string[],
): Promise<{before: readonly string[]; after: readonly string[]}> {
  const rows = await session.rows<{before: string; after: string}>(
    `with whole as (select distinct coalesce(t.relid, c.oid) as oid from pg_class c
         left join lateral pg_partition_tree(c.oid) t on true
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname = any ($1)),
       named as (select w.oid, format('%I.%I', n.nspname, c.relname) as name
         from whole w join pg_class c on c.oid = w.oid join pg_namespace n on n.oid = c.relnamespace)
     select format('alter table only %s disable trigger %I', w.name, t.tgname) as before,
       format('alter table only %s enable %s trigger %I', w.name, case t.tgenabled when 'A' then 'always' when 'R' then 'replica' else '' end, t.tgname) as after
     from named w join pg_trigger t on t.tgrelid = w.oid where not t.tgisinternal and t.tgenabled <> 'D'
     union all select format('alter table %s disable rule %I', w.name, r.rulename),
       format('alter table %s enable %s rule %I', w.name, case r.ev_enabled when 'A' then 'always' when 'R' then 'replica' else '' end, r.rulename)
     from named w join pg_rewrite r on r.ev_class = w.oid where r.ev_type <> '1' and r.ev_enabled <> 'D'
     union all select format('alter table %s drop constraint %I', w.name, k.conname),
       format('alter table %s add constraint %I %s', w.name, k.conname, pg_get_constraintdef(k.oid))
         || coalesce(format('; comment on constraint %I on %s is %L', k.conname, w.name, obj_description(k.oid, 'pg_constraint')), '')
     from named w join pg_constraint k on k.conrelid = w.oid
     where not k.convalidated and k.contype in ('c', 'f', 'n') and k.conparentid = 0 and k.coninhcount = 0
     union all select format('alter table %s alter constraint %I deferrable initially deferred', w.name, k.conname),
       format('alter table %s alter constraint %I %s', w.name, k.conname, case when not k.condeferrable then 'not deferrable'
         when k.condeferred then 'deferrable initially deferred' else 'deferrable initially immediate' end)
     from named w join pg_constraint k on k.conrelid = w.oid where k.oid::text = any ($2) and k.convalidated`,
    [[...tables], [...keys]],
  )
  return {before: rows.map(({before}) => before), after: rows.map(({after}) => after).reverse()}
}

/** Rows of reference tables that point at tables which a reset empties: asked before anything is dropped. */
export async function danglingReferences(
  session: DatabaseSession,
  tables: readonly string[],
): Promise<string[]> {
  const keys = (await foreignKeys(session, tables)).filter(({parent}) => !tables.includes(parent))
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

/** The keys of these tables to tables of `public`, themselves included. */
const foreignKeys = ({rows}: DatabaseSession, tables: readonly string[]) =>
  rows<{key: string; child: string; parent: string; columns: string[]; inherited: boolean}>(
    `select k.oid::text as key, c.relname as child, p.relname as parent, k.conparentid <> 0 as inherited,
       (select array_agg(a.attname::text) from pg_attribute a where a.attrelid = c.oid and a.attnum = any (k.conkey)) as columns
     from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class p on p.oid = k.confrelid
     where k.contype = 'f' and c.relnamespace = 'public'::regnamespace and p.relnamespace = c.relnamespace and c.relname = any ($1)`,
    [[...tables]],
  )
