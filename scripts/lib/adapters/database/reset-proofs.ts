// The proofs that a reset makes before it commits, and how it says that it did not happen. Each throws
// a `Problem` (1); the caller rolls back.

import {problem} from '../../domain/problem.ts'
import type {Text} from '../../domain/text.ts'
import type {TableState} from '../../kit/ports/database.ts'
import {outsideObjects} from './outside.ts'
import type {Product} from './project-ref.ts'
import {relationsOf} from './relations.ts'
import {tablesToKeep} from './reset-inputs.ts'
import {unprotectedTables} from './row-security.ts'
import {type DatabaseSession, identifier} from './session.ts'
import type {Shape} from './shape.ts'
import {readTables} from './tables.ts'

/** The rows that were kept, and no others. A table that was empty may have been filled. */
export async function proveReferences(
  session: DatabaseSession,
  before: Readonly<Record<string, TableState>>,
) {
  const columns = Object.fromEntries(
    Object.entries(before).flatMap(([name, state]) =>
      state.columns ? [[name, state.columns]] : [],
    ),
  )
  const names = Object.keys(columns)
  const after = await readTables(session, {checksums: names, only: names, columns})
  const changed = Object.entries(before).filter(
    ([name, {sha256, rows}]) => sha256 !== null && rows > 0 && after[name]?.sha256 !== sha256,
  )
  if (changed.length === 0) return
  const listed = changed.map(([name]) => name).join(', ')
  throw stopped({
    fr: `les référentiels ne seraient pas intacts : ${listed}`,
    en: `reference tables would not be intact: ${listed}`,
  })
}

/** Triggers of the application wrote down what the migrations did. */
export async function emptyLogs(
  session: DatabaseSession,
  tables: readonly string[],
): Promise<void> {
  const there = await tablesToKeep(session, tables)
  const names = there.map((name) => `public.${identifier(name)}`).join(', ')
  if (names !== '') await session.client.query(`truncate ${names} restart identity`)
}

export async function proveEmpty(
  after: Readonly<Record<string, TableState>>,
  references: readonly string[],
) {
  const filled = Object.entries(after).filter(
    ([name, {rows}]) => rows > 0 && !references.includes(name),
  )
  if (filled.length === 0) return
  const names = filled.map(([name, {rows}]) => `${name} (${rows})`).join(', ')
  throw stopped(
    {
      fr: `des tables transactionnelles ne seraient pas vides : ${names}`,
      en: `transactional tables would not be empty: ${names}`,
    },
    {
      fr: 'retirer ces lignes des migrations ou du seed, ou déclarer ces tables dans `database.reference` (lignes gardées) ou `database.mayChange` (journaux)',
      en: 'take these rows out of the migrations or the seed, or name these tables in `database.reference` (rows kept) or `database.mayChange` (logs)',
    },
  )
}

export async function proveRowSecurity(session: DatabaseSession, shape: Shape, product: Product) {
  const open = unprotectedTables(await relationsOf(session), shape, product)
  if (open.length > 0) {
    throw stopped({
      fr: `RLS manquerait sur : ${open.join(', ')}`,
      en: `row security would be off on: ${open.join(', ')}`,
    })
  }
}

export async function proveOutside(session: DatabaseSession, before: ReadonlySet<string>) {
  // Whose publication it is was asked before.
  const after = await outsideObjects(session, [])
  const gone = [...before].filter((name) => !after.has(name))
  if (gone.length === 0) return
  const names = gone.slice(0, 6).join(', ')
  throw stopped(
    {
      fr: `hors de public, disparaîtrait : ${names}`,
      en: `outside public, this would be gone: ${names}`,
    },
    {
      fr: 'ce que PROD a revient par son schéma : le reprendre (npx zx scripts/snapshot.ts) ; ce que seul STAGING a, le retirer de STAGING ou le donner à PROD',
      en: 'what PROD has comes back with its shape: take it again (npx zx scripts/snapshot.ts); what STAGING alone has, take off STAGING or give to PROD',
    },
  )
}

export function stopped(why: Text, next?: Text) {
  return problem({
    what: {
      fr: 'Le reset n’a pas eu lieu : tout a été annulé, la base est comme avant.',
      en: 'The reset did not happen: all was rolled back, the database is as it was.',
    },
    why,
    next: next ?? {
      fr: 'corriger la cause, puis relancer la même commande',
      en: 'mend the cause, then run the same command again',
    },
    exit: 1,
  })
}
