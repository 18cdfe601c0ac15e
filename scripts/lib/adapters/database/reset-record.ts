// What the last reset leaves in the database itself, beside the marker: so that later checks ask the
// database, not anyone's memory.

import {gunzipSync, gzipSync} from 'node:zlib'
import {z} from 'zod'
import type {DatabaseCatalogue} from './catalogue.ts'
import {fingerprints, fromFingerprints} from './catalogue-compare.ts'
import {attempt, type DatabaseSession} from './session.ts'

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
  fresh: z.array(z.string()).readonly(),
  /** Reference tables before and after. */
  before: z.record(z.string(), state),
  after: z.record(z.string(), state),
  /** How long its transaction took; not told by older ones. */
  seconds: z.number().optional(),
})

export type ResetRecord = z.output<typeof recordSchema>

/** `at`: ISO 8601, of whoever asked for the reset; else the database's own time. */
export async function recordReset(
  session: DatabaseSession,
  record: ResetRecord,
  final: DatabaseCatalogue,
  at?: string,
): Promise<void> {
  // A publication of all tables lets nothing be changed without a key.
  await session.client.query(
    `create table if not exists postgate.reset (at timestamptz not null default now(), record jsonb not null);
     alter table postgate.reset add column if not exists alone boolean not null default true primary key check (alone);
     alter table postgate.reset add column if not exists catalogue bytea`,
  )
  await session.client.query(
    `insert into postgate.reset (record, at, catalogue)
     values ($1::jsonb || jsonb_build_object('seconds', ceil(extract(epoch from clock_timestamp() - now()))), coalesce($2::timestamptz, now()), $3)
     on conflict (alone) do update set record = excluded.record, at = excluded.at, catalogue = excluded.catalogue`,
    [JSON.stringify(record), at ?? null, packed(final)],
  )
}

/** By a thousand names at a time: the whole text of a large schema is never held. */
function packed(catalogue: DatabaseCatalogue): Buffer {
  const names = [...catalogue.keys()].sort()
  const parts: Buffer[] = []
  for (let at = 0; at < names.length; at += 1000) {
    const entries = JSON.stringify(fingerprints(catalogue, names.slice(at, at + 1000))).slice(1, -1)
    parts.push(Buffer.from(`${at === 0 ? '{' : ','}${entries}`))
  }
  return gzipSync(Buffer.concat([...parts, Buffer.from(names.length === 0 ? '{}' : '}')]), {
    level: 4,
  })
}

/** Takes the mark of an earlier reset away, where there is one. */
export async function forgetReset(session: DatabaseSession): Promise<void> {
  const [there] = await session.rows<{there: boolean}>(
    `select to_regclass('postgate.reset') is not null as there`,
  )
  if (there?.there) await session.client.query('truncate postgate.reset')
}

/** The last reset, asked inside a transaction; null where none left its record. */
export async function lastReset(
  session: DatabaseSession,
): Promise<(ResetRecord & {at: string}) | null> {
  const rows = await attempt(session, ['42P01', '3F000', '42501'], () =>
    session.rows<{at: Date; record: unknown}>('select at, record from postgate.reset'),
  )
  const row = rows?.[0]
  const parsed = recordSchema.safeParse(row?.record)
  return row !== undefined && parsed.success ? {...parsed.data, at: row.at.toISOString()} : null
}

const keptSchema = z.record(z.string(), z.string())

/** What the catalogues said when the last reset ended; null where it did not note them. */
export async function lastCatalogue(session: DatabaseSession): Promise<DatabaseCatalogue | null> {
  const rows = await attempt(session, ['42P01', '3F000', '42501', '42703'], () =>
    session.rows<{catalogue: Buffer | null}>('select catalogue from postgate.reset'),
  )
  const bytes = rows?.[0]?.catalogue ?? null
  if (bytes === null) return null
  const kept: unknown = JSON.parse(gunzipSync(bytes).toString('utf8'))
  return fromFingerprints(keptSchema.parse(kept))
}
