// The command behind scripts/reset_staging.sh: guards, inputs, reset, proof.

import {resolve} from 'node:path'
import {readClaim, readMarker} from '../../adapters/database/identity.ts'
import {claimInput} from '../../adapters/database/open-database.ts'
import {refuseTransactionPool} from '../../adapters/database/pool.ts'
import {resetDatabase} from '../../adapters/database/reset.ts'
import {readResetInputs} from '../../adapters/database/reset-inputs.ts'
import {openDatabaseSession, openReader} from '../../adapters/database/session.ts'
import {readShape} from '../../adapters/database/shape-file.ts'
import {pushMigrations} from '../../adapters/database/supabase-cli.ts'
import {toolArguments} from '../../base/tool-arguments.ts'
import {problem} from '../../domain/problem.ts'
import type {Project} from '../../domain/project.ts'
import {inLang, type Text} from '../../domain/text.ts'
import {setFinalMask} from '../../guard/final-message.ts'
import {createMask} from '../../guard/mask.ts'
import {type EnvFile, readEnvFile} from '../../policy/env-file.ts'
import {findProject, loadProject} from '../../policy/project-file.ts'
import {secretsOf} from '../../policy/secrets.ts'
import {resetSize} from '../../words/observed.ts'

const guards = {
  CONFIRM_STAGING_RESET: 'I_UNDERSTAND_THIS_WILL_DROP_PUBLIC',
  ALLOW_STAGING_RESET: 'true',
} as const

/** Resets STAGING. Throws a `Problem`: 3 refused (nothing was dropped), 2 unreadable, 1 failed and rolled back. */
export async function resetStaging(
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  refuseWithoutGuards(environment)
  const {root, project} = await projectOf(words, environment)
  const product = project.database?.adapter ?? 'supabase'
  const file = project.environments.staging.envFile
  const env = await readEnvFile(resolve(root, file), file)
  const other = project.environments.production
  const otherEnv =
    other === undefined ? null : await readEnvFile(resolve(root, other.envFile), other.envFile)
  const mask = createMask(await secretsOf(root, project, environment))
  setFinalMask(mask)
  const say = (line: Text) => process.stdout.write(`${mask.mask(inLang(line, 'fr'))}\n`)
  const committed = await readShape(root, project.database?.shape ?? 'database/shape.sql')
  const claim = readClaim(
    await claimInput(
      {project, environment: 'staging', env, otherEnv: otherEnv?.exists ? otherEnv : null},
      product,
      async () => committed,
    ),
  )
  if (!claim.ok) throw refused(claim.judgement.observed, claim.judgement.next)
  refuseOtherValues(project, env, environment)
  const {connection} = claim.value
  const inputsOf = async () => {
    const reader = await openReader({connection, name: 'STAGING'})
    try {
      return await reader.look(async (session) => {
        const marker = await readMarker(session, claim.value, 'staging')
        if (marker.verdict !== 'pass') throw refused(marker.observed, marker.next)
        return readResetInputs({
          session,
          project,
          root,
          committed,
          checkpoint: environment.POSTGATE_WORKTREE || root,
          product,
          environment,
        })
      })
    } finally {
      await reader.close()
    }
  }
  await refuseTransactionPool(connection, 'STAGING')
  const inputs = await inputsOf()
  const session = await openDatabaseSession({connection, name: 'STAGING'})
  try {
    const outcome = await resetDatabase({
      session,
      claim: claim.value,
      environment: 'staging',
      product,
      inputs,
      ...{run: environment.POSTGATE_RUN, at: environment.POSTGATE_AT},
      push: (work) => pushMigrations({connection, work, environment}),
      say,
    })
    const size = resetSize({...outcome, references: Object.keys(outcome.references).length})
    say({
      fr: `STAGING remise à vide : ${inLang(size, 'fr')}`,
      en: `STAGING reset: ${inLang(size, 'en')}`,
    })
    return 0
  } finally {
    await session.close()
  }
}

/** Only the command line's own environment can give them: the env file is never asked, so it cannot. */
function refuseWithoutGuards(environment: Readonly<Record<string, string | undefined>>): void {
  for (const [name, wanted] of Object.entries(guards)) {
    if (environment[name] === wanted) continue
    throw refused(
      {
        fr:
          environment[name] === undefined
            ? `${name} manque`
            : `${name} vaut « ${environment[name]} »`,
        en:
          environment[name] === undefined
            ? `${name} is missing`
            : `${name} is “${environment[name]}”`,
      },
      `${name}=${wanted}`,
    )
  }
}

/** Who exports another URL than the file's means another database: neither is taken. */
function refuseOtherValues(
  project: Project,
  env: EnvFile,
  environment: Readonly<Record<string, string | undefined>>,
): void {
  const keys = project.environments.staging.database
  const names = [keys?.url, keys?.ref].flatMap((name) => (name ?? '').split('|'))
  for (const name of names.map((key) => key.trim())) {
    const given = environment[name]
    if (given === undefined || given === env.get(name)) continue
    throw refused(
      {
        fr: `${name} de l’environnement n’est pas celle de ${env.path}`,
        en: `${name} of the environment is not the one of ${env.path}`,
      },
      {fr: `unset ${name}, ou corriger ${env.path}`, en: `unset ${name}, or correct ${env.path}`},
    )
  }
}

async function projectOf(
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<{root: string; project: Project}> {
  const {values} = toolArguments(words, {from: {type: 'string'}})
  const from = values.from ?? process.cwd()
  const given = values.project ?? environment.POSTGATE_PROJECT
  const root = await findProject(from, given)
  return {root, project: await loadProject(root)}
}

function refused(why: Text, next?: Text) {
  return problem({
    what: {
      fr: 'Le reset de STAGING est refusé : rien n’a été supprimé.',
      en: 'The reset of STAGING is refused: nothing was dropped.',
    },
    why,
    ...(next !== undefined && {next}),
    exit: 3,
  })
}
