// What lies outside `public`, by name. `drop schema public cascade` can reach it (a column of a type of
// `public`, a view, a trigger): the reset compares before and after, and commits only if nothing is gone.

import type {DatabaseSession} from './session.ts'

const own = `n.nspname not in ('public', 'information_schema', 'postgate', 'supabase_migrations') and n.nspname not like 'pg\\_%'`

/**
 * Names of every relation, column, function, trigger, policy and constraint of the other schemas, and what
 * publications other than these publish of `public`.
 */
export async function outsideObjects(
  session: DatabaseSession,
  publications: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await session.rows<{name: string}>(
    `
    select format('column %I.%I.%I', n.nspname, c.relname, a.attname) as name from pg_class c
      join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where ${own} and c.relkind in ('r', 'p', 'v', 'm', 'f')
    union all select format('function %I.%I', n.nspname, p.proname) from pg_proc p join pg_namespace n on n.oid = p.pronamespace where ${own}
    union all select format('trigger %I.%I %I', n.nspname, c.relname, t.tgname) from pg_trigger t
      join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace where ${own} and not t.tgisinternal
    union all select format('policy %I.%I %I', n.nspname, c.relname, p.polname) from pg_policy p
      join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace where ${own}
    union all select format('constraint %I.%I %I', n.nspname, c.relname, k.conname) from pg_constraint k
      join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace where ${own} and k.contype <> 'n'
    union all select 'event trigger ' || evtname from pg_event_trigger
    union all select 'publication ' || pubname from pg_publication
    union all select format('publication %I table %s', b.pubname, c.relname) from pg_publication_rel r
      join pg_publication b on b.oid = r.prpubid join pg_class c on c.oid = r.prrelid
      where c.relnamespace = 'public'::regnamespace and b.pubname <> all ($1)
    union all select format('publication %I schema public', b.pubname) from pg_publication_namespace m
      join pg_publication b on b.oid = m.pnpubid where m.pnnspid = 'public'::regnamespace and b.pubname <> all ($1)`,
    [[...publications]],
  )
  return new Set(rows.map(({name}) => name))
}
