// The whole reset and its proofs on the real STAGING, in a transaction that is rolled back: what phase 2 would
// refuse is known before the first tag, and nothing is dropped.

import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {Problem} from '../../domain/problem.ts'
import {bilingual, inLang, join as joined, type Text} from '../../domain/text.ts'
import {fail, type Judgement, pass, unknown} from '../../domain/verdict.ts'
import type {AdapterTools} from '../../kit/adapter-tools.ts'
import type {Repository} from '../../store/git/repository.ts'
import {type Claim, readMarker} from './identity.ts'
import {judgeLocks} from './locks.ts'
import {refuseTransactionPool} from './pool.ts'
import type {Product} from './project-ref.ts'
import {inTransaction, wholeReset} from './reset.ts'
import {lockSeconds} from './reset-build.ts'
import {type ResetInputs, readResetInputs} from './reset-inputs.ts'
import {lastReset} from './reset-record.ts'
import {type DatabaseSession, openDatabaseSession, openReader} from './session.ts'

export interface Rehearsal {
  readonly tools: Pick<AdapterTools, 'world' | 'project'>
  readonly claim: Claim
  readonly product: Product
  /** Whose migrations and seed are run. */
  readonly commit: string
  readonly say: (line: Text) => void
}

/** Throws nothing for what a reset can refuse: that is the answer. Says beforehand what it will hold. */
export async function rehearse(input: Rehearsal): Promise<Judgement> {
  const {claim, tools} = input
  if (tools.project.database?.reset !== undefined) return ownScript
  const name = 'STAGING'
  const folder = await mkdtemp(join(tmpdir(), 'postgate-rehearsal-'))
  try {
    await refuseTransactionPool(claim.connection, name)
    await extract(tools, input.commit, folder)
    const prepared = await prepare(input, folder)
    if ('verdict' in prepared) return prepared
    const session = await openDatabaseSession({connection: claim.connection, name})
    try {
      return await rolledBack(session, input, prepared)
    } finally {
      await session.close()
    }
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
  if (migrations !== undefined) await mkdir(join(folder, migrations), {recursive: true})
  for (const path of paths) {
    const text = await world.repository.showFile(commit, path)
    if (text === null) continue // reading it there says so
    await mkdir(dirname(join(folder, path)), {recursive: true})
    await writeFile(join(folder, path), text)
  }
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
  return pass({
    fr: `le reset et ses preuves tiennent : ${outcome.tables} tables, ${outcome.migrations} migrations, ${kept} référentiels, en ${seconds} s ; tout est annulé${rest.fr}`,
    en: `the reset and its proofs hold: ${outcome.tables} tables, ${outcome.migrations} migrations, ${kept} reference tables, in ${seconds} s; all of it was rolled back${rest.en}`,
  })
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
