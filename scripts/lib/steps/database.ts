// What the phases ask of the database: empty, complete, protected, of PROD's shape, and whose it is.

import {inLang, type Text} from '../domain/text.ts'
import {fail, type Judgement, pass, unknown} from '../domain/verdict.ts'
import type {CommandResult} from '../guard/effect.ts'
import type {Context} from '../kit/context.ts'
import type {Database} from '../kit/ports/database.ts'
import {askDatabase, withoutDatabase} from '../proofs/database.ts'

const referencesOf = ({project}: Context) => project.database?.reference ?? []

/** Step `tables-empty`. */
export async function tablesEmpty(context: Context): Promise<Judgement> {
  return askDatabase(context, (database) => database.tablesEmpty(referencesOf(context)))
}

/** Step `views-present`. */
export async function viewsPresent(context: Context): Promise<Judgement> {
  return askDatabase(context, (database) => database.viewsPresent())
}

/** Step `references-intact`: the rows that were counted and summed before the reset. */
export async function referencesIntact(context: Context): Promise<Judgement> {
  const none = withoutDatabase(context)
  if (none !== null) return none
  const before = context.fact('database-before')
  if (before === undefined) {
    return unknown({
      fr: 'l’état d’avant le reset n’a pas été relevé',
      en: 'the state before the reset was not noted',
    })
  }
  const wanted = referencesOf(context)
  const kept = Object.entries(before.tables).filter(([name]) => wanted.includes(name))
  return (await context.adapters.database()).referencesIntact(Object.fromEntries(kept))
}

/** Step `row-security`. */
export async function rowSecurity(context: Context): Promise<Judgement> {
  return askDatabase(context, (database) => database.rowSecurity())
}

/** Step `schema-conforms`. */
export async function sameShape(context: Context): Promise<Judgement> {
  return askDatabase(context, (database) => database.sameShape())
}

/** Step `reset-database`, `done`: one transaction, so the database is either as before or as wanted. */
export async function resetDone(
  context: Context,
  _parameters: Record<string, unknown> = {},
  commands: readonly CommandResult[] | null = null,
): Promise<Judgement> {
  return askDatabase(context, (database) =>
    firstProblem([
      () => resetByThisRun(context, database, commands),
      () => database.tablesEmpty(referencesOf(context)),
      () => database.sameShape(),
    ]),
  )
}

/** An empty database proves no reset: it may have been empty before. The mark left inside does. */
async function resetByThisRun(
  {run, project}: Context,
  database: Database,
  commands: readonly CommandResult[] | null,
): Promise<Judgement> {
  const own = project.database?.reset !== undefined
  const failed = own && commands !== null && commands.at(-1)?.exitCode !== 0
  const last = failed ? null : await database.lastReset()
  // Whose it is, not when it was.
  if (last?.run === run().run) return pass({fr: 'remise à vide', en: 'reset'})
  if (own) return byOwnScript(commands)
  return fail({
    fr: 'la base ne porte pas la marque d’un reset de cette exécution',
    en: 'the database does not carry the mark of a reset by this run',
  })
}

/** The mark is left once the script has ended with 0 and STAGING was proven: without it, how did it end? */
function byOwnScript(commands: readonly CommandResult[] | null): Judgement {
  const ended = commands?.at(-1)
  if (ended === undefined) {
    return unknown(
      {
        fr: 'personne n’a vu finir le script du projet',
        en: 'nobody saw the project’s own script end',
      },
      {
        attestable: {},
        next: {
          fr: 'regarder ce que le script a fait de STAGING, et attester s’il est allé à son terme',
          en: 'look at what the script did to STAGING, and attest whether it ran to its end',
        },
      },
    )
  }
  return fail(
    ended.exitCode === 0
      ? {
          fr: 'ce que le script du projet a fait de STAGING n’est pas prouvé',
          en: 'what the project’s own script made of STAGING is not proven',
        }
      : {
          fr: 'le script du projet n’a pas abouti, quel que soit l’état de la base',
          en: 'the project’s own script did not succeed, whatever the database looks like',
        },
  )
}

/** Step `database-clean`: before the first smoke test, which itself writes. */
export async function databaseClean(context: Context): Promise<Judgement> {
  return tablesEmpty(context)
}

/** Step `database-after`: only the tables that postgate.yaml names may have changed. */
export async function onlyAllowedTablesDiffer(context: Context): Promise<Judgement> {
  const references = referencesOf(context)
  const allowed = [...references, ...(context.project.database?.mayChange ?? [])]
  return askDatabase(context, async (database) => {
    const judgement = await firstProblem([
      () => database.tablesEmpty(allowed),
      () => referencesIntact(context),
      () => database.sameShape(),
      () => database.rowSecurity(),
    ])
    if (judgement.verdict !== 'pass') return judgement
    const tables = await database.tables({checksums: references})
    return {...judgement, facts: {'database-after': {tables}}}
  })
}

/** The first judgement that does not pass, else all of them in one. */
async function firstProblem(questions: readonly (() => Promise<Judgement>)[]): Promise<Judgement> {
  const seen: Text[] = []
  for (const question of questions) {
    const judgement = await question()
    if (judgement.verdict !== 'pass') return judgement
    seen.push(judgement.observed)
  }
  if (seen.length === 0) return fail('')
  const said = (lang: 'fr' | 'en') => seen.map((text) => inLang(text, lang)).join(' ; ')
  return pass({fr: said('fr'), en: said('en')})
}
