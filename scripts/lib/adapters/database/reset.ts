// Empties `public` and brings it back to PROD's shape, in one transaction: reference rows kept, grants
// restored, every proof made before the commit. Whatever fails, the database is as it was.

import type {Environment} from '../../domain/event.ts'
import {Problem, problem} from '../../domain/problem.ts'
import {inLang, type Text} from '../../domain/text.ts'
import type {TableState} from '../../kit/ports/database.ts'
import {counted} from '../../words/observed.ts'
import type {DatabaseCatalogue} from './catalogue.ts'
import {compareCatalogues} from './catalogue-compare.ts'
import {clearPublic, lostElsewhere} from './clear-public.ts'
import {type Claim, readMarker} from './identity.ts'
import {proveLocks} from './locks.ts'
import {refreshViews, type Unfilled} from './materialized-views.ts'
import {runFile, writeHistory} from './migrations.ts'
import {outsideObjects} from './outside.ts'
import type {Product} from './project-ref.ts'
import {keepRows} from './references.ts'
import {compareOptions, createBuild, readNested, settler, unlike} from './reset-build.ts'
import {type ResetInputs, tablesToKeep} from './reset-inputs.ts'
import {
  emptyLogs,
  proveEmpty,
  proveOutside,
  proveReferences,
  proveRowSecurity,
  stopped,
} from './reset-proofs.ts'
import {forgetReset, recordReset} from './reset-record.ts'
import {type DatabaseSession, stateOf} from './session.ts'
import {readTables} from './tables.ts'

export interface ResetOutcome {
  readonly tables: number
  readonly references: Readonly<Record<string, TableState>>
  readonly migrations: number
  /** Migrations that PROD does not have yet. */
  readonly fresh: readonly string[]
  /** Lines of migrations whose thing outside `public` was already there. */
  readonly kept: readonly string[]
  /** Materialized views that could not be filled. */
  readonly unfilled: readonly Unfilled[]
}

export interface ResetWork {
  readonly session: DatabaseSession
  readonly claim: Claim
  readonly environment: Environment
  readonly product: Product
  readonly inputs: ResetInputs
  /** Left in the database, so that a run can tell its own reset from any other. */
  readonly run?: string | undefined
  /** By the run's clock, which a trial has of its own; else the database's. */
  readonly at?: string | undefined
  readonly say: (line: Text) => void
}

/** Throws a `Problem` (1: failed and rolled back, 3: another session holds the tables). */
export async function resetDatabase(
  input: ResetWork & {
    /** Lets Supabase's CLI apply what is left, from this folder. */
    readonly push: (work: string) => Promise<void>
  },
): Promise<ResetOutcome> {
  const {cli} = input.inputs
  const rebuilt = await inTransaction(input.session, 'commit', () => wholeReset(input))
  if (cli === null) return rebuilt.outcome
  input.say({fr: 'supabase db push', en: 'supabase db push'})
  await input.push(cli.work)
  return inTransaction(input.session, 'commit', async () => {
    const final = await readNested(input.session)
    return prove(input, {...rebuilt, final}, {record: true})
  }).catch((error: unknown) => {
    throw error instanceof Problem ? afterPush(error) : error
  })
}

/** The server's refusals become a `Problem`; nothing that `work` did stays unless all of it went well. */
export async function inTransaction<T>(
  session: DatabaseSession,
  end: 'commit' | 'rollback',
  work: () => Promise<T>,
): Promise<T> {
  const {client} = session
  await client.query('begin')
  try {
    const outcome = await work()
    await client.query(end).catch((error: unknown) => {
      throw stateOf(error).length === 5 ? error : lostCommit()
    })
    return outcome
  } catch (error) {
    await client.query('rollback').catch(() => {})
    const state = stateOf(error)
    if (state === '55P03') throw busy(await holders(session))
    // What the server refuses is expected here; a defect of ours has no SQLSTATE.
    if (error instanceof Error && /^[0-9A-Z]{5}$/.test(state)) {
      throw stopped(`${state} ${error.message.split('\n')[0] ?? ''}`)
    }
    throw error
  }
}

export interface Rebuilt {
  readonly outcome: ResetOutcome
  /** Reference tables and what lies outside `public`, as they were. */
  readonly before: Readonly<Record<string, TableState>>
  readonly outside: ReadonlySet<string>
  readonly kept: readonly string[]
  readonly unfilled: readonly Unfilled[]
  /** The catalogues at the end. */
  readonly final: DatabaseCatalogue
}

/**
 * The whole reset and its proofs, inside a transaction that the caller commits or rolls back. With the CLI, what
 * it will apply is not part of it, nor is the mark of a reset.
 */
