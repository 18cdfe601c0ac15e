// The whole reset and its proofs on the real STAGING, in a transaction that is rolled back: what phase 2 would
// refuse is known before the first tag, and nothing is dropped.

import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {inParallel} from '../../base/parallel.ts'
import {Problem} from '../../domain/problem.ts'
import type {Project} from '../../domain/project.ts'
import {bilingual, inLang, join as joined, type Text} from '../../domain/text.ts'
import {fail, type Judgement, pass, unknown} from '../../domain/verdict.ts'
import type {AdapterTools} from '../../kit/adapter-tools.ts'
import type {Repository} from '../../store/git/repository.ts'
import {migrationCount, resetSize, words} from '../../words/observed.ts'
import {type Claim, readMarker} from './identity.ts'
import {judgeLocks} from './locks.ts'
import {refuseTransactionPool} from './pool.ts'
import type {Product} from './project-ref.ts'
import {inTransaction, wholeReset} from './reset.ts'
import {lockSeconds} from './reset-build.ts'
import {type ResetInputs, readResetInputs} from './reset-inputs.ts'
import {lastReset} from './reset-record.ts'
import {seededTables} from './seed.ts'
import {type DatabaseSession, openDatabaseSession, openReader} from './session.ts'
import {namesOf} from './shape.ts'

export interface Rehearsal {
  readonly tools: Pick<AdapterTools, 'world' | 'project'>
  readonly claim: Claim
  readonly product: Product
  /** Whose migrations and seed are run. */
  readonly commit: string
  readonly say: (line: Text) => void
}

/** Whether all that a reset reads is there and fits the database: read-only, and nothing is locked. */
export const foreseeReset = (input: Omit<Rehearsal, 'say'>): Promise<Judgement> =>
  prepared({...input, say: () => {}}, async (inputs) => {
    const {migrations} = inputs
    const count = migrations?.length ?? 0
    const lost = lostTables(input.tools.project, inputs)
    if (lost.length > 0) return neverThere(lost)
    const grown = seededRows(inputs)
    if (grown !== null) return grown
    const {takenAt} = inputs.shape.source
    const day = takenAt.slice(0, 10)
    const shape = {fr: `reset : schéma de PROD du ${day}`, en: `reset: PROD’s shape of ${day}`}
    return pass(words`${shape}, ${migrationCount(count)}`)
  })

/** Tables that the smoke tests ask for and that no reset makes. */
function lostTables({environments}: Project, {shape, migrations, fresh}: ResetInputs): string[] {
  const {tables, audit} = environments.staging.smoke
  const known = new Set(
    ['TABLE', 'VIEW', 'MATERIALIZED VIEW', 'FOREIGN TABLE'].flatMap((type) => namesOf(shape, type)),
  )
  const later = (migrations ?? [])
    .filter(({version}) => fresh.includes(version))
    .flatMap(({statements}) => statements.map(({sql}) => sql))
    .join('\n')
  return [...tables, ...(audit === undefined ? [] : [audit.table])]
    .map((name) => name.replace(/^public\./, ''))
    .filter((name) => !known.has(name) && !later.includes(name))
}

/** The reset proves transactional tables empty, behind the seed too. */
function seededRows({seed, references, mayChange}: ResetInputs): Judgement | null {
  const kept = [...references, ...mayChange]
  const filled = seed === null ? [] : seededTables(seed).filter((name) => !kept.includes(name))
  if (seed === null || filled.length === 0) return null
  return fail(
    {
      fr: `${seed.path} ajoute des lignes à ${filled.join(', ')}, que le reset veut vides`,
      en: `${seed.path} adds rows to ${filled.join(', ')}, which the reset wants empty`,
    },
    {
      next: {
        fr: 'retirer database.seed de postgate.yaml, ou déclarer ces tables dans database.reference (lignes gardées) ou database.mayChange (journaux)',
        en: 'take database.seed out of postgate.yaml, or name these tables in database.reference (rows kept) or database.mayChange (logs)',
      },
    },
  )
}

const neverThere = (names: readonly string[]): Judgement =>
  fail(
    {
      fr: `les smoke tests demandent ${names.join(', ')}, que ni le schéma de PROD ni les migrations ne créent`,
      en: `the smoke tests ask for ${names.join(', ')}, which neither PROD’s shape nor the migrations make`,
    },
    {
      next: {
        fr: 'corriger smoke.tables et smoke.audit dans postgate.yaml, ou reprendre le schéma : npx zx scripts/snapshot.ts',
        en: 'correct smoke.tables and smoke.audit in postgate.yaml, or take the shape again: npx zx scripts/snapshot.ts',
      },
    },
  )

/** Throws nothing for what a reset can refuse: that is the answer. Says beforehand what it will hold. */
export async function rehearse(input: Rehearsal): Promise<Judgement> {
  const {claim, tools} = input
  if (tools.project.database?.reset !== undefined) return ownScript
  return prepared(input, async (inputs) => {
    const session = await openDatabaseSession({connection: claim.connection, name: 'STAGING'})
    try {
      return await rolledBack(session, input, inputs)
    } finally {
      await session.close()
    }
  })
}

