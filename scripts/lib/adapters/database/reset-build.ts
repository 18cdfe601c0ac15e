// Builds `public` anew inside a reset's transaction: emptied with PROD's default privileges, then files or
// the shape itself, then grants, and the proof that nothing differs from PROD.

import type {Text} from '../../domain/text.ts'
import {ddlStatements} from './ddl.ts'
import {defaultStatements, grantStatements, outsideStatements} from './grants.ts'
import {runFile, runInAnyOrder, type SqlFile} from './migrations.ts'
import type {Product} from './project-ref.ts'
import type {ResetInputs} from './reset-inputs.ts'
import {stopped} from './reset-proofs.ts'
import type {Session} from './session.ts'
import type {Shape} from './shape.ts'
import {compareShapes, describeDifferences} from './shape-compare.ts'
import {takeShape} from './take-shape.ts'

/** Default privileges of these roles can only be set by the vendor. */
export const beyondReach = (product: Product): readonly string[] =>
  product === 'supabase' ? ['supabase_admin'] : []

/** Settings of the session, as every file finds them: pg_dump's output leaves an empty search_path behind. */
export function settler(session: Session): () => Promise<void> {
  return async () => {
    await session.client.query(`
      reset all; reset role;
      set TimeZone = 'UTC'; set DateStyle = 'ISO, YMD'; set IntervalStyle = 'postgres'; set bytea_output = 'hex';
      set row_security = off; set client_min_messages = 'warning'; set check_function_bodies = on;
      set statement_timeout = 0; set idle_in_transaction_session_timeout = 0; set lock_timeout = '20s'`)
  }
}

/** Default privileges first: what the migrations create is granted as it is in PROD. */
export async function dropPublic(session: Session, shape: Shape, product: Product): Promise<void> {
  await session.client.query('drop schema if exists public cascade; create schema public')
  for (const statement of defaultStatements(shape, null, beyondReach(product))) {
    await session.client.query(statement)
  }
  const fresh = await takeShape(session, shape.source, {nested: true})
  const extensions = shape.extensions.map(
    (name) => `create extension if not exists "${name}" with schema public`,
  )
  for (const statement of [...grantStatements(onlySchema(shape), fresh), ...extensions]) {
    await session.client.query(statement)
  }
}

const onlySchema = (shape: Shape): Shape => ({
  ...shape,
  enums: {},
  composites: {},
  domains: {},
  sequences: {},
  tables: {},
  views: {},
  functions: {},
})

export function createBuild(tools: {
  session: Session
  inputs: ResetInputs
  product: Product
  settle: () => Promise<void>
}) {
  const {session, inputs, product, settle} = tools
  const kept: string[] = []
  return {
    kept,
    run: async (files: readonly SqlFile[] | 'shape') => {
      if (files === 'shape') {
        await session.client.query('set check_function_bodies = off')
        await runInAnyOrder(session, ddlStatements(inputs.shape))
        return settle()
      }
      for (const file of files) kept.push(...(await runFile(session, file, settle)))
    },
    /** Grants and what hangs elsewhere, then the proof that nothing differs from PROD. */
    likeProduction: async () => {
      const actual = await takeShape(session, inputs.shape.source, {nested: true})
      const reach = beyondReach(product)
      const statements = [
        ...outsideStatements(inputs.shape, actual),
        ...grantStatements(inputs.shape, actual),
        ...defaultStatements(inputs.shape, actual, reach),
      ]
      for (const statement of statements) await session.client.query(statement)
      const result = await takeShape(session, inputs.shape.source, {nested: true})
      const differences = compareShapes(inputs.shape, result, {beyondReach: reach})
      if (differences.length > 0) throw unlike(describeDifferences(differences))
    },
  }
}

function unlike(differences: Text) {
  return stopped(differences, {
    fr: 'les migrations ne redonnent pas le schéma de PROD : les compléter, ou reprendre le schéma (npx zx scripts/snapshot.ts)',
    en: 'the migrations do not give the shape of PROD: complete them, or take the shape again (npx zx scripts/snapshot.ts)',
  })
}