export async function wholeReset(input: ResetWork): Promise<Rebuilt> {
  const {session, inputs, say, product} = input
  const {client} = session
  const settle = settler(session)
  await settle()
  await client.query(`select pg_advisory_xact_lock(hashtext('postgate reset'))`)
  // Asked once more on the very session that drops.
  const marker = await readMarker(session, input.claim, input.environment)
  if (marker.verdict !== 'pass') throw stopped(marker.observed)
  await proveLocks(session)
  await refuseLosses(session)

  const references = await tablesToKeep(session, inputs.references)
  const before = await readTables(session, {checksums: references, only: references})
  const publications = inputs.shape.sections.flatMap(({type, name}) =>
    type === 'PUBLICATION' ? [name] : [],
  )
  const outside = await outsideObjects(session, publications)
  const rows = await keepRows(session, references, 'before')
  say(
    counted(
      references.length,
      ['référentiel mis de côté', 'référentiels mis de côté'],
      ['reference table kept aside', 'reference tables kept aside'],
    ),
  )

  await clearPublic(session, inputs.shape)
  say({fr: 'schéma public vidé', en: 'schema public emptied'})
  const restore = async () => {
    await rows.restore()
    await proveReferences(session, before)
  }
  const build = createBuild({session, inputs, settle, restore})
  const built = inputs.plan === 'shape' ? await fromShape() : await fromMigrations(inputs.plan)
  if (inputs.seed !== null) {
    const grown = await keepRows(session, await tablesToKeep(session, inputs.references), 'after')
    await runFile(session, inputs.seed, settle)
    await emptyLogs(session, inputs.mayChange)
    // Their keys would keep the reference rows from being put back, with a message that helps nobody.
    await proveEmpty(await readTables(session), inputs.references)
    await grown.restore()
  }
  if (inputs.migrations !== null && product === 'supabase')
    await writeHistory(session, inputs.cli?.history ?? inputs.migrations)
  await settle()
  await emptyLogs(session, inputs.mayChange)
  const unfilled = await refreshViews(session, inputs.shape.unpopulated)
  for (const {view, why} of unfilled)
    say({fr: `${view} reste vide : ${why}`, en: `${view} stays unfilled: ${why}`})
  if (build.reordered.length > 0) {
    const names = build.reordered.join(', ')
    say({
      fr: `l’ordre des colonnes n’est pas celui de PROD : ${names}`,
      en: `the order of columns is not PROD’s: ${names}`,
    })
  }
  say({fr: 'schéma reconstruit, droits rétablis', en: 'schema rebuilt, grants restored'})
  const final =
    built !== null && inputs.plan !== 'shape' && inputs.seed === null
      ? built
      : await readNested(session)
  if (inputs.seed !== null && inputs.plan === 'shape' && built !== null) {
    const differences = compareCatalogues(built, final, compareOptions(inputs))
    if (differences.length > 0) throw unlike(differences)
  }
  const seen = {before, outside, kept: build.kept, unfilled, final}
  // The mark of a reset comes last: what the CLI still has to do is part of it.
  if (inputs.cli !== null) await forgetReset(session)
  const outcome = await prove(input, seen, {record: inputs.cli === null})
  return {...seen, outcome}

  /** What comes out is PROD's by the way it is made; a seed must not change it. */
  async function fromShape(): Promise<DatabaseCatalogue | null> {
    await build.shape({rows: true})
    return inputs.seed === null ? null : readNested(session)
  }

  /** The last reading, where nothing ran after it. */
  async function fromMigrations(
    plan: Exclude<ResetInputs['plan'], 'shape'>,
  ): Promise<DatabaseCatalogue | null> {
    const expected = await build.expected()
    const {together} = inputs
    if (together !== null) await client.query('savepoint apart')
    try {
      return await runParts(plan, expected)
    } catch (error) {
      if (together === null || !usesNewValue(error)) throw error
    }
    // PROD's part was equal to PROD. A value that this release adds to one of PROD's enums can be used in this
    // transaction only where the type is made with it: once more, and compared no more.
    await client.query('rollback to savepoint apart; release savepoint apart')
    build.kept.length = 0
    return runParts(together, null)
  }

  async function runParts(
    plan: Exclude<ResetInputs['plan'], 'shape'>,
    expected: DatabaseCatalogue | null,
  ): Promise<DatabaseCatalogue | null> {
    await build.before(plan.flatMap(({files}) => files))
    let last: DatabaseCatalogue | null = null
    for (const part of plan) {
      if (part.files.length > 0) last = null
      await build.run(part.files)
      if (part.next === 'restore') await restore()
      else if (part.next === 'compare' && expected !== null)
        last = await build.likeProduction(expected)
    }
    return last
  }
}

