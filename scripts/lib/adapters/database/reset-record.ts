// What the last reset leaves in the database itself, beside the marker: so that later checks ask the
// database, not anyone's memory.

import {z} from 'zod'
import {attempt, type Session} from './session.ts'

const state = z.object({
  rows: z.number(),
  sha256: z.string().nullable(),
  columns: z.array(z.string()).readonly().optional(),
})

const recordSchema = z.object({
  /** The run that asked for it; null for a reset by hand. */
  run: z.string().nullable().default(null),
  /** Digest of the committed shape that was proven. */
  shape: z.string(),
  /** Digest of the shape at the end, with the migrations that PROD does not have yet. */
  final: z.string(),
  fresh: z.array(z.string()).readonly(),
  /** Reference tables before and after. */
  before: z.record(z.string(), state),
  after: z.record(z.string(), state),
})

export type ResetRecord = z.output<typeof recordSchema>

/** `at`: ISO 8601, of whoever asked for the reset; else the database's own time. */
export async function recordReset(
  session: Session,
  record: ResetRecord,
  at?: string,
): Promise<void> {
  await session.client.query(
    `create table if not exists postgate.reset (at timestamptz not null default now(), record jsonb not null);
     delete from postgate.reset`,
  )
  await session.client.query(
    'insert into postgate.reset (record, at) values ($1, coalesce($2::timestamptz, now()))',
    [JSON.stringify(record), at ?? null],
  )
}

/** Takes the mark of an earlier reset away, where there is one. */
export async function forgetReset(session: Session): Promise<void> {
  const [there] = await session.rows<{there: boolean}>(
    `select to_regclass('postgate.reset') is not null as there`,
  )
  if (there?.there) await session.client.query('delete from postgate.reset')
}

/** The last reset, asked inside a transaction; null where none left its record. */
export async function lastReset(session: Session): Promise<(ResetRecord & {at: string}) | null> {
  const rows = await attempt(session, ['42P01', '3F000', '42501'], () =>
    session.rows<{at: Date; record: unknown}>('select at, record from postgate.reset'),
  )
  const row = rows?.[0]
  const parsed = recordSchema.safeParse(row?.record)
  return row !== undefined && parsed.success ? {...parsed.data, at: row.at.toISOString()} : null
}