async function prepared(
  input: Rehearsal,
  then: (inputs: ResetInputs) => Promise<Judgement>,
): Promise<Judgement> {
  const folder = await mkdtemp(join(tmpdir(), 'postgate-rehearsal-'))
  try {
    await refuseTransactionPool(input.claim.connection, 'STAGING')
    await extract(input.tools, input.commit, folder)
    const inputs = await prepare(input, folder)
    return 'verdict' in inputs ? inputs : await then(inputs)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const {what, why, next, exit} = error.parts
    // Another session that holds a table says nothing of the reset.
    const verdict = exit === 3 ? unknown : fail
    return verdict(
      why === undefined ? what : joined([what, why], ' '),
      next === undefined ? {} : {next},
    )
  } finally {
    await rm(folder, {recursive: true, force: true})
  }
}

/** What a reset reads of the checkpoint, as it stands in git: no worktree is made for a plan. */
async function extract(
  {world, project}: Rehearsal['tools'],
  commit: string,
  folder: string,
): Promise<void> {
  const {migrations, seed} = project.database ?? {}
  const paths = [
    ...(migrations === undefined ? [] : await sqlFiles(world.repository, commit, migrations)),
    ...(seed === undefined ? [] : [seed]),
  ]
  // A folder that is not in the commit is said to be missing by who reads it.
  if (migrations !== undefined && (await world.repository.listFiles(commit, migrations)).length > 0)
    await mkdir(join(folder, migrations), {recursive: true})
  await inParallel(paths, 8, async (path) => {
    const text = await world.repository.showFile(commit, path)
    if (text === null) return // reading it there says so
    await mkdir(dirname(join(folder, path)), {recursive: true})
    await writeFile(join(folder, path), text)
  })
}

async function sqlFiles(repository: Repository, commit: string, folder: string): Promise<string[]> {
  const listed = await repository.listFiles(commit, folder)
  return listed
    .map((path) => (path.startsWith(`${folder}/`) ? path : join(folder, path)))
    .filter((path) => path.endsWith('.sql'))
}

/** The inputs of the reset; a judgement where the server has no room for its locks. */
async function prepare(input: Rehearsal, folder: string): Promise<ResetInputs | Judgement> {
  const {tools, claim, product} = input
  const reader = await openReader({connection: claim.connection, name: 'STAGING'})
  try {
    return await reader.look(async (session) => {
      const marker = await readMarker(session, claim, 'staging')
      if (marker.verdict !== 'pass') return marker
      const locks = await judgeLocks(session)
      if (locks.verdict !== 'pass') return locks
      const last = (await lastReset(session))?.seconds
      const parts: readonly Text[] = [
        locks.observed,
        last === undefined
          ? {fr: 'durée inconnue', en: 'duration unknown'}
          : {fr: `le dernier reset a duré ${last} s`, en: `the last reset took ${last} s`},
        {
          fr: `les tables de public sont verrouillées pendant toute la répétition ; une table qui reste tenue ${lockSeconds} s y met fin`,
          en: `the tables of public are locked for the whole rehearsal; a table that stays held for ${lockSeconds} s ends it`,
        },
      ]
      input.say({
        fr: parts.map((part) => inLang(part, 'fr')).join(' ; '),
        en: parts.map((part) => inLang(part, 'en')).join('; '),
      })
      return readResetInputs({
        ...{session, product, project: tools.project},
        ...{root: tools.world.project, checkpoint: folder},
        environment: tools.world.environment,
      })
    })
  } finally {
    await reader.close()
  }
}

async function rolledBack(
  session: DatabaseSession,
  {claim, product, say}: Rehearsal,
  inputs: ResetInputs,
): Promise<Judgement> {
  const began = performance.now()
  const {outcome} = await inTransaction(session, 'rollback', () =>
    wholeReset({session, claim, environment: 'staging', product, inputs, say}),
  )
  const seconds = Math.max(1, Math.round((performance.now() - began) / 1000))
  const kept = Object.keys(outcome.references).length
  const rest = bilingual(inputs.cli === null ? '' : beyond)
  const holds = {
    fr: 'le reset et ses preuves tiennent :',
    en: 'the reset and its proofs hold:',
  }
  const undone = {
    fr: `en ${seconds} s ; tout est annulé${rest.fr}`,
    en: `in ${seconds} s; all of it was rolled back${rest.en}`,
  }
  return pass(words`${holds} ${resetSize({...outcome, references: kept})}, ${undone}`)
}

const beyond: Text = {
  fr: ' ; ce que supabase db push ajoutera n’en fait pas partie',
  en: '; what supabase db push will add is no part of it',
}

const ownScript: Judgement = unknown(
  {
    fr: 'le reset est un script du projet (database.reset) : il ne se répète pas',
    en: 'the reset is the project’s own script (database.reset): it cannot be rehearsed',
  },
  {
    next: {
      fr: 'retirer --rehearse, ou laisser Postgate faire le reset (sans database.reset)',
      en: 'leave --rehearse out, or let Postgate reset (without database.reset)',
    },
  },
)
