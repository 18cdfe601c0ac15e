// A project that describes no database: what asks for one is unknown, and only a person can say why it
// does not matter here.

import {type Judgement, unknown} from '../domain/verdict.ts'
import type {Context} from '../kit/context.ts'
import type {Database} from '../kit/ports/database.ts'

/** null where the project describes a database. */
export function withoutDatabase({project}: Pick<Context, 'project'>): Judgement | null {
  if (project.database !== undefined) return null
  return unknown(
    {
      fr: 'postgate.yaml ne décrit aucune base de données',
      en: 'postgate.yaml describes no database',
    },
    {
      attestable: {declares: 'no-database'},
      next: {
        fr: 'répondre pourquoi ce point est sans objet, ou décrire la base dans postgate.yaml',
        en: 'answer why this does not apply, or describe the database in postgate.yaml',
      },
    },
  )
}

/** The database's answer; where the project has none, a person's: nothing passes for want of one. */
export async function askDatabase(
  context: Context,
  question: (database: Database) => Promise<Judgement>,
): Promise<Judgement> {
  return withoutDatabase(context) ?? question(await context.adapters.database())
}