const usesNewValue = (error: unknown): boolean =>
  error instanceof Problem && inLang(error.parts.why ?? '', 'en').startsWith('55P04')

async function refuseLosses(session: DatabaseSession): Promise<void> {
  const lost = await lostElsewhere(session)
  if (lost.length === 0) return
  const names = lost.slice(0, 6).join(', ')
  throw stopped(
    {
      fr: `hors de public, disparaîtrait avec ses lignes : ${names}`,
      en: `outside public, this would be gone, and its rows: ${names}`,
    },
    {
      fr: 'défaire sur STAGING ce qui l’attache à public (héritage, type de colonne), puis relancer',
      en: 'undo on STAGING what ties it to public (inheritance, type of a column), then run again',
    },
  )
}

/** Every proof on the database as it is now, and the mark that says so. */
async function prove(
  input: ResetWork,
  {before, outside, kept, unfilled, final}: Omit<Rebuilt, 'outcome'>,
  {record}: {readonly record: boolean},
): Promise<ResetOutcome> {
  const {session, inputs, product} = input
  await emptyLogs(session, inputs.mayChange)
  const after = await readTables(session, {checksums: inputs.references})
  await proveEmpty(after, inputs.references)
  await proveRowSecurity(session, inputs.shape, product)
  await proveOutside(session, outside)
  const references = Object.fromEntries(inputs.references.flatMap((name) => entry(after, name)))
  if (record) {
    const mark = {
      run: input.run ?? null,
      shape: inputs.digest,
      fresh: inputs.fresh,
      before,
      after: references,
    }
    await recordReset(session, mark, final, input.at)
  }
  return {
    tables: Object.keys(after).length,
    references,
    migrations: inputs.migrations?.length ?? 0,
    fresh: inputs.fresh,
    kept,
    unfilled,
  }
}

const entry = <T>(record: Readonly<Record<string, T>>, name: string): [string, T][] => {
  const value = record[name]
  return value === undefined ? [] : [[name, value]]
}
/** What did not hold after the CLI: the rebuilt schema is committed by then. */
function afterPush({parts}: Problem): Problem {
  return problem({
    what: {
      fr: 'Après supabase db push, STAGING n’est pas comme il le faut : le reset n’est pas terminé.',
      en: 'After supabase db push, STAGING is not as it must be: the reset is not complete.',
    },
    ...(parts.why !== undefined && {why: parts.why}),
    next: {
      fr: 'corriger la migration et refaire une gate, ou abandonner',
      en: 'correct the migration and make a new gate, or abort',
    },
    exit: 1,
  })
}

function lostCommit() {
  return problem({
    what: {
      fr: 'La connexion a été perdue pendant la validation du reset : son issue est inconnue.',
      en: 'The connection was lost while the reset was committed: its outcome is unknown.',
    },
    next: {
      fr: 'relancer la même commande : elle demande à la base ce qui est vrai',
      en: 'run the same command again: it asks the database what is true',
    },
    exit: 1,
  })
}

/** Whoever holds a table of `public`, as `orders: psql (pid 123)`; asked once nothing is held by us. */
async function holders({rows}: DatabaseSession): Promise<readonly string[]> {
  const found = await rows<{line: string}>(
    `select format('%s: %s (pid %s)', string_agg(distinct c.relname, ', ' order by c.relname),
       coalesce(nullif(a.application_name, ''), a.usename, a.backend_type), a.pid) as line
     from pg_catalog.pg_locks l join pg_catalog.pg_class c on c.oid = l.relation
       join pg_catalog.pg_stat_activity a on a.pid = l.pid
     where l.granted and l.pid <> pg_catalog.pg_backend_pid() and c.relnamespace = 'public'::regnamespace
       and l.database = (select oid from pg_catalog.pg_database where datname = current_database())
       and c.relkind in ('r', 'p', 'v', 'm', 'f')
     group by a.pid, a.application_name, a.usename, a.backend_type order by a.pid limit 5`,
  ).catch(() => [])
  return found.map(({line}) => line)
}

function busy(held: readonly string[]) {
  return problem({
    what: {
      fr: 'Le reset n’a pas eu lieu : une autre session tient des tables.',
      en: 'The reset did not happen: another session holds tables.',
    },
    ...(held.length > 0 && {why: held.join(' ; ')}),
    next: {
      fr: 'fermer ces sessions sur STAGING, puis relancer la même commande',
      en: 'close these sessions on STAGING, then run the same command again',
    },
    exit: 3,
  })
}
