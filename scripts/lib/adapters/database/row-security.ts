// Row security of every table in `public`. Grants do not imply it, and a view without security_invoker
// walks around it.

import type {Product} from './project-ref.ts'
import type {DatabaseSession} from './session.ts'
import {namesOf, type Shape} from './shape.ts'

/** Tables whose rows are open: on Supabase every one without row security; elsewhere those that PROD protects. */
export async function unprotectedTables(
  session: DatabaseSession,
  shape: Shape | null,
  product: Product,
): Promise<string[]> {
  const rows = await session.rows<{name: string}>(`
    select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
      and not c.relrowsecurity and not exists (select from pg_depend d
        where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e') order by 1`)
  const names = rows.map(({name}) => name)
  if (product === 'supabase') return names
  const wanted = shape === null ? [] : namesOf(shape, 'ROW SECURITY')
  return names.filter((name) => wanted.includes(name))
}

/** Views that read with their owner's rights. */
export async function definerViews(session: DatabaseSession): Promise<string[]> {
  const rows = await session.rows<{name: string}>(`
    select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'v'
      and not exists (select from unnest(c.reloptions) o where o ilike 'security_invoker=%' and split_part(lower(o), '=', 2) in ('true', 'on', '1', 'yes'))
      and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e') order by 1`)
  return rows.map(({name}) => name)
}
