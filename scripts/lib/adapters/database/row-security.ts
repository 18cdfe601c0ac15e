// Row security of every table in `public`. Grants do not imply it, and a view without security_invoker
// walks around it.

import type {Product} from './project-ref.ts'
import {type Relation, relationsOf} from './relations.ts'
import type {DatabaseSession} from './session.ts'
import {namesOf, type Shape} from './shape.ts'

/** Tables whose rows are open: on Supabase every one without row security; elsewhere those that PROD protects. */
export function unprotectedTables(
  tables: readonly Relation[],
  shape: Shape | null,
  product: Product,
): string[] {
  const names = tables.flatMap(({name, rowSecurity, isExtensions}) =>
    rowSecurity || isExtensions ? [] : [name],
  )
  if (product === 'supabase') return names
  const wanted = shape === null ? [] : namesOf(shape, 'ROW SECURITY')
  return names.filter((name) => wanted.includes(name))
}

/** Views that read with their owner's rights. */
export async function definerViews(session: DatabaseSession): Promise<string[]> {
  const invoker = /^security_invoker=(true|on|1|yes)$/i
  return (await relationsOf(session, 'v')).flatMap(({name, options, isExtensions}) =>
    isExtensions || options.some((option) => invoker.test(option)) ? [] : [name],
  )
}
