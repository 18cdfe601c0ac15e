// Empties `public` and brings it back to PROD's shape, in one transaction: reference rows kept, grants
// restored, every proof made before the commit. Whatever fails, the database is as it was.

import type {Environment} from '../../domain/event.ts'
import {Problem, problem} from '../../domain/problem.ts'
import type {Text} from '../../domain/text.ts'
import type {TableState} from '../../kit/ports/database.ts'
import {type Claim, readMarker} from './identity.ts'
import {runFile, writeHistory} from './migrations.ts'
import {outsideObjects} from './outside.ts'
import type {Product} from './project-ref.ts'
import {keepRows} from './references.ts'
import {createBuild, dropPublic, settler} from './reset-build.ts'
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
import {type Session, stateOf} from './session.ts'
import {shapeDigest} from './shape-file.ts'
import {readTables} from './tables.ts'
import {takeShape} from './take-shape.ts'

export interface ResetOutcome {
  readonly tables: number
  readonly references: Readonly<Record<string, TableState>>
  readonly migrations: number
  /** Migrations that PROD does not have yet. */
  readonly fresh: readonly string[]
  /** Lines of migrations whose thing outside `public` was already there. */
  readonly kept: readonly string[]
}

/** Throws a `Problem` (1: failed and rolled back, 3: another session holds the tables). */
export async function resetDatabase(input: {
  readonly session: Session
  readonly claim: Claim
  readonly environment: Environment
  readonly product: Product
  readonly inputs: ResetInputs
  /** Left in the database, so that a run can tell its own reset from any other. */
  readonly run?: string | undefined
  /** By the run's clock, which a sandbox has of its own; else the database's. */
  readonly at?: string | undefined
  /** Lets Supabase's CLI apply what is left, from this folder. */
  readonly push: (work: string) => Promise<void>
  readonly say: (line: Text) => void
}): Promise<ResetOutcome> {
  const {cli} = input.inputs
  const rebuilt = await inTransaction(input, () => insideTransaction(input))
  if (cli === null) return rebuilt.outcome
  input.say({fr: 'supabase db push', en: 'supabase db push'})
  await input.push(cli.work)
  return inTransaction(input, () => prove(input, rebuilt, {record: true})).catch(
    (error: unknown) => {
      throw error instanceof Problem ? afterPush(error) : error
    },
  )
}

async function inTransaction<T>(
  {session: {client}}: Parameters<typeof resetDatabase>[0],
  work: () => Promise<T>,
): Promise<T> {
  await client.query('begin')
  try {
    const outcome = await work()
    await client.query('commit').catch((error: unknown) => {
      throw stateOf(error).length === 5 ? error : lostCommit()
    })
    return outcome
  } catch (error) {
    await client.query('rollback').catch(() => {})
    const state = stateOf(error)
    if (state === '55P03') throw busy()
    // What the server refuses is expected here; a defect of ours has no SQLSTATE.
    if (error instanceof Error && /^[0-9A-Z]{5}$/.test(state)) {
      throw stopped(`${state} ${error.message.split('\n')[0] ?? ''}`)
    }
    throw error
  }
}

interface Rebuilt {
  readonly outcome: ResetOutcome
  /** Reference tables and what lies outside `public`, as they were. */
  readonly before: Readonly<Record<string, TableState>>
  readonly outside: ReadonlySet<string>
  readonly kept: readonly string[]
}

async function insideTransaction(input: Parameters<typeof resetDatabase>[0]): Promise<Rebuilt> {
  const {session, inputs, say, product} = input
  const {client} = session
  const settle = settler(session)
  await settle()
  await client.query(`select pg_advisory_xact_lock(hashtext('postgate reset'))`)
  // Asked once more on the very session that drops.
  const marker = await readMarker(session, input.claim, input.environment)
  if (marker.verdict !== 'pass') throw stopped(marker.observed)

  const references = await tablesToKeep(session, inputs.references)
  const before = await readTables(session, {checksums: references, only: references})
  const outside = await outsideObjects(session)
  const rows = await keepRows(session, references, 'before')
  say({
    fr: `${references.length} référentiels mis de côté`,
    en: `${references.length} reference tables kept aside`,
  })

  await dropPublic(session, inputs.shape, product)
  say({fr: 'schéma public vidé', en: 'schema public emptied'})
  const build = createBuild({session, inputs, product, settle})
  for (const part of inputs.plan) {
    await build.run(part.files)
    if (part.next === 'restore') {
      await rows.restore()
      await proveReferences(session, before)
    } else if (part.next === 'compare') {
      await build.likeProduction()
    }
  }
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
  say({fr: 'schéma reconstruit, droits rétablis', en: 'schema rebuilt, grants restored'})
  const seen = {before, outside, kept: build.kept}
  // The mark of a reset comes last: what the CLI still has to do is part of it.
  if (inputs.cli !== null) await forgetReset(session)
  const outcome = await prove(input, seen, {record: inputs.cli === null})
  return {...seen, outcome}
}

/** Every proof on the database as it is now, and the mark that says so. */
async function prove(
  input: Parameters<typeof resetDatabase>[0],
  {before, outside, kept}: Omit<Rebuilt, 'outcome'>,
  {record}: {readonly record: boolean},
): Promise<ResetOutcome> {
  const {session, inputs, product} = input
  await emptyLogs(session, inputs.mayChange)
  const after = await readTables(session, {checksums: inputs.references})
  await proveEmpty(after, inputs.references)
  await proveRowSecurity(session, inputs.shape, product)
  await proveOutside(session, outside)
  if (record) {
    const final = await takeShape(session, inputs.shape.source, {nested: true})
    const mark = {
      run: input.run ?? null,
      shape: shapeDigest(inputs.shape),
      final: shapeDigest(final),
      fresh: inputs.fresh,
      before,
      after: Object.fromEntries(inputs.references.flatMap((name) => entry(after, name))),
    }
    await recordReset(session, mark, input.at)
  }
  return {
    tables: Object.keys(after).length,
    references: Object.fromEntries(inputs.references.flatMap((name) => entry(after, name))),
    migrations: inputs.migrations?.length ?? 0,
    fresh: inputs.fresh,
    kept,
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

function busy() {
  return problem({
    what: {
      fr: 'Le reset n’a pas eu lieu : une autre session tient des tables.',
      en: 'The reset did not happen: another session holds tables.',
    },
    next: {
      fr: 'fermer les sessions ouvertes sur STAGING, puis relancer',
      en: 'close the sessions open on STAGING, then run again',
    },
    exit: 3,
  })
}
