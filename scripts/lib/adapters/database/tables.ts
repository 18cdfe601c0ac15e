// The tables of `public`: how many rows, and a checksum of them that does not depend on their order.
// One snapshot for all. No row's contents leave the server.

import type {TableState} from '../../kit/ports/database.ts'
import {columnsOf, relationsOf, tablesOf} from './relations.ts'
import {type DatabaseSession, identifier, literal} from './session.ts'

export interface TableOptions {
  /** Tables whose rows are read and hashed. */
  readonly checksums?: readonly string[] | 'all'
  /** These tables only: the others need not be readable. */
  readonly only?: readonly string[]
  /** Columns that the checksum covers, by table; all of them where it says nothing. */
  readonly columns?: Readonly<Record<string, readonly string[]>>
}

/** Ordinary and partitioned tables of `public`, by name; partitions count with their parent, extensions' tables not at all. */
export const tableNames = async (session: DatabaseSession): Promise<string[]> =>
  tablesOf(await relationsOf(session)).map(({name}) => name)

/** Rows, and checksums where they are asked for, of every table of `public`. */
export async function readTables(
  session: DatabaseSession,
  options: TableOptions = {},
): Promise<Record<string, TableState>> {
  const there = tablesOf(await relationsOf(session))
  const tables = there.filter(({name}) => options.only?.includes(name) ?? true)
  const wanted =
    options.checksums === 'all' ? tables.map(({name}) => name) : (options.checksums ?? [])
  const columns = await columnsOf(session, wanted)
  const parts = tables.map(({name, kind}) => {
    const present = (columns.get(name) ?? []).map((column) => column.name)
    const covered = options.columns?.[name]?.filter((column) => present.includes(column)) ?? present
    // Rows of tables that inherit from it are theirs.
    const from = `${kind === 'r' ? 'only ' : ''}public.${identifier(name)}`
    return {name, covered, from, hashed: wanted.includes(name)}
  })
  if (parts.length === 0) return {}
  const sql = parts.map(({name, covered, from, hashed}) =>
    hashed
      ? `select ${literal(name)} as name, count(*)::text as rows, ${checksum(covered)} as sha256 from ${from} t`
      : `select ${literal(name)}, count(*)::text, null from ${from} t`,
  )
  // The first part names the columns of the union.
  const head = `select '' as name, '' as rows, '' as sha256 where false`
  const rows = await session.rows<{name: string; rows: string; sha256: string | null}>(
    [head, ...sql].join(' union all '),
  )
  const byName = new Map(rows.map((row) => [row.name, row]))
  return Object.fromEntries(
    parts.map(({name, covered, hashed}) => {
      const row = byName.get(name)
      const state = {rows: Number(row?.rows ?? 0), sha256: row?.sha256 ?? null}
      return [name, hashed ? {...state, columns: [...covered].sort()} : state]
    }),
  )
}

/** Each row as the text of its columns by name: two rows may be equal, so the list is hashed, not a sum. */
function checksum(columns: readonly string[]): string {
  const sorted = [...columns].sort()
  const pieces = sorted.map(
    (column) => `coalesce(quote_literal(t.${identifier(column)}::text), 'null')`,
  )
  const row = pieces.length === 0 ? `''` : `concat_ws(',', ${chunked(pieces)})`
  const hash = `sha256(convert_to(${row}, 'UTF8'))`
  return `encode(sha256(coalesce(string_agg(${hash}, ''::bytea order by ${hash}), ''::bytea)), 'hex')`
}

/** A function takes at most a hundred arguments. */
function chunked(pieces: readonly string[]): string {
  if (pieces.length <= 90) return pieces.join(', ')
  const groups: string[] = []
  for (let at = 0; at < pieces.length; at += 90) {
    groups.push(`concat_ws(',', ${pieces.slice(at, at + 90).join(', ')})`)
  }
  return groups.join(', ')
}
