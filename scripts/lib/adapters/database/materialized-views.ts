// Materialized views hold what their query gave when they were last filled: a reset fills them again, since
// they were built before their tables had rows, or from a schema alone.

import {type DatabaseSession, stateOf} from './session.ts'

export interface Unfilled {
  /** `public.totals` */
  readonly view: string
  readonly why: string
}

/**
 * Fills those of `public`, and any other that a reset left empty, in the order in which they were made; `unpopulated`
 * are empty in PROD as well. Inside a transaction. Answers those whose query fails.
 */
export async function refreshViews(
  session: DatabaseSession,
  unpopulated: readonly string[],
): Promise<readonly Unfilled[]> {
  const {client} = session
  const views = (await materializedViews(session)).filter(
    ({view, populated}) => view.startsWith('public.') || !populated,
  )
  const unfilled: Unfilled[] = []
  for (const {name, view, populated} of views) {
    if (unpopulated.includes(view)) {
      if (populated) await client.query(`refresh materialized view ${name} with no data`)
      continue
    }
    await client.query('savepoint refresh')
    try {
      await client.query(`refresh materialized view ${name}`)
      await client.query('release savepoint refresh')
    } catch (error) {
      await client.query('rollback to savepoint refresh; release savepoint refresh')
      const said = error instanceof Error ? (error.message.split('\n')[0] ?? '') : ''
      unfilled.push({view, why: `${stateOf(error)} ${said}`.trim()})
    }
  }
  return unfilled
}

/** Those of every schema, in the order in which they were made; `name` as SQL writes it. */
export const materializedViews = ({rows}: DatabaseSession) =>
  rows<{name: string; view: string; populated: boolean}>(
    `select format('%I.%I', n.nspname, c.relname) as name, n.nspname || '.' || c.relname as view, c.relispopulated as populated
     from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'm' order by c.oid`,
  )
