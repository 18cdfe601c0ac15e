// Asks the database, where the project has one.

import type {Judgement} from '../domain/verdict.ts'
import type {Context} from '../kit/context.ts'
import type {Database} from '../kit/ports/database.ts'
import {withoutDatabase} from './without-database.ts'

/** The database's answer; where the project has none, a person's: nothing passes for want of one. */
export async function ofDatabase(
  context: Context,
  question: (database: Database) => Promise<Judgement>,
): Promise<Judgement> {
  return withoutDatabase(context) ?? question(await context.adapters.database())
}
